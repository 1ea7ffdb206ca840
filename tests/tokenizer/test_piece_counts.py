"""Split ratio and unk portion against counts by hand."""

from __future__ import annotations

import pytest

from understudy.tokenizer.measures import PieceCounts, count_by_language, count_pieces
from understudy.tokenizer.subwords import Subwords


def test_ratio_and_portion() -> None:
    counts = PieceCounts(pieces=6, words=4, unknown=3)
    assert (counts.split_ratio, counts.unk_portion) == (1.5, 0.5)
    assert counts + counts == PieceCounts(12, 8, 6)
    assert (PieceCounts().split_ratio, PieceCounts().unk_portion) == (0.0, 0.0)


def test_counts_of_texts(subwords: Subwords) -> None:
    # "☃☃" is one unknown piece behind the piece of its space.
    assert count_pieces(subwords, ["☃☃", "☃"], "en") == PieceCounts(pieces=4, words=2, unknown=2)
    assert count_pieces(subwords, ["明日の"], "ja").words == 2


def test_languages_are_counted_apart_and_over_all_batches(subwords: Subwords) -> None:
    batches = [(["wake me", "明日", "☃"], ["en", "ja", "en"]), (["wake"], ["en"])]
    counts = count_by_language(subwords, batches)
    assert list(counts) == ["en", "ja"]
    assert counts["en"] == count_pieces(subwords, ["wake me", "☃", "wake"], "en")
    assert counts["en"].words == 4
    assert counts["en"].unk_portion == pytest.approx(1 / counts["en"].pieces)

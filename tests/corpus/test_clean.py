"""Row by row: reasons for dropping, and a stable choice of spoken or written form."""

from __future__ import annotations

import pytest

from understudy.corpus import clean as cleaning
from understudy.corpus.clean import Cleaned, Rules
from understudy.corpus.draw import SPAN, below, draw, key


@pytest.fixture(autouse=True)
def _stub_spoken(monkeypatch) -> None:
    monkeypatch.setattr(cleaning, "spoken", lambda text, locale: text.lower().strip("!").strip())


DRAWN = 17342495971884699680
ALL, NONE = Rules(0, 1.0, 5), Rules(0, 0.0, 5)


def test_by_hand() -> None:
    assert ALL.clean("Go on!", "en", "public") == Cleaned("go on", 2, True, "")
    assert NONE.clean("Go on!", "en", "public") == Cleaned("Go on!", 2, False, "")
    assert ALL.clean("!!", "en", "public") == Cleaned("", 0, False, "empty")
    assert NONE.clean("", "en", "in_domain") == Cleaned("", 0, False, "empty")


def test_in_domain_is_never_converted_and_short_utterances_go() -> None:
    assert ALL.clean("One two three four!", "en-US", "in_domain") == Cleaned("", 0, False, "short")
    assert ALL.clean("A b c d E!", "en-US", "in_domain") == Cleaned("A b c d E!", 5, False, "")
    # Japanese has no spaces: ten characters count as five words, eight as four.
    assert ALL.clean("今日の天気を教えてね", "ja-JP", "in_domain").dropped == ""
    assert ALL.clean("今日の天気教えて", "ja-JP", "in_domain").dropped == "short"


def test_the_spoken_share_is_met_and_stable() -> None:
    rules = Rules(7, 0.7, 0)
    first = [rules.clean(f"Sentence {i}", "en", "public").spoken for i in range(20_000)]
    assert sum(first) / 20_000 == pytest.approx(0.7, abs=0.01)
    assert first == [Rules(7, 0.7, 3).clean(f"Sentence {i}", "en", "public").spoken for i in range(20_000)]
    other = [Rules(8, 0.7, 0).clean(f"Sentence {i}", "en", "public").spoken for i in range(20_000)]
    assert first != other


def test_a_larger_share_only_adds_sentences() -> None:
    small, large = (
        [Rules(0, s, 0).clean(f"S {i}", "en", "public").spoken for i in range(500)] for s in (0.3, 0.6)
    )
    assert all(b for a, b in zip(small, large, strict=True) if a)


def test_draws_are_pinned_so_that_corpora_stay_the_same_from_version_to_version() -> None:
    assert draw("hello", key(0, "split")) == DRAWN
    assert 0 <= DRAWN < SPAN
    assert draw("hello", key(0, "spoken")) != DRAWN
    assert (below(0.0), below(1.0)) == (0, SPAN)

"""n-grams of many texts at once against the obvious way, one text at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.corpus.ngrams import grams, plain

WORDS = st.lists(st.sampled_from(["a", "b", "ab", "é", "日本", "abc"]), max_size=9).map(" ".join)


@pytest.mark.parametrize(
    ("text", "language", "due"),
    [
        ("Don't stop, it's 7:30!", "en", "dont stop its 7 30"),
        ("dont STOP its 7 30", "en", "dont stop its 7 30"),
        ("well-known “word” — x_y", "en", "well known word x y"),
        ("Cafe\u0301 ＡＢＣ", "fr", "café abc"),
        ("क्षि, त्रि।", "hi", "क्षि त्रि"),  # marks are no punctuation
        ("zero\u200bwidth", "en", "zerowidth"),
        ("今日、 晴れ。ABC", "ja", "今日晴れabc"),
        ("up 🎉 up 𝄞", "en", "up up"),
        ("... !", "en", ""),
    ],
)
def test_what_is_compared(text: str, language: str, due: str) -> None:
    assert plain(text, language) == due


def obvious(text: str, language: str, n: int) -> list[tuple[str, ...]]:
    tokens = list(text) if language == "ja" else text.split()
    if not tokens:
        return []
    return [tuple(tokens[i : i + n]) for i in range(max(1, len(tokens) - n + 1))]


@given(texts=st.lists(WORDS, max_size=8), n=st.integers(1, 6), language=st.sampled_from(["en", "ja"]))
def test_equal_n_grams_have_equal_hashes_and_others_do_not(texts: list[str], n: int, language: str) -> None:
    texts = [plain(text, language) for text in texts]
    found = grams(texts, language, n)
    due = [obvious(text, language, n) for text in texts]
    assert found.counts.tolist() == [len(runs) for runs in due]
    flat = [run for runs in due for run in runs]
    assert len(found.hashes) == len(flat)
    assert len(set(zip(flat, found.hashes.tolist(), strict=True))) == len(set(flat))
    assert len(set(found.hashes.tolist())) == len(set(flat))


def test_hashes_do_not_hang_on_the_batch() -> None:
    texts = ["one two three", "x", "two three four five"]
    together = grams(texts, "en", 2).hashes
    apart = np.concatenate([grams([text], "en", 2).hashes for text in texts])
    assert together.tolist() == apart.tolist()


def test_hashes_are_pinned_so_that_corpora_stay_the_same_from_version_to_version() -> None:
    assert grams(["one two three"], "en", 2).hashes.tolist() == PINNED["en"]
    assert grams(["日本語"], "ja", 2).hashes.tolist() == PINNED["ja"]


PINNED = {
    "en": [7814788214462909644, 4916560943808513727],
    "ja": [18366508059832473170, 3538732348258812789],
}

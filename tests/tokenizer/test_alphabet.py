"""Which characters must be pieces: against counting by hand, and against SentencePiece."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from understudy.tokenizer.alphabet import choose, count_characters, covered, unknown_runs
from understudy.tokenizer.train import train

COUNTS = Counter({"a": 90, "b": 6, "c": 2, "d": 1, "e": 1})


def test_characters_are_counted_without_spaces() -> None:
    assert count_characters(["ab a\n", "b\n"]) == {"a": 2, "b": 2}


def test_coverage_counts_as_sentencepiece_does(tmp_path: Path) -> None:
    text = ["a" * 90 + "b" * 6 + "c" * 2 + "de"] * 20
    ranked = list("abcde")
    assert [covered(COUNTS, ranked, c) for c in (0.9, 0.95, 0.96, 0.97, 0.98, 0.99, 1.0)] == [
        1,
        2,
        2,
        3,
        3,
        4,
        5,
    ]
    subwords, _ = train(text, 12, "", 0, tmp_path)
    assert set("abcde") <= set(subwords.pieces)


def test_neighbours_make_one_unknown_piece(tmp_path: Path) -> None:
    assert unknown_runs(["xay", "xxa", "a"], {"a"}) == 3
    assert unknown_runs(["ab", "c"], set()) == 2
    subwords, _ = train(["aab aba ba"] * 20, 10, "", 0, tmp_path)
    words = ["a☃b", "☃☂", "ab", "☃a☂☃"]
    ids = subwords.ids([" ".join(words)])[0]
    assert ids.count(subwords.unk_id) == unknown_runs(words, set("ab")) == 4


def test_the_smallest_alphabet_that_will_do() -> None:
    texts = ["abc ad e", "d de x"]  # beyond a, b: c, d, e, "d", "de", x
    for allowed, added, unknown in ((6, "", 6), (5, "c", 5), (4, "cd", 3), (2, "cde", 1), (0, "cde", 1)):
        found = choose(COUNTS, 0.96, "", texts, allowed)
        assert (found.added, found.unknown) == (added, unknown), allowed
    assert [choose(COUNTS, 0.96, "xd", texts, n).added for n in (3, 2)] == ["", "c"]


@given(st.lists(st.text("abcdefgh ", max_size=8), max_size=6), st.integers(0, 12))
def test_one_character_less_would_not_do(texts: list[str], allowed: int) -> None:
    found = choose(COUNTS, 0.9, "", texts, allowed)
    words = [word for text in texts for word in text.split()]
    assert unknown_runs(words, {"a", *found.added}) == found.unknown
    if found.unknown <= allowed and found.added:
        assert unknown_runs(words, {"a", *found.added[:-1]}) > allowed
    elif found.unknown > allowed:
        assert {"a", *found.added} == set("abcde")

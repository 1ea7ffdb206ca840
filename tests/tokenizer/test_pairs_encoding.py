"""Rows of one text or two, and what is cut of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.tokenizer.pairs import encode_pairs, shares
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train


def a_piece_at_a_time(first: int, second: int, room: int) -> tuple[int, int]:
    while first + second > room:
        if first > second:
            first -= 1
        else:
            second -= 1
    return first, second


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 60))
def test_the_longer_text_loses_its_end(first: int, second: int, room: int) -> None:
    assert shares(first, second, room) == a_piece_at_a_time(first, second, room)


@pytest.fixture(scope="module")
def subwords(tmp_path_factory: pytest.TempPathFactory) -> Subwords:
    folder = tmp_path_factory.mktemp("tokenizer")
    train(["the cat sat on the mat", "a dog ran to the cat"] * 3, 20, "", 0, folder)
    return Subwords.load(folder)


def test_a_pair_stands_as_roberta_has_it(subwords: Subwords) -> None:
    a, b = (subwords.encode(text).ids[1:-1] for text in ("the cat", "a dog ran"))
    rows = encode_pairs(subwords, ["the cat", "the cat"], ["a dog ran", None], 100)
    assert rows.ids == [[0, *a, 2, 2, *b, 2], [0, *a, 2]]
    assert rows.cut == 0


def test_rows_that_are_cut_are_counted(subwords: Subwords) -> None:
    long, short = "the cat sat on the mat", "a dog"
    a, b = (subwords.encode(text).ids[1:-1] for text in (long, short))
    limit = 4 + len(b) + 1  # room for one piece more than the short text has
    left, right = shares(len(a), len(b), limit - 4)
    rows = encode_pairs(subwords, [long, long, short, short], [short, None, long, None], limit)
    assert rows.ids == [
        [0, *a[:left], 2, 2, *b[:right], 2],
        [0, *a[: limit - 2], 2],
        [0, *b[: limit - 4 - (limit - 4) // 2], 2, 2, *a[: (limit - 4) // 2], 2],
        [0, *b, 2],
    ]
    assert rows.cut == 3

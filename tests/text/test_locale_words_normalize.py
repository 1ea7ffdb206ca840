"""Locales, words and units, white space."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.text.locale import LANGUAGES, Locale
from understudy.text.normalize import fold
from understudy.text.words import count_words, starts_unit


@pytest.mark.parametrize("name", ["en-US", "pt-BR", *LANGUAGES])
def test_a_locale_reads_back_as_written(name: str) -> None:
    assert str(Locale.parse(name)) == name


@pytest.mark.parametrize(
    ("name", "hint"),
    [("en_us", "'en-US'"), ("EN", "'en'"), ("english", "en-US"), ("", "en-US"), ("../x", "en-US")],
)
def test_a_wrong_locale_is_told_the_right_spelling(name: str, hint: str) -> None:
    with pytest.raises(UserError, match=hint):
        Locale.parse(name)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("set an  alarm", "en", 3),
        ("", "en", 0),
        ("", "ja", 0),
        ("今", "ja", 1),
        ("午前五時に", "ja", 3),
        ("午前 五時", "ja", 2),
        ("मुझे जगाओ", "hi", 2),
    ],
)
def test_words_are_counted(text: str, language: str, words: int) -> None:
    assert count_words(text, language) == words


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("wake me up", [0, 5, 8]),
        ("午前5時 TVを", [0, 1, 2, 3, 5, 7]),
        ("मुझे जगाओ", [0, 5]),
        ("か\u3099く", [0, 2]),  # a voicing mark belongs to its kana
        ("ไม่ดี", [0, 1, 3]),
        ("ひらカナ半ｶﾅ", [0, 1, 2, 3, 4, 5, 6]),
        ("𠮷野", [0, 1]),
    ],
)
def test_units_begin_at(text: str, starts: list[int]) -> None:
    assert [i for i in range(len(text)) if starts_unit(text, i)] == starts


@given(st.text())
def test_folding_leaves_single_spaces_and_settles(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded.split(" ") == folded.split() or folded == ""


def test_folding_keeps_joiners_and_drops_what_cannot_be_written() -> None:
    assert fold("\ufeff a\u00a0\u3000b\n\tक्\u200dष\x00 \ud800 ") == "a b क्\u200dष"

"""What the spoken form does in any language: letters, punctuation, locales."""

from __future__ import annotations

import pytest

from understudy.core.errors import UserError
from understudy.text.spoken import has_rules, spoken
from understudy.text.spoken.plain import plain, spoken_letters


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("Wie spät ist's? Um 7 Uhr!", "wie spät ist's um 7 uhr"),
        ("L’heure, «rendez-vous» - 5 €", "l'heure rendez-vous 5"),
        ("मुझे, जगाओ।", "मुझे जगाओ"),
        ("「今日」の天気は？", "今日 の天気は"),
        ("क्\u200dष", "क्\u200dष"),
        ("", ""),
    ],
)
def test_plain_text_loses_case_and_punctuation_only(written: str, due: str) -> None:
    assert plain(written) == due


def test_letters_read_one_by_one_keep_their_stops() -> None:
    assert spoken_letters("At 5 a. m., A. B. Smith.") == "at 5 a. m. a. b. smith"


def test_a_language_without_rules_keeps_its_digits() -> None:
    assert not has_rules("sv")
    assert spoken("Klockan 7, tack!", "sv-SE") == "klockan 7 tack"


def test_a_locale_that_is_none_is_refused() -> None:
    with pytest.raises(UserError, match="en-US"):
        spoken("hello", "english")

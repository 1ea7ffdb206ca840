"""What holds of the spoken form of any text, in every language with rules."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.text.locale import LANGUAGES
from understudy.text.spoken import has_rules, spoken

LOCALES = ("ar-SA", "de-DE", "en-US", "en-GB", "es-ES", "es-MX", "fr-FR", "hi-IN", "it-IT", "ja-JP", "mr-IN",
           "pt-PT", "pt-BR", "ta-IN", "te-IN")  # fmt: skip
SCRIPTS = {"ar": "ARABIC", "hi": "DEVANAGARI", "mr": "DEVANAGARI", "ta": "TAMIL", "te": "TELUGU",
           "ja": ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")}  # fmt: skip

PIECES = (
    "12", "7:30", "2005-06-10", "10/06/2005", "1.234,5", "1,234.5", "$3.50", "€2", "5 km", "½", "3/4", "50%",
    "-3", "+49 30 123", "a.b@c.com", "www.x.org", "IV", "XX", "U.S.A.", "Dr.", "1st", "2.º", "3e", "٣٤", "१२",
    "௧௨", "౧౨", "１２", "km²", "m³", "①", "Ⅷ", "〇", "三", "令和", "時", "a", "ß", "é", "'", "-", ".", ",",
    ":", "/", "%", "#", "@",
)  # fmt: skip
WRITTEN = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789:/.,-–$%°€'apmstndrhAIVX° ½²³٣१௧౧１×é@&#+=()", max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
)


@cache
def script_of(character: str) -> str:
    return unicodedata.name(character, "?").split()[0] if character.isalpha() else ""


def check(text: str, locale: str) -> None:
    result = spoken(text, locale)
    assert spoken(result, locale) == result
    assert len(result) <= 20 * len(text)
    assert result == " ".join(result.split())
    assert not any(c.isdigit() or unicodedata.category(c) == "Nd" for c in result)
    # A character's lower case may itself not be stable ("İ"), so what was there before is let through.
    assert all(c == c.lower() or c in text for c in result)
    own = SCRIPTS.get(locale[:2], "LATIN")
    own_scripts = {own} if isinstance(own, str) else set(own)
    if locale[:2] not in ("ar", "hi", "mr", "ta", "te", "ja"):
        own_scripts.add("LATIN")
    given_ = text + text.lower() + unicodedata.normalize("NFKC", text)  # full-width letters are Latin too
    brought = {script_of(c) for c in result} - set(map(script_of, given_)) - {""}
    assert brought <= own_scripts
    marks = {c for c in re.sub(r"\b\w\.", "", result) if unicodedata.category(c)[0] not in "LMNZ"}
    assert marks <= set("'-\u200c\u200d")


@pytest.mark.parametrize("locale", LOCALES)
@given(text=WRITTEN)
@example(text="1" * 2000)
@example(text="1." * 1000)
@example(text="9" * 40)
@example(text="Ⅷ ① 五 Ǆ İ ß")
def test_any_text_has_a_spoken_form(locale: str, text: str) -> None:
    check(text, locale)


def test_every_language_has_rules() -> None:
    assert {locale[:2] for locale in LOCALES} == set(LANGUAGES)
    assert all(map(has_rules, LANGUAGES))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_generic_text_has_a_spoken_form(shared_data: Path, language: str) -> None:
    assert has_rules(language)
    with gzip.open(shared_data / "generic" / f"{language}.jsonl.gz", "rt", encoding="utf-8") as handle:
        for line in handle:
            check(json.loads(line)["text"], language)

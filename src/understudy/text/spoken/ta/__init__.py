"""Spoken form of Tamil: ``1947-ஆம் ஆண்டு`` -> ஆயிரத்து தொள்ளாயிரத்து நாற்பத்தேழாம் ஆண்டு."""

from __future__ import annotations

import re

from understudy.text.spoken.dravidian import END, Language
from understudy.text.spoken.indian import SHAPE
from understudy.text.spoken.rules import Match, Rule, speaker
from understudy.text.spoken.ta.numbers import cardinal, counting, inflected, old_value, ordinal, spelled
from understudy.text.spoken.ta.tables import (
    ABBREVIATIONS,
    ADDRESS_SIGNS,
    CURRENCIES,
    MONTHS,
    NOUNS,
    SCALES,
    SIGNS,
    UNITS,
)

_QUARTERS = {("1", "2"): "அரை", ("1", "4"): "கால்", ("3", "4"): "முக்கால்"}


def _date(day: int, month: int, year: str | None) -> str:
    # The first is முதல் தேதி.
    date = f"{MONTHS[month - 1]} {'முதல்' if day == 1 else ordinal(str(day))} தேதி"
    return f"{date} {cardinal(year)}" if year else date


def _clock(hour: str, minute: str, second: str | None, before: bool) -> str:
    rest = cardinal(str(int(minute))) if int(minute) or second else ""
    if before:  # மணி follows
        return f"{cardinal(str(int(hour)))} {rest}" if rest else counting(str(int(hour)))
    words = [f"{counting(str(int(hour)))} மணி"]
    if rest:
        words.append(f"{counting(str(int(minute)))} நிமிடம்")
    if second:
        words.append(f"{counting(str(int(second)))} வினாடி")
    return " ".join(words)


def _half(half: str, time: str) -> str:
    hour = re.sub("(ஒ|ொ)ன்று$", r"\1ரு", time)
    return f"{'முற்பகல்' if half == 'a' else 'பிற்பகல்'} {hour} மணி"


def _fraction(whole: str, above: str, below: str, _before_noun: bool) -> str:
    quarter = _QUARTERS.get((above, below))
    if not quarter:
        part = f"{inflected(below, 'ில்')} {counting(above)} பங்கு"
        return f"{cardinal(whole)} {part}" if whole else part
    if not whole:
        return quarter
    # ஒன்றரை, ஒன்றேகால், ஒன்றேமுக்கால்
    return inflected(whole, "ரை") if quarter == "அரை" else inflected(whole, "ே") + quarter


def _old(match: Match) -> str:
    return str(old_value(match.group()))


def _ordinal(match: Match) -> str:
    ending = match["ending"]
    if ending.endswith(("ம்", "ந்")):
        return ordinal(SHAPE.digits(match["number"]))
    return ordinal(SHAPE.digits(match["number"]), "ஆ" + ending.removeprefix("ஆ"))


def _inflected(match: Match) -> str:
    ending = match["ending"].replace("த்தி", "இ", 1)  # 2000-த்தில் gives the end of ஆயிரத்தில்
    for written, sign in (("இ", "ி"), ("உ", "ு"), ("ஐ", "ை"), ("ஆ", "ா"), ("ஓ", "ோ")):
        if ending.startswith(written):
            return inflected(SHAPE.digits(match["number"]), sign + ending[1:])
    # Written without its vowel: 1987ல், 20க்கு.
    return inflected(SHAPE.digits(match["number"]), ("ு" if ending.startswith("க்") else "ி") + ending)


_LETTERS = r"[\u0b80-\u0bff]*"
_NUMBER = rf"(?<![\d.,])(?P<number>{SHAPE.integer}) ?[-–]? ?"
_ENDINGS: tuple[Rule, ...] = (
    (
        re.compile(rf"{_NUMBER}(?P<ending>ஆ?[மந]்|ஆ?வத(?:ு|ாக|ான|ில்|ின்){_LETTERS}|ஆமவர்){END}"),
        _ordinal,
    ),
    (re.compile(r"(?<![\d.,])\d\d?(?= தேதி)"), lambda match: ordinal(match.group())),
    (
        re.compile(
            rf"{_NUMBER}(?P<ending>(?:இ?ல்|த்தில்|இ?லும்|இ?லேயே|இ?லிருந்து{_LETTERS}|இ?ன்|இன்படி|ஐ|ஆக|ஆல்|உடன்|ஓடு"
            rf"|உ?க்கு(?:[ம்தசபள்]{{0,2}}|ள்{_LETTERS}|ரிய|ப்பின்|மேல்)|உ?க்கான)){END}"
        ),
        _inflected,
    ),
)

_LANGUAGE = Language(
    cardinal=cardinal,
    counting=counting,
    spelled=spelled,
    fraction=_fraction,
    date=_date,
    clock=_clock,
    half=_half,
    hours="மணி",
    nouns=NOUNS,
    point="புள்ளி",
    minus="மைனஸ்",
    to="முதல்",
    currencies=CURRENCIES,
    scales=SCALES,
    units=UNITS,
    signs=SIGNS,
    address_signs=ADDRESS_SIGNS,
    abbreviations=ABBREVIATIONS,
)
_RULES = _LANGUAGE.rules(_ENDINGS)
_speak = speaker(lambda _: _RULES, _LANGUAGE.work)

_OLD_NUMERAL = re.compile(r"[௦-௯]*[௰-௲][௦-௲]*")


def speak(text: str, region: str | None) -> str:
    """The spoken form; there is one for all regions. Old numerals have signs for ten, hundred, thousand."""
    return _speak(_OLD_NUMERAL.sub(_old, text), region)

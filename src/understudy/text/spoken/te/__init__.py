"""Spoken form of Telugu: ``1947లో 5వ`` -> పంతొమ్మిది వందల నలభై ఏడులో ఐదవ."""

from __future__ import annotations

import re

from understudy.text.spoken.dravidian import END, START, Language
from understudy.text.spoken.indian import SHAPE
from understudy.text.spoken.rules import Match, Rule, one_of, speaker
from understudy.text.spoken.te.numbers import cardinal, counting, genitive, ordinal, spelled, year
from understudy.text.spoken.te.tables import (
    ABBREVIATIONS,
    ADDRESS_SIGNS,
    CURRENCIES,
    MONTH_SPELLINGS,
    MONTHS,
    NOUNS,
    SCALES,
    SIGNS,
    UNITS,
    VERBS,
)

_QUARTERS = {("1", "4"): "పావు", ("3", "4"): "ముప్పావు"}


def _date(day: int, month: int, written: str | None) -> str:
    date = f"{MONTHS[month - 1]} {ordinal(str(day))} తేదీ"
    return f"{date} {year(written)}" if written else date


def _clock(hour: str, minute: str, second: str | None, before: bool) -> str:
    rest = cardinal(str(int(minute))) if int(minute) or second else ""
    if before and (rest or int(hour) != 1):  # గంటలకు follows
        return f"{cardinal(str(int(hour)))} {rest}"
    one = int(hour) == 1
    hours = "ఒంటి" if one else cardinal(str(int(hour)))
    if before:
        return hours
    if not rest:
        return f"{hours} {'గంట' if one else 'గంటలు'}"
    words = [f"{hours} {'గంట' if one else 'గంటల'}", _counted(minute, "నిమిషం", "నిమిషాలు")]
    if second:
        words[1] = _counted(minute, "నిమిషం", "నిమిషాల")
        words.append(_counted(second, "సెకను", "సెకన్లు"))
    return " ".join(words)


def _counted(digits: str, one: str, many: str) -> str:
    n = int(digits)
    return f"{counting(str(n))} {one if n == 1 else many}"


def _half(half: str, time: str) -> str:
    return f"{time} {'ఏ' if half == 'a' else 'పి'} ఎం"


def _fraction(whole: str, above: str, below: str, before_noun: bool) -> str:
    if (above, below) == ("1", "2"):
        return cardinal(whole) + "న్నర" if whole else "అర" if before_noun else "సగం"
    part = _QUARTERS.get((above, below))
    if not part:
        # మూడింట ఒక వంతు up to ten.
        of = cardinal(below)[:-1] + "ింట" if int(below) <= 10 else genitive(below) + "లో"
        part = f"{of} {_counted(above, 'వంతు', 'వంతులు')}"
    elif part == "పావు" and whole:
        return f"{cardinal(whole)}ంపావు"
    return f"{cardinal(whole)} {part}" if whole else part


def _ordinal(match: Match) -> str:
    return ordinal(SHAPE.digits(match["number"])) + match["ending"]


def _inflected(match: Match) -> str:
    return genitive(SHAPE.digits(match["number"])) + match["ending"]


def _before_noun(match: Match) -> str:
    return genitive(SHAPE.digits(match["number"]))


def _year(match: Match) -> str:
    return f"{match['before']}{year(match['year'])}"


def _year_inflected(match: Match) -> str:
    return year(match["year"], genitive=True) + match["ending"]


_LETTERS = r"[\u0c00-\u0c7f]*"
_NUMBER = rf"(?<![\d.,])(?P<number>{SHAPE.integer}) ?[-–]? ?"
_BEFORE_YEAR = one_of((*MONTH_SPELLINGS, "శకం", "పూర్వం", "సంవత్సరం"))
_YEAR = r"(?<![\d.,])(?P<year>1[1-9]\d\d)"
_CASE = rf"(?:లో{_LETTERS}|కి|కు|కే|కల్లా|ను|నూ|ని|న|తో|లకు|లలో|ల)"
_ENDINGS: tuple[Rule, ...] = (
    (re.compile(rf"{_NUMBER}వ(?P<ending>(?:ది|దిగా|దాని|వాడు|సారి)?){END}"), _ordinal),
    (re.compile(rf"{_YEAR} ?-?(?P<ending>(?:ల?లో|నాటి){_LETTERS}){END}"), _year_inflected),
    (
        re.compile(rf"{_YEAR}(?P<ending>(?= ?-?(?:నుండి|నుంచి|వరకు|సంవత్సర|సం\.|ప్రాంత|{one_of(MONTHS)})))"),
        _year_inflected,
    ),
    (
        re.compile(rf"(?P<before>{START}(?:{_BEFORE_YEAR}) +(?:\d\d?, ?)?){_YEAR}(?!\d|[.,]\d)"),
        _year,
    ),
    (re.compile(rf"{_NUMBER}(?P<ending>{_CASE}){END}"), _inflected),
    (
        re.compile(rf"(?<![\d.,])(?P<number>{SHAPE.integer})(?= (?!{NOUNS}|{VERBS})[\u0c05-\u0c39])"),
        _before_noun,
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
    hours="గంట",
    nouns=NOUNS,
    point="పాయింట్",
    minus="మైనస్",
    to="నుండి",
    currencies=CURRENCIES,
    scales=SCALES,
    units=UNITS,
    signs=SIGNS,
    address_signs=ADDRESS_SIGNS,
    abbreviations=ABBREVIATIONS,
)
_RULES = _LANGUAGE.rules(_ENDINGS)
_speak = speaker(lambda _: _RULES, _LANGUAGE.work)

# Telugu prose sets groups apart: 1, 51, 450.
_APART = re.compile(r"(?<![\d.,])(?<!\d, )\d{1,2}(?:, ?\d\d){0,2}, ?\d{3}(?![\d,]|\.\d)")


def speak(text: str, region: str | None) -> str:
    """The spoken form; there is one for all regions."""
    return _speak(_APART.sub(lambda match: match.group().replace(" ", ""), text), region)

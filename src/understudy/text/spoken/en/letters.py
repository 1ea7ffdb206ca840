"""English abbreviations, letter sequences (``U.S.A.`` -> u. s. a.) and Roman numerals."""

from __future__ import annotations

import re
import unicodedata

from understudy.text.spoken.en.numbers import cardinal, ordinal
from understudy.text.spoken.en.tables import (
    ABBREVIATIONS,
    BEFORE_NAMES,
    INITIALISMS,
    NO_NAMES,
    ROMAN_BEFORE,
    RULERS,
    TITLES,
)
from understudy.text.spoken.numbers import ROMAN, roman_value
from understudy.text.spoken.rules import Match, Rule, one_of

_NAME = r"\b[A-Z][a-z]{2,}"


def _letters(match: Match) -> str:
    return " ".join(f"{letter.lower()}." for letter in re.findall(r"[A-Za-z]", match.group()))


def _capitals(match: Match) -> str | None:
    word = match.group()
    spelled = word in INITIALISMS or not re.search("[AEIOUY]|^[IVX]+$", word)
    return _letters(match) if spelled else None


def _unshouted(match: Match) -> str:
    """Where all is in capitals, a word in capitals is no initialism."""
    return re.sub(rf"(?!\b{ROMAN})\b[A-Z]{{2,}}\b(?![$£€])", lambda word: word.group().lower(), match.group())


def _abbreviation(match: Match) -> str:
    return ABBREVIATIONS[match[1].lower()]


def _before_name(match: Match) -> str | None:
    """``in St. Louis``, but not ``Elm St. It was``."""
    is_street = re.search(r"[A-Z]\w+ $", match.string[max(0, match.start() - 20) : match.start()])
    return None if is_street else BEFORE_NAMES[match[1]]


def _numbered(match: Match) -> str | None:
    """``Part I of it``, but not ``the part I liked``."""
    if match[2] == "I" and match[1].islower() and re.match(" [a-z]", match.string[match.end() :]):
        return None
    return f"{match[1]} {cardinal(str(roman_value(match[2])))}"


def _regnal(match: Match) -> str | None:
    name, numeral = match.groups()
    return None if name in NO_NAMES else f"{name} the {ordinal(str(roman_value(numeral)))}"


def _greek(match: Match) -> str:
    return unicodedata.name(match.group()).split()[-1].lower().replace("lamda", "lambda")


SHOUTED: Rule = (re.compile(r"\A[^a-z]*[A-Z]{2}[^a-z]*\Z"), _unshouted)
"""Before all other rules: they write in lower case."""

RULES: tuple[Rule, ...] = (
    (re.compile(rf"\b({one_of(BEFORE_NAMES)})\. (?=[A-Z])"), _before_name),
    (re.compile(rf"\b((?i:{one_of(ABBREVIATIONS.keys() - TITLES)}))\."), _abbreviation),
    (re.compile(rf"\b({one_of(map(str.title, TITLES))})\b\.?"), _abbreviation),
    # The one-letter numerals of hundreds are more often letters.
    (re.compile(rf"\b((?i:{one_of(ROMAN_BEFORE)})) (?![LCDM]\b)({ROMAN})"), _numbered),
    (re.compile(rf"\b({one_of(RULERS)}) ([VX])\b(?!['’.]\w)"), _regnal),
    (re.compile(rf"({_NAME}) (?![LCDM]|XL\b)(?=[IVXL]{{2}})({ROMAN})"), _regnal),
    (re.compile(rf"({_NAME}) (I)(?=[.,;:!?)\]]|--|\s*\Z)"), _regnal),
    (re.compile(r"\b[A-Za-z](?:\.[A-Za-z])+\b\.?"), _letters),
    (re.compile(r"\b[A-Z]{2,5}\b(?!['’])"), _capitals),
    (re.compile(r"(?<!\w)[Α-Ωα-ω](?!\w)"), _greek),
)

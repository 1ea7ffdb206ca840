"""English abbreviations, letter sequences (``U.S.A.`` -> u. s. a.) and Roman numerals."""

from __future__ import annotations

import re

from understudy.text.spoken.en.numbers import cardinal, ordinal
from understudy.text.spoken.en.tables import ABBREVIATIONS, INITIALISMS, ROMAN_BEFORE, TITLES
from understudy.text.spoken.rules import Match, Rule, one_of

_ROMAN = r"(?=[IVXL])(?:XL|LX{0,3}|X{0,3})(?:IX|IV|V?I{0,3})(?!\w)"
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}


def _letters(match: Match) -> str:
    return " ".join(f"{letter.lower()}." for letter in re.findall(r"[A-Za-z]", match.group()))


def _capitals(match: Match) -> str | None:
    word = match.group()
    spelled = word in INITIALISMS or not re.search("[AEIOUY]|^[IVX]+$", word)
    return _letters(match) if spelled else None


def _abbreviation(match: Match) -> str:
    return ABBREVIATIONS[match[1].lower()]


def _roman_value(numeral: str) -> str:
    values = [_ROMAN_DIGITS[letter] for letter in numeral]
    following = [*values[1:], 0]
    return str(sum(-a if a < b else a for a, b in zip(values, following, strict=True)))


def _numbered(match: Match) -> str:
    return f"{match[1]} {cardinal(_roman_value(match[2]))}"


def _regnal(match: Match) -> str:
    return f"the {ordinal(_roman_value(match.group()))}"


RULES: tuple[Rule, ...] = (
    (re.compile(rf"\b({one_of(ABBREVIATIONS)})\.", re.I), _abbreviation),
    (re.compile(rf"\b({one_of(TITLES)})\b"), _abbreviation),
    (re.compile(rf"\b((?i:{one_of(ROMAN_BEFORE)})) ({_ROMAN})"), _numbered),
    # One letter alone, and V and X, are more often a letter than a king's number.
    (re.compile(rf"(?<=[A-Z][a-z]{{2}} |[a-z]{{3}} )(?=[IVXL]{{2}}){_ROMAN}"), _regnal),
    (re.compile(r"\b[A-Za-z](?:\.[A-Za-z])+\b\.?"), _letters),
)

CAPITALS: Rule = (re.compile(r"\b[A-Z]{2,5}\b(?!['’])"), _capitals)
"""Only for text that is not all in capitals."""

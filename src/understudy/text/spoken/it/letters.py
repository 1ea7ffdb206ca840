"""Italian abbreviations, Roman numerals and letters read one by one."""

from __future__ import annotations

import re
from collections.abc import Callable

from understudy.text.spoken.it.names import (
    ABBREVIATIONS,
    CASED,
    CONTRACTIONS,
    FEMININE_NOUNS,
    INITIALISMS,
    MASCULINE_NOUNS,
    QUEENS,
    RULERS,
    STOPLESS,
)
from understudy.text.spoken.it.numbers import ordinal
from understudy.text.spoken.numbers import ROMAN, roman_value
from understudy.text.spoken.rules import Match, Rule, one_of

_ROMAN = rf"(?P<roman>{ROMAN})"
_NOUN = rf"(?P<noun>(?i:{one_of(MASCULINE_NOUNS + FEMININE_NOUNS)}))\b"


def _roman(match: Match, *, feminine: bool) -> str:
    return ordinal(str(roman_value(match["roman"])), "a" if feminine else "o")


def _before(match: Match) -> str:
    """``XX secolo`` -> ventesimo secolo."""
    return f"{_roman(match, feminine=match['noun'].lower() in FEMININE_NOUNS)} {match['noun']}"


def _after(match: Match) -> str:
    """``secolo XX`` -> secolo ventesimo."""
    return f"{match['noun']} {_roman(match, feminine=match['noun'].lower() in FEMININE_NOUNS)}"


def _regnal(match: Match) -> str:
    return f"{match['name']} {_roman(match, feminine=match['name'] in QUEENS)}"


def _spelled(letters: str) -> str:
    # A space keeps them from an elided article: they stand alone, or lose their stops.
    return "".join(f" {letter}." for letter in letters.lower() if letter.isalpha())


def _letters(match: Match) -> str:
    return _spelled(match.group())


def _capitals(match: Match) -> str | None:
    word = match.group()
    unread = len(set(word)) > 1 and not set(word) & set("AEIOUYÀÈÉÌÒÙ")
    return _spelled(word) if word in INITIALISMS or unread else None


def _words(words: str) -> Callable[[Match], str]:
    return lambda _: words


_WHOLE = one_of(form for name in ABBREVIATIONS for form in (name, name.capitalize()))

ABBREVIATED: tuple[Rule, ...] = (
    (
        re.compile(rf"(?<![\w.])({one_of(CONTRACTIONS)})(?!\w)", re.I),
        lambda match: CONTRACTIONS[match[1].lower()],
    ),
    (
        re.compile(rf"(?<![\w.])({_WHOLE})\.(?!\w)"),
        lambda match: ABBREVIATIONS[match[1].lower()],
    ),
    *((re.compile(rf"(?<![\w.])(?:{pattern})"), _words(words)) for pattern, words in CASED.items()),
)

ROMANS: tuple[Rule, ...] = (
    (re.compile(rf"(?<!\w)(?=[IVX]){_ROMAN} {_NOUN}"), _before),
    (re.compile(rf"\b{_NOUN} (?=[IVX]){_ROMAN}"), _after),
    (re.compile(rf"\b(?P<name>{one_of(RULERS)}) (?=[IVX]){_ROMAN}"), _regnal),
    (re.compile(rf"\b(?P<name>[A-ZÀÈÉÌÒÙ][a-zàèéìòù]{{3,}}) (?=[IVX]{{2,}}){_ROMAN}"), _regnal),
)

SPELLED: tuple[Rule, ...] = (
    (re.compile(r"(?<![\w.])[^\W\d_](?:\.[^\W\d_])+\b(?!['’])\.?"), _letters),
    (
        re.compile(rf"(?<![^\W\d_])({one_of(STOPLESS)})(?![^\W\d_])", re.I),
        lambda match: STOPLESS[match[1].lower()],
    ),
    (re.compile(r"\b(?![IVX]+\b)[A-Z]{2,5}\b(?!['’])"), _capitals),
)

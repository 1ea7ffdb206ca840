"""French abbreviations, superscript letters, Roman numerals and letters read one by one."""

from __future__ import annotations

import re
from collections.abc import Callable

from understudy.text.spoken.fr.names import ABBREVIATIONS, INITIALISMS, NUMBERED, RULERS, STOPLESS
from understudy.text.spoken.fr.numbers import cardinal, ordinal
from understudy.text.spoken.numbers import ROMAN, roman_value
from understudy.text.spoken.rules import Match, Rule, one_of

SUPERSCRIPTS = dict(zip("ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", "abcdefghijklmnoprstuvwxyz", strict=True))
_NUMERAL = ROMAN.removesuffix(r"(?!\w)")


def _words(words: str) -> Callable[[Match], str]:
    return lambda _: words


def _ordinal(match: Match) -> str:
    """``XIXe`` -> dix-neuvième, ``Ier`` -> premier, ``Ire`` -> première."""
    suffix = match["suffix"]
    feminine = suffix.startswith(("re", "ère"))
    return ordinal(str(roman_value(match["roman"])), feminine=feminine, many=suffix.endswith("s"))


def _numbered(match: Match) -> str:
    return f"{match['name']} {cardinal(str(roman_value(match['roman'])))}"


def _spelled(letters: str) -> str:
    # A space keeps them from an elided article: they stand alone, or lose their stops.
    return "".join(f" {letter}." for letter in letters.lower() if letter.isalpha())


def _letters(match: Match) -> str:
    return _spelled(match.group())


def _capitals(match: Match) -> str | None:
    word = match.group()
    unread = len(set(word)) > 1 and not set(word) & set("AEIOUYÀÂÉÈÊÎÏÔÛÙ")
    return _spelled(word) if word in INITIALISMS or unread else None


FOLDED: Rule = (
    re.compile(f"[{''.join(SUPERSCRIPTS)}]+"),
    lambda match: "".join(SUPERSCRIPTS[letter] for letter in match.group()),
)
"""``Mᵐᵉ`` -> Mme: before all other rules, and not set off from the letters before it."""

ABBREVIATED: tuple[Rule, ...] = tuple(
    (re.compile(rf"(?<![\w.])(?<!\b\w\. )(?:{pattern})"), _words(words))
    for pattern, words in ABBREVIATIONS.items()
)

ROMANS: tuple[Rule, ...] = (
    # One letter and a plural would be a word: "Vers".
    (re.compile(r"(?<!\w)(?P<roman>I)(?P<suffix>ers?|[èe]?res?)(?!\w)"), _ordinal),
    (re.compile(r"(?<!\w)(?P<roman>[VX])(?P<suffix>i?[èe]me|e)(?!\w)"), _ordinal),
    (
        re.compile(
            rf"(?<!\w)(?=[IVX]{{2,}}[eèin])(?P<roman>{_NUMERAL})(?P<suffix>i?[èe]mes?|es?|nde?)(?!\w)"
        ),
        _ordinal,
    ),
    (re.compile(rf"\b(?P<name>(?i:{one_of(NUMBERED)})) (?=[IVX])(?P<roman>{ROMAN})"), _numbered),
    (re.compile(rf"\b(?P<name>{one_of(RULERS)}) (?=[IVX])(?P<roman>{ROMAN})"), _numbered),
    (re.compile(rf"\b(?P<name>[A-ZÉÈÎ][a-zéèêëîïôç]{{3,}}) (?=[IVX]{{2,}})(?P<roman>{ROMAN})"), _numbered),
)

SPELLED: tuple[Rule, ...] = (
    (re.compile(r"(?<![\w.])[^\W\d_](?:\.[^\W\d_])+\b(?!['’])\.?"), _letters),
    (
        re.compile(rf"(?<![^\W\d_])({one_of(STOPLESS)})(?![^\W\d_])", re.I),
        lambda match: STOPLESS[match[1].lower()],
    ),
    (re.compile(r"\b(?![IVX]+\b)[A-Z]{2,5}\b(?!['’])"), _capitals),
)

"""Roman numerals where a language lets one tell them from words: centuries, kings, chapters, events."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from understudy.text.spoken.numbers import ROMAN, roman_value
from understudy.text.spoken.rules import Match, Rule

# Recognised in any case, so that the lower case of what was left alone is left alone again. A mark after a
# letter belongs to it: the lower case of "İ" is "i" and a dot.
START, END = r"(?<![^\W_]|[\u0300-\u036f])", r"(?![^\W_]|[\u0300-\u036f])"
LETTERS = ROMAN.removesuffix(r"(?!\w)")
"""The letters of a numeral; where the word ends is for :data:`END` to say."""
NUMERAL = rf"(?:(?ai:{LETTERS}){END}(?!\.[^\W\d_]\.|\. [^\W\d_]\.(?![\w'-])))"
"""A Roman numeral of capitals or small letters, up to the word's end; no letters read one by one."""
_NO_RUN = r"(?!(?<=\b[^\W\d_]\. )\w\.)(?!(?<=\b[^\W\d_]\.)\w\.)"
"""Before a numeral that is not the last of letters read one by one: ``p. c. guerra``."""
WANTED = (
    r"|[IVX](?<=[^\W\d_] .)(?![^\W_])|[IVXivx](?<![^\W_].)(?:[IVXivx]+|[IVXLCDMivxlcdm]{3,})(?![^\W_])"
    r"|[MCDLmcdl](?<![^\W_].)[IVXLCDMivxlcdm]{3,}(?![^\W_])|[oO][sS]?[\W_]+[IVXLCDMivxlcdm](?![^\W_])"
)
"""For a speaker's ``work``: what may be a numeral."""


def value(numeral: str) -> str:
    """``xiv`` -> 14, in digits."""
    return str(roman_value(numeral.upper()))


@dataclass(frozen=True, kw_only=True)
class Numerals:
    """The nouns beside which a letter is a number; patterns without groups, in small letters.

    Attributes:
        century: nouns with a cardinal after them.
        feminine: nouns with an ordinal after them, up to ten (*parte tercera*), and above it a cardinal.
        masculine: the same.
        counted_feminine: nouns with an ordinal before them (*II guerra mundial*).
        counted_masculine: the same.
        unnamed: capitalised words that are no king's name.
        cardinal: says digits.
        ordinal: says digits with the ending ``o`` or ``a``.
        female: whether a name, in small letters, is a woman's.
    """

    century: str
    feminine: str
    masculine: str
    counted_feminine: str
    counted_masculine: str
    unnamed: frozenset[str]
    cardinal: Callable[[str], str]
    ordinal: Callable[[str, str], str | None]
    female: Callable[[str], bool] = field(default=lambda name: name.endswith("a"))

    def rules(self) -> tuple[Rule, ...]:
        """``siglo XX``, ``capítulo IV``, ``Luis XIV``; ``II Guerra Mundial``."""
        counted = f"{self.counted_feminine}|{self.counted_masculine}"
        return (
            (re.compile(rf"{START}([^\W\d_]{{2,14}})([\W_]+)({NUMERAL})"), self._noun),
            (re.compile(rf"{START}{_NO_RUN}({NUMERAL})[\W_]+((?i:{counted}){END})"), self._event),
        )

    def _noun(self, match: Match) -> str | None:
        noun, gap, numeral = match.groups()
        if re.fullmatch(self.century, noun, re.I):
            return f"{noun} {self.cardinal(value(numeral))}"
        for nouns, ending in ((self.feminine, "a"), (self.masculine, "o")):
            if re.fullmatch(nouns, noun, re.I):
                return f"{noun} {self.after(numeral, ending)}"
        if gap in (" ", "  ") and noun.istitle() and noun.lower() not in self.unnamed:
            return self._king(match)
        return None

    def _king(self, match: Match) -> str | None:
        """Kings are below forty, and the letter of ``Si V. viene`` is an abbreviation."""
        name, _, numeral = match.groups()
        abbreviated = len(numeral) == 1 and re.match(r"\. [^\W\d_]", match.string[match.end() :])
        if not re.fullmatch("[IVX]+", numeral) or (abbreviated and match.string[match.end() + 2].islower()):
            return None
        return f"{name} {self.after(numeral, 'a' if self.female(name.lower()) else 'o')}"

    def _event(self, match: Match) -> str | None:
        ending = "a" if re.fullmatch(self.counted_feminine, match[2], re.I) else "o"
        return f"{self.ordinal(value(match[1]), ending)} {match[2]}"

    def after(self, numeral: str, ending: str) -> str | None:
        """An ordinal up to ten, above it a cardinal, as one says *luis catorce*."""
        digits = value(numeral)
        return self.ordinal(digits, ending) if int(digits) <= 10 else self.cardinal(digits)

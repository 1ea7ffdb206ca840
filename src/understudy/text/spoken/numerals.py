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
NUMERAL = f"(?:(?ai:{ROMAN}){END})"
"""A Roman numeral of capitals or small letters, up to the word's end."""
WANTED = (
    r"|[IVX](?<=[^\W\d_] .)(?![^\W_])|[IVXivx](?<![^\W_].)(?:[IVXivx]+|[IVXLCDMivxlcdm]{3,})(?![^\W_])"
    r"|[MCDLmcdl](?<![^\W_].)[IVXLCDMivxlcdm]{3,}(?![^\W_])|[oO][sS]?\W+[IVXLCDMivxlcdm]\b"
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
        """``siglo XX``, ``capítulo IV``, ``II Guerra Mundial``, ``Luis XIV``."""
        before = f"{self.feminine}|{self.masculine}"
        after = f"{self.counted_feminine}|{self.counted_masculine}"
        return (
            (re.compile(rf"{START}((?i:{self.century}))\W+({NUMERAL})"), self._century),
            (re.compile(rf"{START}((?i:{before}))\W+({NUMERAL})"), self._chapter),
            (re.compile(rf"{START}({NUMERAL})\W+((?i:{after}){END})"), self._event),
            (
                re.compile(rf"\b([^\W\d_a-zß-ÿ][^\W\d_A-ZÀ-Þ]+) {{1,2}}((?=[IVX]|[LCDM]{{2}}){ROMAN}){END}"),
                self._king,
            ),
        )

    def _century(self, match: Match) -> str:
        return f"{match[1]} {self.cardinal(value(match[2]))}"

    def _chapter(self, match: Match) -> str:
        ending = "a" if re.fullmatch(self.feminine, match[1], re.I) else "o"
        return f"{match[1]} {self.after(match[2], ending)}"

    def _event(self, match: Match) -> str | None:
        ending = "a" if re.fullmatch(self.counted_feminine, match[2], re.I) else "o"
        return f"{self.ordinal(value(match[1]), ending)} {match[2]}"

    def _king(self, match: Match) -> str | None:
        name = match[1].lower()
        if name in self.unnamed:
            return None
        return f"{match[1]} {self.after(match[2], 'a' if self.female(name) else 'o')}"

    def after(self, numeral: str, ending: str) -> str | None:
        """An ordinal up to ten, above it a cardinal, as one says *luis catorce*."""
        digits = value(numeral)
        return self.ordinal(digits, ending) if int(digits) <= 10 else self.cardinal(digits)

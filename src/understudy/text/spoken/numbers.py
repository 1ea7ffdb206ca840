"""The shapes numbers are written in; how they are read is each language's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from understudy.text.spoken.rules import Match, Rule

MINUS = r"(?P<minus>(?<![\w)%])[-−])?"


@dataclass(frozen=True)
class NumberShape:
    """The separators of a language: German ``1.234,5`` is ``NumberShape(group=".", decimal=",")``.

    ``group`` and ``decimal`` are the inside of a character class, and so is ``foreign``: separators that
    group only where they stand twice or before another sign, as the commas of ``1,000,000`` and
    ``1,234.5`` in a language with decimal commas.
    """

    group: str
    decimal: str
    foreign: str = ""

    @cached_property
    def integer(self) -> str:
        """A pattern without groups: ``1.234`` or ``1234``."""
        group = rf"[{self.foreign}]\d{{3}}"
        foreign = rf"\d{{1,3}}{group}(?:(?:{group})+(?!\d)|(?=[.,]\d))|" if self.foreign else ""
        return rf"(?:\d{{1,3}}(?:[{self.group}]\d{{3}})+(?!\d)|{foreign}\d+)"

    @cached_property
    def amount(self) -> str:
        """A pattern with the groups ``minus``, ``whole`` and ``part``; either of the last may be missing."""
        part = rf"[{self.decimal}](?P<part>\d+)"
        return rf"{MINUS}(?=[{self.decimal}]?\d)(?P<whole>{self.integer})?(?:{part})?"

    def digits(self, written: str | None) -> str:
        """``1.234`` -> 1234; nothing -> nothing."""
        return re.sub(r"\D", "", written or "")

    def is_one(self, match: Match) -> bool:
        """Whether an :attr:`amount` is exactly 1, which takes the singular."""
        return not match["part"] and self.digits(match["whole"]).lstrip("0") == "1"


def hundredths(part: str) -> str | None:
    """The coins in an amount's decimals: ``2``, ``200`` -> 20; zeros -> nothing; ``201`` -> None."""
    part = part.rstrip("0")
    return part and part.ljust(2, "0") if len(part) <= 2 else None


def decimal_groups(part: str) -> list[str]:
    """Decimals as the numbers they are read as: ``342`` -> 342; ``1301`` -> 13, 0, 1; ``340`` -> 34, 0."""
    if part[0] != "0" and (len(part) < 3 or (len(part) == 3 and part[2] != "0")):
        return [part]
    pairs = (part[i : i + 2] for i in range(0, len(part), 2))
    return [number for pair in pairs for number in (pair if pair[0] == "0" else [pair])]


def too_long(longest: int, spelled: Callable[[str], str]) -> Rule:
    """The rule for digits without end, which have no name: one by one, before any other rule sees them."""
    return re.compile(rf"[0-9]{{{longest + 1},}}"), lambda match: spelled(match.group())


def roman_value(numeral: str) -> int:
    """``XIV`` -> 14."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}[each] for each in numeral]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


ROMAN = r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?!\w)"
"""A well-formed Roman numeral up to 3999, at a word's end."""

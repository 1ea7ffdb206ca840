"""Two numbers with a hyphen between them: a range where they grow, and a score or a code where not."""

from __future__ import annotations

import re
from collections.abc import Callable

from understudy.text.spoken.numbers import NumberShape
from understudy.text.spoken.rules import Match, Rule


def growing(say: Callable[[str, str], str]) -> Rule:
    """``10-20``, at most four digits each; not ``3-2``, ``05-10`` or ``100-20``.

    Args:
        say: the words for both numbers, given their digits.
    """

    def words(match: Match) -> str | None:
        first, second = match.groups()
        grows = len(first) <= len(second) and int(first) < int(second) and not first.startswith("0")
        return say(first, second) if grows else None

    return re.compile(r"(?<![\w.,-])(\d{1,4}) ?[-–] ?(\d{1,4})(?![\w-]|[.,]\d)"), words


def of_one_unit(units: str, say: Callable[[str], str]) -> Rule:
    """The first number and the hyphen of ``10-20 %``; the rule for measures reads the second with its unit.

    Args:
        units: a pattern of the units, with what must not follow them.
        say: the words for the first number and the hyphen, given its digits.
    """
    first = r"(?<![\w.,-])(\d{1,4}) ?[-–] ?"
    return re.compile(rf"{first}(?=\d{{1,4}}(?:[.,]\d+)? ?(?:{units}))"), lambda match: say(match[1])


def to_a_greater(shape: NumberShape, say: Callable[[str, str], str]) -> Rule:
    """The first number and the hyphen of ``1.234,5-2.000``; the second is left to the other rules.

    Args:
        shape: how the language writes numbers; any of them, not only those of four digits.
        say: the words for the first number and the hyphen, given its whole digits and its decimals.
    """
    number = rf"({shape.integer})(?:[{shape.decimal}](\d+))?"

    def words(match: Match) -> str | None:
        whole, part, above = shape.digits(match[1]), match[2] or "", shape.digits(match[3])
        return say(whole, part) if int(whole) < int(above) and (part or not whole.startswith("0")) else None

    return re.compile(rf"(?<![\w.,-]){number} ?[-–] ?(?={number}(?![\d-]))"), words

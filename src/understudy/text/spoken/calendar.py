"""Dates written in digits: which number is the day, the month and the year."""

from __future__ import annotations

import re
from collections.abc import Callable

from understudy.text.spoken.rules import Match, Rule

SayDate = Callable[[int, int, str | None], str | None]
"""``say(day, month, year)``: day from 1, month from 1, the year's digits as they were written or None."""


def numeric_dates(
    say: SayDate,
    *,
    separators: str = "./-",
    month_first: bool = False,
    say_day_first: SayDate | None = None,
) -> tuple[Rule, ...]:
    """Rules for ``2005-06-10`` and ``10/06/2005``; ``month_first`` reads the latter as in the United States.

    Where only one number can be the month, it is, whatever the region's order. Days beyond 31 and months
    beyond 12 make no date.

    Args:
        separators: the inside of a character class; both separators of a date are the same.
        say_day_first: for dates written with the day first, where they are said in another order than others.
    """

    def checked(say: SayDate, day: str, month: str, year: str) -> str | None:
        possible = 1 <= int(day) <= 31 and 1 <= int(month) <= 12
        return say(int(day), int(month), year) if possible else None

    def year_first(match: Match) -> str | None:
        year, _, month, day = match.groups()
        return checked(say, day, month, year)

    def year_last(match: Match) -> str | None:
        first, _, second, year = match.groups()
        swapped = int(second) > 12 if not month_first else int(first) <= 12
        if swapped:
            return checked(say, second, first, year)
        return checked(say_day_first or say, first, second, year)

    return (
        (re.compile(rf"(?<![\d/.-])(\d{{4}})([{separators}])(\d{{1,2}})\2(\d{{1,2}})(?![\d/-])"), year_first),
        (
            re.compile(rf"(?<![\d/.-])(\d{{1,2}})([{separators}])(\d{{1,2}})\2(\d{{4}}|\d{{2}})(?![\d/-])"),
            year_last,
        ),
    )

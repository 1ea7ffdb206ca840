"""Italian dates and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.calendar import numeric_dates
from understudy.text.spoken.it.numbers import cardinal, number
from understudy.text.spoken.it.tables import MONTH_OF, MONTHS
from understudy.text.spoken.rules import Match, Rule, one_of

_MONTH = rf"(?P<month>{one_of(MONTH_OF)})\b\.?"
_DAY = r"(?<![\d.,:/-])(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>\d{4})\b(?![.,]\d)"
_HOUR = r"(?<![\d.,:/-])(?P<hour>[01]?\d|2[0-4])"
_MINUTE = r"(?P<minute>[0-5]\d)"


def _day(digits: str) -> str:
    return "primo" if digits.lstrip("0") == "1" else cardinal(digits)


def _date(day: int, month: int, year: str | None) -> str:
    words = f"{_day(str(day))} {MONTHS[month - 1]}"
    return f"{words} {number(year)}" if year else words


def _named(match: Match) -> str:
    words = f"{_day(match['day'])} {MONTH_OF[match['month'].lower()]}"
    return f"{words} {number(match['year'])}" if match["year"] else words


def _days(match: Match) -> str:
    """``17-19 giugno``: the first day; the second is read with its month."""
    return _day(match["day"])


def _clock(match: Match) -> str:
    hour, minute, second = match["hour"], match["minute"], match.groupdict().get("second")
    words = [cardinal(hour, "una")]
    if minute == "15":
        words.append("e un quarto")
    elif minute == "30":
        words.append("e mezza")
    elif minute != "00":
        words.append(_counted(minute, "minut"))
    if second and second != "00":
        words.append(_counted(second, "second"))
    return " ".join(words)


def _counted(digits: str, unit: str) -> str:
    return f"e {cardinal(digits, 'un')} {unit}{'o' if int(digits) == 1 else 'i'}"


def _numbered(match: Match) -> str | None:
    """``02/06`` but not ``3/12``: only numbers of two digits make a date without a year."""
    possible = len(match["day"]) == 2 and match["day"] != "00"
    return _date(int(match["day"]), int(match["month"]), None) if possible else None


def _told(match: Match) -> str | None:
    """``14.30`` is a time where a word before says so."""
    before = match.string[: match.start()][-12:]
    return _clock(match) if re.search(r"\b(?:ore|alle|dalle|delle|h)\s*\Z", before, re.I) else None


RULES: tuple[Rule, ...] = (
    (re.compile(rf"{_HOUR}:{_MINUTE}(?::(?P<second>[0-5]\d))?(?![\d:])"), _clock),
    (re.compile(rf"{_HOUR}[.,]{_MINUTE}(?![\d.,])"), _told),
    *numeric_dates(_date),
    (re.compile(rf"{_DAY} ?[-–/] ?(?=\d{{1,2}} {_MONTH})", re.I), _days),
    (re.compile(rf"{_DAY}(?: ?[°º])? {_MONTH}(?:,? {_YEAR})?", re.I), _named),
    (re.compile(r"(?<![\d.,:/-])(?P<day>[0-2]?\d|3[01])/(?P<month>0[1-9]|1[0-2])(?![\d/.,-]|\w)"), _numbered),
)

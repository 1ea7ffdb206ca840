"""English dates, decades and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.en.numbers import cardinal, ordinal, paired, plural_tens, spelled
from understudy.text.spoken.en.tables import MONTH_OF, MONTHS
from understudy.text.spoken.rules import Match, Rule, one_of

_MONTH = rf"\b(?P<month>{one_of(MONTH_OF)})\b\.?"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_HALF = r"(?P<half>[ap])\.? ?m\b\.?"
_MINUTE = r"(?P<minute>[0-5]\d)"
_CLOCK = r"\b(?P<hour>[01]?\d|2[0-4])"


def _spoken_date(day: str, month: str, year: str | None, *, day_first: bool) -> str:
    words = f"the {ordinal(day)} of {month}" if day_first else f"{month} {ordinal(day)}"
    return f"{words} {_year(year)}" if year else words


def _year(digits: str) -> str:
    if len(digits) == 4:
        return paired(digits)
    return spelled(digits) if digits.startswith("0") else cardinal(digits)


def _year_first(day_first: bool) -> Rule:
    def speak(match: Match) -> str | None:
        year, _, month, day = match.groups()
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            return None
        return _spoken_date(day, MONTHS[int(month) - 1], year, day_first=day_first)

    return re.compile(r"(?<![\d/.-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-])"), speak


def _numeric(day_first: bool) -> Rule:
    """``10/06/2005``: the locale says which number is the month, unless only one can be."""

    def speak(match: Match) -> str | None:
        first, _, second, year = match.groups()
        swap = day_first if int(first) <= 12 and int(second) <= 12 else int(first) > 12
        month, day = (second, first) if swap else (first, second)
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
            return None
        return _spoken_date(day, MONTHS[int(month) - 1], year, day_first=swap)

    return re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-])"), speak


def _month_day(match: Match) -> str:
    return _spoken_date(match["day"], MONTH_OF[match["month"].lower()], match["year"], day_first=False)


def _day_month(match: Match) -> str | None:
    if match["month"] == "may" and not match["year"]:
        return None  # "5 may come" is no date
    return _spoken_date(match["day"], MONTH_OF[match["month"].lower()], match["year"], day_first=True)


def _month_year(match: Match) -> str:
    return f"{MONTH_OF[match['month'].lower()]} {paired(match['year'])}"


def _era(match: Match) -> str:
    letters = " ".join(f"{letter.lower()}." for letter in match["era"] if letter.isalpha())
    return f"{paired(match[1])} {letters}"


def _decade(match: Match) -> str:
    return plural_tens(match[1])


def _decades(match: Match) -> str:
    return f"{plural_tens(match[1])} to {plural_tens(match[2])}"


def _clock_time(match: Match) -> str | None:
    hour, minute, second = match["hour"], match["minute"], match["second"]
    if second:
        words = [_counted(hour, "hour"), _counted(minute, "minute"), "and " + _counted(second, "second")]
        return " ".join(words)
    words = [cardinal(hour)]
    if minute != "00":
        words.append(("oh " if minute < "10" else "") + cardinal(minute))
    elif not match["half"]:
        words.append("o'clock")
    return " ".join([*words, *_half(match)])


def _hour(match: Match) -> str:
    return " ".join([cardinal(match["hour"]), *_half(match)])


def _half(match: Match) -> list[str]:
    return [f"{match['half'].lower()}. m."] if match["half"] else []


def _counted(digits: str, unit: str) -> str:
    return f"{cardinal(digits)} {unit}{'' if int(digits) == 1 else 's'}"


_YEAR = r"(?:(?:,? |-)(?P<year>\d{4})\b(?!,\d))?"
_NO_TIME = r"\b(?![.:/]\d| ?[ap]\.?m\b| ?%)"

_ERA = r"(?P<era>(?:A\.? ?D|B\.? ?C(?:\.? ?E)?|C\.? ?E)\b\.?)"

_NAMED: tuple[Rule, ...] = (
    (re.compile(rf"{_MONTH}[ -]{_DAY}{_NO_TIME}{_YEAR}", re.I), _month_day),
    (re.compile(rf"(?:\bthe )?(?<![\d.,:/$£€-])\b{_DAY}(?: of)?[ -]{_MONTH}{_YEAR}", re.I), _day_month),
    (re.compile(rf"{_MONTH} (?P<year>[12]\d{{3}})\b", re.I), _month_year),
    (re.compile(r"\b([12]\d\d0|[1-9]0)s ?(?:-|–|to) ?'?([12]\d\d0|[1-9]0)s\b"), _decades),
    (re.compile(r"(?:'|\b)([12]\d\d0(?= ?s)|[1-9]0(?='?s)) ?'?s\b"), _decade),
    (re.compile(rf"(?<![\w,.])(\d{{3,4}}) {_ERA}"), _era),
    (re.compile(r"(?:(?<=:\d\d)|(?<=m)|(?<=m\.)) ?[-–] ?(?=\d{1,2}(?::\d\d| ?[ap]\.?m))"), lambda _: "to"),
    (
        re.compile(rf"{_CLOCK}:{_MINUTE}(?::(?P<second>[0-5]\d))?(?!\d)(?: ?{_HALF})?", re.I),
        _clock_time,
    ),
    (re.compile(rf"{_CLOCK}\.{_MINUTE}(?P<second>)(?: ?{_HALF})", re.I), _clock_time),
    (re.compile(rf"{_CLOCK} ?{_HALF}", re.I), _hour),
)


def rules(*, day_first: bool) -> tuple[Rule, ...]:
    """Rules for dates and times.

    ``day_first`` reads 10/06/2005 as the tenth of June, as everywhere but in the United States.
    """
    return (_year_first(day_first), _numeric(day_first), *_NAMED)

"""English dates, decades and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.calendar import numeric_dates
from understudy.text.spoken.en.numbers import cardinal, ordinal, paired, plural_tens, spelled
from understudy.text.spoken.en.tables import MONTH_OF, MONTHS
from understudy.text.spoken.rules import Match, Rule, one_of

_MONTH = rf"\b(?P<month>{one_of(MONTH_OF)})\b\.?"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?P<suffix>st|nd|rd|th)?"
_TO = r"(?: ?[-–] ?(?P<to>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)?"
_HALF = r"(?P<half>[ap])\.? ?m\b\.?"
_MINUTE = r"(?P<minute>[0-5]\d)"
_CLOCK = r"\b(?P<hour>[01]?\d|2[0-4])"


def _days(first: str, last: str | None) -> str:
    return f"{ordinal(first)} to {ordinal(last)}" if last else ordinal(first)


def _month_first(days: str, month: str, year: str | None) -> str:
    return f"{month} {days} {_year(year) if year else ''}"


def _day_first(days: str, month: str, year: str | None) -> str:
    return f"the {days} of {month} {_year(year) if year else ''}"


def _american(day: int, month: int, year: str | None) -> str:
    return _month_first(ordinal(str(day)), MONTHS[month - 1], year)


def _british(day: int, month: int, year: str | None) -> str:
    return _day_first(ordinal(str(day)), MONTHS[month - 1], year)


def _year(digits: str) -> str:
    if len(digits) == 4:
        return paired(digits)
    return spelled(digits) if digits.startswith("0") else cardinal(digits)


def _month_day(match: Match) -> str:
    return _month_first(_days(match["day"], match["to"]), MONTH_OF[match["month"].lower()], match["year"])


def _day_month(match: Match) -> str | None:
    month = match["month"]
    doubtful = month in ("may", "march") and not (match["year"] or match["suffix"])
    if doubtful and re.match(" [a-z]", match.string[match.end() :]):
        return None  # "5 may come" is no date
    said = _day_first(_days(match["day"], match["to"]), MONTH_OF[month.lower()], match["year"])
    return said.removeprefix("the ") if match["of"] and not match["the"] else said


def _month_year(match: Match) -> str:
    return f"{MONTH_OF[match['month'].lower()]} {paired(match['year'])}"


def _quarter(match: Match) -> str:
    part = "quarter" if match["part"].endswith("Q") else "half"
    return f"the {ordinal(match['part'][0])} {part} of {_year(match['year'])}"


def _years(match: Match) -> str | None:
    """``1990-95`` -> nineteen ninety to ninety five."""
    first, last = match.groups()
    if int(last) <= int(first[2:]):
        return None
    return f"{paired(first)} to {'oh ' if last < '10' else ''}{cardinal(last)}"


def _era(match: Match) -> str:
    return f"{paired(match[1])} {''.join(filter(str.isalpha, match['era'])).lower()}"


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
        words.append(("o " if minute < "10" else "") + cardinal(minute))
    elif not match["half"]:
        words.append("o'clock")
    return " ".join([*words, *_half(match)])


def _hour(match: Match) -> str:
    return " ".join([cardinal(match["hour"]), *_half(match)])


def _half(match: Match) -> list[str]:
    return [f"{match['half'].lower()}. m."] if match["half"] else []


def _counted(digits: str, unit: str) -> str:
    return f"{cardinal(digits)} {unit}{'' if int(digits) == 1 else 's'}"


_YEAR = r"(?:(?:,? ?|-)\b(?P<year>\d{4})\b(?!,\d))?"
_NO_TIME = r"\b(?![.:/]\d| ?[ap]\.?m\b| ?%)"

_ERA = r"(?P<era>(?:A\.? ?D|B\.? ?C(?:\.? ?E)?|C\.? ?E)\b\.?)"

_NAMED: tuple[Rule, ...] = (
    (re.compile(rf"{_MONTH}[ -]{_DAY}{_TO}{_NO_TIME}{_YEAR}", re.I), _month_day),
    (
        re.compile(rf"(?P<the>\bthe )?(?<![\d.,:/$£€-])\b{_DAY}{_TO}(?P<of> of)?[ -]{_MONTH}{_YEAR}", re.I),
        _day_month,
    ),
    (re.compile(rf"{_MONTH} (?P<year>[12]\d{{3}})\b", re.I), _month_year),
    (re.compile(r"(?<![\w/.-])(?P<part>[1-4]Q|[12]H) ?'?(?P<year>\d{4}|\d{2})\b(?![-/]\d)"), _quarter),
    (re.compile(r"(?<![\w/.,$£€-])([12]\d{3}) ?[-–] ?(\d{2})\b(?![-/:.,]?\d)"), _years),
    (re.compile(r"\b([12]\d\d0(?=s?\b)|[1-9]0(?=s))s? ?(?:-|–|to) ?'?([12]\d\d0|[1-9]0)s\b"), _decades),
    (re.compile(r"(?:'|\b)([12]\d\d0(?= ?s)|[1-9]0(?='?s)) ?'?s\b"), _decade),
    (re.compile(rf"(?<![\w,.])(\d{{1,4}}) {_ERA}"), _era),
    (
        re.compile(
            r"(?<=:\d\d) ?[-–] ?(?=\d{1,2}\b)"
            r"|(?:(?<=m)|(?<=m\.)|(?<=\b\d)|(?<=\b\d\d)) ?[-–] ?(?=\d{1,2}(?::\d\d| ?[ap]\.?m\b))",
            re.I,
        ),
        lambda _: "to",
    ),
    (
        re.compile(rf"{_CLOCK}:{_MINUTE}(?::(?P<second>[0-5]\d))?(?!\d)(?: ?{_HALF})?", re.I),
        _clock_time,
    ),
    (re.compile(rf"{_CLOCK}\.{_MINUTE}(?P<second>)(?: ?{_HALF})", re.I), _clock_time),
    (re.compile(rf"{_CLOCK} ?{_HALF}", re.I), _hour),
)


def rules(month_first: bool) -> tuple[Rule, ...]:
    """Rules for dates and times; ``month_first`` reads 10/06/2005 as the sixth of October."""
    if not month_first:
        return (*numeric_dates(_british), *_NAMED)
    return (*numeric_dates(_american, month_first=True, say_day_first=_british), *_NAMED)

"""German dates and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.de.inflection import ending
from understudy.text.spoken.de.numbers import cardinal, number, ordinal, year
from understudy.text.spoken.de.tables import MONTH_OF, MONTHS, UNITS, ZONES
from understudy.text.spoken.rules import Match, Rule, one_of

_MONTH = rf"(?P<month>{one_of(MONTH_OF)})\b\.?"
_DAY = r"(?<![\d.,:/-])(?P<day>0?[1-9]|[12]\d|3[01])\."
_YEAR = r"(?P<year>\d{4})\b(?![.,]\d)"
_ZONE = rf"(?: (?P<zone>(?i:{one_of(ZONES)}))\b)?"
_HOUR = r"(?<![\d.,:/-])(?P<hour>[01]?\d|2[0-4])"
_MINUTE = r"(?P<minute>[0-5]\d)"


def _day_month(match: Match) -> str:
    month = MONTH_OF[match["month"].lower()]
    words = [ordinal(match["day"], ending(match.string[: match.start()], "")), month]
    return " ".join([*words, year(match["year"], "")] if match["year"] else words)


def _month_year(match: Match) -> str:
    return f"{MONTH_OF[match['month'].lower()]} {year(match['year'])}"


def _numbered_month_year(match: Match) -> str:
    return f"{MONTHS[int(match['month']) - 1]} {year(match['year'])}"


def _version(before: str) -> bool:
    """``Llama 3.2``: after a name, two numbers with a stop are no date."""
    word = re.search(r"(?:^|\s)(\S+) ?\Z", before[-30:])
    return bool(word and re.match(r"[A-ZÄÖÜ]\w*[\w-]{2}\Z", word[1]) and word[1] not in _WEEKDAYS)


_WEEKDAYS = (
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Samstag",
    "Sonnabend",
    "Sonntag",
    "Vom",
    "Bis",
)


def _numeric(months: tuple[str, ...]) -> tuple[Rule, ...]:
    def say(match: Match) -> str | None:
        before, written = match.string[: match.start()], match.groupdict().get("year")
        if not written and _version(before):
            return None
        words = [ordinal(match["day"], ending(before, "")), months[int(match["month"]) - 1]]
        return " ".join([*words, year(written, "")] if written else words)

    day, month = r"(?P<day>0?[1-9]|[12]\d|3[01])", r"(?P<month>0?[1-9]|1[0-2])"
    return (
        (re.compile(rf"(?<![\d/.-])(?P<year>\d{{4}})([-/.]){month}\2{day}(?![\d/-])"), say),
        (re.compile(rf"(?<![\d/.-]){day}([./-]) ?{month}\2 ?(?P<year>\d{{4}}|\d\d)(?![\d/-])"), say),
        (
            re.compile(
                rf"(?<![\d.,:/-]){day}\. ?{month}(?:\.(?![\d.])|(?![\w.,/-]))"
                rf"(?! ?(?:{one_of(UNITS)})(?!\w))"
            ),
            say,
        ),
    )


def _clock(match: Match) -> str:
    hour, minute, second = match["hour"], match["minute"], match["second"]
    words = [cardinal(hour, "ein"), "uhr"]
    if second:
        words += [_counted(minute, "minute"), _counted(second, "sekunde")]
    elif minute != "00":
        words.append(cardinal(minute))
    return " ".join([*words, *_zone(match)])


def _hours(match: Match) -> str:
    first = f"{cardinal(match['from'], 'ein')} bis " if match["from"] else ""
    return " ".join([f"{first}{cardinal(match['hour'], 'ein')} uhr", *_zone(match)])


def _counted(digits: str, unit: str) -> str:
    return f"{cardinal(digits, 'eine')} {unit}{'' if int(digits) == 1 else 'n'}"


def _zone(match: Match) -> list[str]:
    return [f"{letter}." for letter in (match["zone"] or "").lower()]


def _decade(match: Match) -> str:
    return f"{year(match[1])}er{match[2]}"


def _season(match: Match) -> str:
    return f"{year(match[1])} {number(match[2])}"


_TIMES: tuple[Rule, ...] = (
    (re.compile(r"(?<=\d\.) ?[-–] ?(?=\d{1,3}\. ?[^\W\d_])"), lambda _: "bis"),
    (
        re.compile(r"(?<=\d[:.][0-5]\d)(?: ?[Uu]hr)? ?[-–] ?(?=\d{1,2}[:.][0-5]\d(?: ?[Uu]hr|(?![\d.])))"),
        lambda _: "uhr bis",
    ),
    (re.compile(rf"{_HOUR}:{_MINUTE}(?::(?P<second>[0-5]\d))?(?![\d:])(?: ?[Uu]hr\b)?{_ZONE}"), _clock),
    (re.compile(rf"{_HOUR}\.{_MINUTE}(?P<second>(?!))? ?[Uu]hr\b{_ZONE}"), _clock),
    (
        re.compile(
            rf"(?<![\d.,:/-])(?:(?P<from>\d{{1,2}}) ?[-–] ?)?(?P<hour>[01]?\d|2[0-4]) ?[Uu]hr\b{_ZONE}"
        ),
        _hours,
    ),
)

_NAMED: tuple[Rule, ...] = (
    (re.compile(rf"{_DAY} ?{_MONTH}(?:,? {_YEAR})?", re.I), _day_month),
    (re.compile(rf"\b{_MONTH} {_YEAR}", re.I), _month_year),
    (
        re.compile(r"(?<![\d.,:/-])(?P<month>0[1-9]|1[0-2])[./](?P<year>(?:19|20)\d\d)(?![\d.,/-])"),
        _numbered_month_year,
    ),
    (
        re.compile(r"(?<![\d.,:/-])(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])(?![\d.,/-])"),
        _numbered_month_year,
    ),
)

_YEARS: tuple[Rule, ...] = (
    (re.compile(r"(?<![\d.,/-])(1[1-9]\d\d|20\d\d)er(n|)\b"), _decade),
    (
        re.compile(r"(?<![\d.,/-])([12]\d)(\d\d) ?[/] ?(\d\d|[12]\d{3})(?![\d.,/-])"),
        lambda m: f"{year(m[1] + m[2])} {number(m[3])}",
    ),
    (
        re.compile(r"(?<![\d.,/-])(1[1-9]\d\d|20\d\d) ?[-–] ?(1[1-9]\d\d|20\d\d)(?![\d.,/-])"),
        lambda m: f"{year(m[1])} bis {year(m[2])}",
    ),
)


def rules(region: str | None) -> tuple[Rule, ...]:
    """Dates and times; Austria calls the first month Jänner."""
    months = ("jänner", *MONTHS[1:]) if region == "AT" else MONTHS
    return (*_TIMES, *_numeric(months), *_NAMED, *_YEARS)

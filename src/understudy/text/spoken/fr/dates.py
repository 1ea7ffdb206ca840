"""French dates and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.calendar import numeric_dates
from understudy.text.spoken.fr.numbers import cardinal, number
from understudy.text.spoken.fr.tables import CURRENCIES, MONTH_OF, MONTHS, UNITS
from understudy.text.spoken.rules import Match, Rule, one_of

_MONTH = rf"(?P<month>{one_of(MONTH_OF)})\b\.?"
_BEFORE = r"(?<![\d.,:/-])"
_NUMBER = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>\d{4})\b(?![.,]\d)"
_HOUR = rf"{_BEFORE}(?P<hour>[01]?\d|2[0-4])"
_MINUTE = r"(?P<minute>[0-5]\d)"


def _day(digits: str) -> str:
    return "premier" if digits.lstrip("0") == "1" else cardinal(digits)


def _date(day: int, month: int, year: str | None) -> str:
    words = f"{_day(str(day))} {MONTHS[month - 1]}"
    return f"{words} {number(year)}" if year else words


def _named(match: Match) -> str:
    """``les 17-18-19 juin``, ``1er mai 2003``."""
    days = [_day(day) for day in re.findall(r"\d+", match["days"])]
    words = [*days, MONTH_OF[match["month"].lower()]]
    return " ".join([*words, number(match["year"])] if match["year"] else words)


def _short(match: Match) -> str | None:
    """``17.06``, but not the ``3.10`` of a name and its version."""
    before = re.search(r"(\S+)\s\Z", match.string[: match.start()][-20:])
    if before and before[1][0].isupper() and before[1].lower() not in _LEADING:
        return None
    return _date(int(match["day"]), int(match["month"]), None)


# fmt: off
_LEADING = frozenset({
    "le", "les", "du", "au", "dès", "depuis", "jusqu'au", "avant", "après", "lundi", "mardi", "mercredi",
    "jeudi", "vendredi", "samedi", "dimanche",
})
# fmt: on


def _clock(match: Match) -> str:
    hour, minute, second = match["hour"], match["minute"], match.groupdict().get("second")
    words = [cardinal(hour, feminine=True), "heure" if int(hour) < 2 else "heures"]
    if second:
        words += [_counted(minute, "minute"), _counted(second, "seconde")]
    elif minute and minute != "00":
        words.append(cardinal(minute))
    return " ".join(words)


def _counted(digits: str, unit: str) -> str:
    return f"{cardinal(digits, feminine=True)} {unit}{'' if int(digits) < 2 else 's'}"


_NO_UNIT = rf"(?! ?(?:{one_of([*UNITS, *CURRENCIES])})(?!\w))"

_ALL_DAY, _ALL_WEEK = "vingt-quatre heures sur vingt-quatre", "sept jours sur sept"

RULES: tuple[Rule, ...] = (
    (re.compile(r"(?<![\d/.])24 ?h ?/ ?24(?![\d/])"), lambda _: _ALL_DAY),
    (re.compile(r"(?<![\d/.])24/7(?![\d/])"), lambda _: f"{_ALL_DAY} {_ALL_WEEK}"),
    (re.compile(r"(?<![\d/.])7 ?j? ?/ ?7(?![\d/])"), lambda _: _ALL_WEEK),
    (re.compile(rf"{_HOUR} ?[hH] ?{_MINUTE}(?!\d)(?! ?min\b)"), _clock),
    (re.compile(rf"{_HOUR} heures? {_MINUTE}(?![\w,.])"), _clock),
    (re.compile(rf"{_HOUR}(?:h|H)(?P<minute>(?!))?(?!\w)"), _clock),
    (re.compile(rf"{_HOUR}:{_MINUTE}(?::(?P<second>[0-5]\d))?(?![\d:])"), _clock),
    (
        re.compile(
            rf"{_BEFORE}(?P<days>{_NUMBER}(?:er)?(?: ?[-/–] ?{_NUMBER}){{0,4}}) {_MONTH}(?:,? {_YEAR})?", re.I
        ),
        _named,
    ),
    *numeric_dates(_date),
    (
        re.compile(
            rf"{_BEFORE}(?P<day>0[1-9]|[12]\d|3[01])(?:[./](?=[01])|-(?=0))(?P<month>0[1-9]|1[0-2])(?![\d./-]|,\d|\w)"
            + _NO_UNIT
        ),
        _short,
    ),
)

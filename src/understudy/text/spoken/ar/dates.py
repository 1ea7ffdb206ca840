"""Arabic dates and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.ar.numbers import cardinal, hour, minutes
from understudy.text.spoken.ar.tables import months
from understudy.text.spoken.calendar import numeric_dates
from understudy.text.spoken.rules import Match, Rule

_PARTS_OF_HOUR = {15: "الربع", 20: "الثلث", 30: "النصف"}
_HALVES = {"a": "صباحا", "ص": "صباحا", "p": "مساء", "م": "مساء"}
_HALF = r"(?: ?(?:(?P<half>[ap])\.? ?m\b\.?|(?P<arabic>[صم])(?![^\W_])\.?))"


def _clock(match: Match) -> str:
    minute, seconds = int(match["minute"] or 0), match.groupdict().get("second")
    words = [hour(int(match["hour"]))]
    if minute:
        words.append(_PARTS_OF_HOUR.get(minute) or minutes(minute))
    if seconds and int(seconds):
        words.append(f"{cardinal(seconds)} ثانية")
    half = (match["half"] or match["arabic"] or "").lower()
    return " و".join(words) + (f" {_HALVES[half]}" if half else "")


_NO_MINUTE = r"(?P<minute>(?!))?"
_HOUR, _MINUTE = r"(?<![\d:.,$€£])(?P<hour>[01]?\d|2[0-3])", r"(?P<minute>[0-5]\d)"


def rules(region: str | None) -> tuple[Rule, ...]:
    """Dates, with the months' names of the region, and times."""
    names = months(region)

    def date(day: int, month: int, year: str | None) -> str:
        words = f"{cardinal(str(day))} {names[month - 1]}"
        return f"{words} {cardinal(year)}" if year else words

    return (
        *numeric_dates(date),
        (re.compile(r"(?<=:\d\d) ?[-–] ?(?=\d{1,2}:\d\d)"), lambda _: "إلى"),
        (re.compile(rf"{_HOUR}:{_MINUTE}(?::(?P<second>[0-5]\d))?{_HALF}?(?![\w%:]|[.,]\d)", re.I), _clock),
        (re.compile(rf"{_HOUR}{_NO_MINUTE}{_HALF.replace('صم', 'ص')}", re.I), _clock),
        (
            re.compile(rf"(?<=الساعة )(?P<hour>1[0-2]|[1-9]){_NO_MINUTE}{_HALF}?(?![\w%:]|[.,]\d)", re.I),
            _clock,
        ),
    )

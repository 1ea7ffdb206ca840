"""Spanish dates, years before and after Christ, and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.calendar import numeric_dates
from understudy.text.spoken.es.numbers import cardinal
from understudy.text.spoken.es.tables import MONTH_OF, MONTHS, WEEKDAYS, ZONES
from understudy.text.spoken.numerals import NUMERAL, value
from understudy.text.spoken.rules import Match, Rule, one_of


def _say(day: int, month: int, year: str | None) -> str:
    return _date(str(day), MONTHS[month - 1], f"de {cardinal(year)}" if year else "")


def _date(day: str, month: str, year: str) -> str:
    words = "primero" if int(day) == 1 else cardinal(day)
    return f"{words} de {month} {year}"


def _named(match: Match) -> str | None:
    if match["month"].lower() not in MONTH_OF:
        return None
    year = f"{match['link'] or 'de'} {cardinal(match['year'])}" if match["year"] else ""
    return _date(match["day"], MONTH_OF[match["month"].lower()], year)


def _weekday(match: Match) -> str:
    return WEEKDAYS[match[1].lower()]


_ERAS = {
    r"a ?d? ?j ?c": "antes de jesucristo", r"d ?d? ?j ?c": "después de jesucristo",
    r"a ?de ?j ?c": "antes de jesucristo", r"d ?de ?j ?c": "después de jesucristo",
    r"a ?(?:de?)? ?c": "antes de cristo", r"d ?(?:de?)? ?c": "después de cristo",
    r"a ?n ?e": "antes de nuestra era", r"a ?e ?c": "antes de la era común", r"n ?e": "de nuestra era",
    r"e ?c": "de la era común", r"a ?p": "antes del presente",
}  # fmt: skip
_ERA_OF = [(re.compile(pattern), name) for pattern, name in _ERAS.items()]
_ERA = (
    r"(?P<era>(?:[ad]\. ?(?:de |d\. ?)?(?:j\. ?)?c|ad?c|dd?c|a\. ?n\. ?e|ane|a\. ?e\. ?c|aec"
    r"|[ne]\. ?[ec]|a\. ?p)\b\.?)"
)


def _era(match: Match) -> str:
    letters = " ".join(match["era"].lower().replace(".", " ").split())
    name = next((name for pattern, name in _ERA_OF if pattern.fullmatch(letters)), letters)
    digits = re.sub(r"\D", "", match["year"])
    return f"{cardinal(digits or value(match['year']))} {name}"


def _clock(match: Match) -> str:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    half, zone = match["half"], match["zone"]
    if second:
        words = [
            _counted(hour, "hora", "una"),
            _counted(minute, "minuto", "un"),
            "y " + _counted(second, "segundo", "un"),
        ]
    elif not hour and not minute and not half:
        words = ["cero horas"]
    else:
        words = [cardinal(str(hour), "una")]
        if minute:
            words += ["y", {15: "cuarto", 30: "media"}.get(minute) or cardinal(str(minute))]
    if half:
        words.append(_part_of_day(hour % 12, half.lower()))
    if zone:
        words.append(_zone(match))
    return " ".join(words)


def _counted(n: int, unit: str, form: str) -> str:
    return f"{cardinal(str(n), form)} {unit}{'' if n == 1 else 's'}"


def _part_of_day(hour: int, half: str) -> str:
    if half == "a":
        return "de la mañana" if hour else "de la noche"
    if not hour:
        return "del mediodía"
    return "de la tarde" if hour < 7 else "de la noche"


def _zone(match: Match) -> str:
    words = ZONES[match["zone"].lower()]
    if match["sign"]:
        by, rest = match["by"], match["rest"]
        words += " más " if match["sign"] == "+" else " menos "
        words += f"{cardinal(by, 'una')} {cardinal(rest)}" if rest else cardinal(by)
    return words


_MONTH = rf"(?P<month>{one_of(MONTH_OF)})\b"
_DAY = r"(?<![\d.,:/$€£-])(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>[12]\d{3})(?![\d.,]\d|\d)"

_HALF = r"(?: ?(?P<half>[ap])(?:\. ?)?m\b\.?)"
_OFFSET = r"(?: ?(?P<sign>[+-]) ?(?P<by>\d{1,2})(?:[:.](?P<rest>\d\d))?)?"
_ZONE = rf"(?: ?\(?(?P<zone>{one_of(ZONES)})\b\)?{_OFFSET})"
_HOUR = r"(?<![\d:.,/$€£])(?P<hour>[01]?\d|2[0-4])"
_MINUTE = r"(?P<minute>[0-5]\d)"
_SECOND = r"(?P<second>[0-5]\d)"
_MINUTES = r"(?P<minute>[0-5]?\d) ?(?:m(?:in\.?)?(?![^\W\d_]))?"
_SECONDS = r"(?P<second>[0-5]?\d) ?s(?:eg\.?)?(?!\w)"
_NO = "(?P<{}>(?!))?"  # a group that clocks of this shape lack
_LAST = r"(?![\w%]|[:.,]\d)"


def _time(pattern: str) -> Rule:
    for group in ("minute", "second", "half", "zone", "sign", "by", "rest"):
        if f"(?P<{group}>" not in pattern:
            pattern += _NO.format(group)
    return re.compile(pattern, re.I), _clock


_TIMES: tuple[Rule, ...] = (
    _time(rf"{_HOUR} ?h(?:oras?)?{_ZONE}{_LAST}"),
    _time(rf"{_HOUR}:{_MINUTE}(?::{_SECOND})?(?: ?h(?:s|oras?)?\b\.?)?{_HALF}?{_ZONE}?{_LAST}"),
    _time(rf"{_HOUR}\.{_MINUTE}(?: ?h(?:s|oras?)?\b\.?|{_HALF}){_ZONE}?{_LAST}"),
    _time(rf"(?<=\blas ){_HOUR}\.{_MINUTE}{_LAST}"),
    _time(rf"(?<=\bla ){_HOUR}\.{_MINUTE}{_LAST}"),
    _time(rf"{_HOUR} ?h(?:oras?)? ?{_MINUTES}(?: ?{_SECONDS})?{_ZONE}?{_LAST}"),
    _time(rf"{_HOUR}{_HALF}{_ZONE}?{_LAST}"),
)
# Where points are decimal, 12.15 alone is no time.
_DOTTED = _time(rf"\A\s*{_HOUR}\.{_MINUTE}\s*\Z")


def rules(*, dotted: bool) -> tuple[Rule, ...]:
    """Dates and times; ``dotted`` reads a text that is only ``12.15`` as a time."""
    return (
        (
            re.compile(rf"(?P<year>(?<![\w.,])\d[\d. ]{{0,12}}|(?<=\bsiglo ){NUMERAL}) ?{_ERA}(?!\w)", re.I),
            _era,
        ),
        *numeric_dates(_say),
        (re.compile(rf"\b({one_of(WEEKDAYS)})\.?,?(?= \d{{1,2}} de )", re.I), _weekday),
        (
            re.compile(
                rf"{_DAY}(?:\.?[°º])?(?: de |[ -/]){_MONTH}\.?(?:(?:,? (?P<link>del?\b)?|[-/]) ?{_YEAR})?",
                re.I,
            ),
            _named,
        ),
        (
            re.compile(
                rf"\b(?P<month>[^\W\d_]{{2,10}})\.? (?P<day>\d{{1,2}})(?:,? (?P<link>del?\b)?) ?{_YEAR}"
            ),
            _named,
        ),
        (re.compile(r"(?<=:\d\d) ?[-–] ?(?=\d{1,2}:\d\d)"), lambda _: "a"),
        *_TIMES,
        *((_DOTTED,) if dotted else ()),
    )

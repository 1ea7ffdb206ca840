"""Portuguese dates and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.calendar import numeric_dates
from understudy.text.spoken.pt.numbers import cardinal
from understudy.text.spoken.pt.tables import MONTH_OF, MONTHS
from understudy.text.spoken.rules import Match, Rule, one_of

_PARTS = {"madrugada": range(6), "manhã": range(6, 12), "tarde": range(12, 18), "noite": range(18, 24)}

_MONTH = rf"(?P<month>{one_of(MONTH_OF)})\b"
_DAY = r"(?<![\d.,:/$€£-])(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>[12]\d{3})(?![\d.,]\d|\d)"
_HOUR = r"(?<![\d:.,/$€£])(?P<hour>[01]?\d|2[0-4])"
_MINUTE, _SECOND = r"(?P<minute>[0-5]\d)", r"(?P<second>[0-5]\d)"
_OF_YEAR = rf"(?:(?:,? (?:de )?|[-/]){_YEAR})?"
_H, _MIN = r"h(?:s|oras?)?", r"(?: ?m(?:in)?(?![^\W\d_]))?"
_PART = rf"(?: ?da (?P<part>{'|'.join(_PARTS)})\b| ?(?P<half>[ap])(?:\. ?)?m\b\.?)?"
_LAST = r"(?![\w%]|[:.,]\d)"


class Calendar:
    """The rules for a variety's words; ``european`` as in numbers."""

    def __init__(self, *, european: bool) -> None:
        self.european = european

    def _cardinal(self, n: int | str, ending: str = "o") -> str:
        return cardinal(str(n), ending, self.european)

    def _date(self, day: int, month: int, year: str | None) -> str:
        words = "primeiro" if day == 1 else self._cardinal(day)
        return f"{words} de {MONTHS[month - 1]}" + (f" de {self._cardinal(year)}" if year else "")

    def _named(self, match: Match) -> str:
        month = MONTHS.index(MONTH_OF[match["month"].lower()]) + 1
        return self._date(int(match["day"]), month, match["year"])

    def _clock(self, match: Match) -> str:
        groups = match.groupdict()
        hour, minute, second = (groups.get(name) for name in ("hour", "minute", "second"))
        n, part, half = int(hour or 0), match["part"], match["half"]
        if half:
            part = "manhã" if half.lower() == "a" else "tarde" if n % 12 < 6 else "noite"
        elif part and n > 12 and n in _PARTS[part.lower()]:
            n -= 12
        words = [self._counted(n, "hora", "a")]
        if second:
            words += [self._counted(int(minute or 0), "minuto"), self._counted(int(second), "segundo")]
        elif minute and int(minute):
            words.append(self._cardinal(int(minute)))
        return " e ".join(words) + (f" da {part}" if part else "")

    def _counted(self, n: int, unit: str, ending: str = "o") -> str:
        return f"{self._cardinal(n, ending)} {unit}{'' if n == 1 else 's'}"

    def rules(self, *, dotted: bool) -> tuple[Rule, ...]:
        """Dates and times; ``dotted`` reads a text that is only ``12.15`` as a time."""
        named, clock = self._named, self._clock
        alone = re.compile(rf"\A\s*{_HOUR}\.{_MINUTE}(?P<part>(?!))?(?P<half>(?!))?\s*\Z")
        return (
            *numeric_dates(self._date),
            (re.compile(rf"{_DAY}(?:\.?[°º])?(?: de |[ -/]){_MONTH}\.?{_OF_YEAR}", re.I), named),
            (re.compile(r"(?<=:\d\d) ?[-–] ?(?=\d{1,2}:\d\d)"), lambda _: "a"),
            (re.compile(rf"{_HOUR}:{_MINUTE}(?::{_SECOND})?(?: ?{_H}\b\.?)?{_PART}{_LAST}", re.I), clock),
            (re.compile(rf"{_HOUR} ?{_H} ?{_MINUTE}{_MIN}(?: ?{_SECOND} ?s)?{_PART}{_LAST}", re.I), clock),
            (re.compile(rf"{_HOUR} ?hs?{_PART}{_LAST}", re.I), clock),
            (re.compile(rf"{_HOUR}(?= ?[ap]\.? ?m){_PART}{_LAST}", re.I), clock),
            (re.compile(rf"(?<=\bàs ){_HOUR}\.{_MINUTE}{_PART}{_LAST}", re.I), clock),
            *(((alone, clock),) if dotted else ()),
        )  # fmt: skip

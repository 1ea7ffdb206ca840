"""What Tamil and Telugu share: the shapes of numbers, money, times and ranges, and their rules' order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from understudy.text.spoken.addresses import addresses
from understudy.text.spoken.calendar import SayDate, numeric_dates
from understudy.text.spoken.indian import SHAPE
from understudy.text.spoken.numbers import ROMAN, hundredths, roman_value
from understudy.text.spoken.rules import Match, Rule, one_of

# Vowel signs are no letters to \w and \b. Digits are ASCII by now.
START = r"(?<![\w\u0b80-\u0bff\u0c00-\u0c7f])"
END = r"(?![\w\u0b80-\u0bff\u0c00-\u0c7f])"
_MINUS = r"(?:(?:(?<=[\s(])|^)[-−])?"
_AMOUNT = rf"(?P<minus>{_MINUS})(?:(?=\d)|{START}(?=\.\d))(?P<whole>{SHAPE.integer})?(?:\.(?P<part>\d+))?"
_CLOCK = r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"
_RANGE = r"(?<![A-Za-z\d.,:/-])(\d{1,4}) ?[-–—] ?(\d{1,4})(?![A-Za-z\d/]|[.,:]\d|-\d)"
_HALF = r" ?(?P<half>[ap])\.? ?m\b\.?"


@dataclass(frozen=True)
class Language:
    """The words of a language. Numbers are given as digits, with or without groups.

    Args:
        cardinal: ``21`` by itself.
        counting: ``21`` before what is counted.
        spelled: digit by digit.
        fraction: ``say(whole, above, below, stands before a noun)``; whole may be missing.
        date: as in :mod:`understudy.text.spoken.calendar`.
        clock: ``say(hour, minute, second, before)``; ``before`` says that the word for hours follows.
        half: ``say("a" or "p", time)``: a time before or after noon.
        hours: a pattern of the word for hours.
        nouns: a pattern of how often counted nouns begin.
        point, minus, to: words.
        currencies: sign to one, many, one hundredth, many hundredths.
        scales: 100,000 and the like as written, to how they stand before a noun.
        units: written to templates (``{} km``) for one and many.
        signs: what signs are called.
        address_signs: what signs are called in addresses.
        abbreviations: written to words; each ends in a full stop.
    """

    cardinal: Callable[[str], str]
    counting: Callable[[str], str]
    spelled: Callable[[str], str]
    fraction: Callable[[str, str, str, bool], str]
    date: SayDate
    clock: Callable[[str, str, str | None, bool], str]
    half: Callable[[str, str], str]
    hours: str
    nouns: str
    point: str
    minus: str
    to: str
    currencies: Mapping[str, tuple[str, str, str, str]]
    scales: Mapping[str, str]
    units: Mapping[str, tuple[str, str]]
    signs: Mapping[str, str]
    address_signs: Mapping[str, str]
    abbreviations: Mapping[str, str]

    @property
    def work(self) -> str:
        """What :meth:`rules` want besides digits."""
        signs = re.escape("".join(self.signs))
        letters = r"[^\W\d_]\. ?[^\W\d_]\."
        return rf"[{signs}]|[IVX]{{2}}|[A-Za-z]\.[A-Za-z]|{letters}|{START}(?:{one_of(self.abbreviations)})"

    def rules(self, endings: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """All rules; ``endings`` are those for what is written at a number's end: ``5-ஆம்``."""
        return (*self._codes(), *self._times(), *self._amounts(), *endings, *self._plain())

    def _codes(self) -> tuple[Rule, ...]:
        def digits(match: Match) -> str | None:
            plus = f"{self.signs['+']} " if match.group().startswith("+") else ""
            return plus + self.spelled(match.group())

        return (
            (re.compile(r"&(?:#\d+|[a-z]+);"), lambda _: ""),  # left over from a web page
            *addresses(self.address_signs, str, self.spelled),
            (re.compile(r"(?<![\w+])\+\d[\d ()-]{6,18}\d(?!\d)"), digits),
            (re.compile(r"(?<![\w.,-])0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}(?![\d-])"), digits),
            (re.compile(r"(?<![\w.,-])[6-9]\d{4}[ -]?\d{5}(?!\d|[.,-]\d)"), digits),
            (re.compile(r"(?<![\d-])\d{4}(?:[ -]\d{4}){2,3}(?![\d-])"), digits),
            (
                re.compile(rf"{START}({one_of(self.abbreviations)})"),
                lambda match: self.abbreviations[match[1]],
            ),
        )

    def _times(self) -> tuple[Rule, ...]:
        def clock(match: Match) -> str:
            before = match["hours"] is not None
            return self.clock(match["hour"], match["minute"], match["second"], before)

        def halved(match: Match) -> str:
            minute = match.groupdict().get("minute")
            return self.half(match["half"].lower(), self._time(match["hour"], minute))

        return (
            *numeric_dates(self.date),
            (re.compile(_CLOCK + _HALF, re.I), halved),
            (re.compile(rf"(?<![\d.:])(?P<hour>1[0-2]|0?[1-9]){_HALF}", re.I), halved),
            (re.compile(rf"{_CLOCK}(?P<hours>(?= ?(?:{self.hours})))?"), clock),
            (
                re.compile(
                    rf"(?<![\d.,])(?P<hour>[01]?\d|2[0-4])\.(?P<minute>[0-5]\d)(?P<second>x)?"
                    rf"(?P<hours>(?= ?(?:{self.hours})))"
                ),
                clock,
            ),
            (
                re.compile(r"(?<![A-Za-z\d.,:/-])(\d{1,4}) ?[-–—] ?(\d{1,4})(?![A-Za-z\d/]|[.,:]\d|-\d)"),
                self._range,
            ),
        )

    def _time(self, hour: str, minute: str | None) -> str:
        """``7``, ``30`` -> seven thirty."""
        words = self.cardinal(str(int(hour)))
        return f"{words} {self.cardinal(str(int(minute)))}" if minute and int(minute) else words

    def _range(self, match: Match) -> str | None:
        """Numbers that rise, also 1957-58; they stay digits, for what may follow them."""
        first, second = match[1], match[2]
        if len(first) == 4 and len(second) == 2:
            rising = first[2:] < second
        else:
            rising = int(first) < int(second) and not second.startswith("0")
        return f"{first} {self.to} {second}" if rising else None

    def _amounts(self) -> tuple[Rule, ...]:
        signs = one_of(self.currencies)
        scale = rf"(?: ?(?P<scale>{one_of(self.scales)}){END})?"
        return (
            (re.compile(rf"{START}(?P<sign>{signs}) ?{_AMOUNT}{scale}(?:/-)?"), self._money),
            (re.compile(rf"{_AMOUNT}{scale} ?(?P<sign>{signs}){END}"), self._money),
            (
                re.compile(
                    rf"(?<![\d/.,])(?:({SHAPE.integer}) )?({SHAPE.integer})/({SHAPE.integer})(?![\d/])"
                ),
                self._fraction,
            ),
            (re.compile(rf"{_AMOUNT} ?(?P<unit>{one_of(self.units)})(?![a-zA-Z0-9²³])"), self._measure),
        )

    def _number(self, match: Match, *, counting: bool = False) -> str:
        whole, part = SHAPE.digits(match["whole"]), match["part"]
        say = self.counting if counting and not part else self.cardinal
        words = say(whole or "0")
        if part:
            words += f" {self.point} {self.spelled(part)}"
        return f"{self.minus} {words}" if match["minus"] else words

    def _money(self, match: Match) -> str:
        one, many, cent, cents = self.currencies[match["sign"]]
        if match["scale"]:
            return f"{self._number(match, counting=True)} {self.scales[match['scale']]} {many}"
        coins = hundredths(match["part"] or "") if cent else ""
        if coins is None or (match["part"] and not cent):
            return f"{self._number(match)} {many}"
        whole = SHAPE.digits(match["whole"]).lstrip("0")
        words = [self.minus] if match["minus"] else []
        if whole or not coins:
            words += [self.counting(whole or "0"), one if whole == "1" else many]
        if coins:
            words += [self.counting(coins.lstrip("0")), cent if coins == "01" else cents]
        return " ".join(words)

    def _fraction(self, match: Match) -> str:
        following = match.string[match.end() : match.end() + 2].strip()[:1]
        whole, above, below = (SHAPE.digits(each).lstrip("0") for each in match.groups())
        if not above or not below:
            return f"{self.cardinal(match[2])} {self.cardinal(match[3])}"
        return self.fraction(whole, above, below, following.isalpha())

    def _measure(self, match: Match) -> str:
        one, many = self.units[match["unit"]]
        template = one if SHAPE.is_one(match) else many
        return template.format(self._number(match, counting=True))

    def _plain(self) -> tuple[Rule, ...]:
        def roman(match: Match) -> str:
            return self.cardinal(str(roman_value(match.group())))

        return (
            (re.compile(rf"{START}(?!XX+{END})(?=[IVX]{{2}}){ROMAN}"), roman),
            (
                re.compile(r"(?<![A-Za-z.])[A-Za-z](?:\.[A-Za-z])+(?![A-Za-z])\.?"),
                lambda match: " ".join(f"{letter}." for letter in match.group() if letter != "."),
            ),
            (re.compile(r"(?<=\d) ?[×x*] ?(?=\d)"), lambda _: self.signs["×"]),
            (
                re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}(?!\d)"),
                lambda match: f" {self.point} ".join(map(self.cardinal, match.group().split("."))),
            ),
            (
                re.compile(
                    rf"(?<![\d.,])(?P<whole>{SHAPE.integer})(?P<minus>)(?P<part>)(?= ?(?:{self.nouns}))"
                ),
                lambda match: self._number(match, counting=True),
            ),
            (re.compile(_AMOUNT), self._number),
            (re.compile(f"[{re.escape(''.join(self.signs))}]"), lambda match: self.signs[match.group()]),
        )


def metric_units(
    prefixes: Mapping[str, str], bases: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """``km`` and so on, each prefix with each unit, as templates for one and many."""
    names = {**prefixes, "": ""}
    return {
        short + unit: (f"{{}} {names[short]}{one}", f"{{}} {names[short]}{many}")
        for short in names
        for unit, (one, many) in bases.items()
    }

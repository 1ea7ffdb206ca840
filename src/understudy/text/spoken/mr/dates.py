"""Marathi dates, years and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.calendar import numeric_dates
from understudy.text.spoken.devanagari import END, START
from understudy.text.spoken.mr.numbers import cardinal, quarters, year
from understudy.text.spoken.mr.tables import CASES, MONTHS
from understudy.text.spoken.rules import Match, Rule, one_of

_ALONE = r"(?<![\d/.,:-])"
_AFTER = r"(?![\d/:-]|[.,]\d)"
_YEAR = r"(?P<year>[1-9]\d{3})(?![\d:]|[.,/]\d)"
_CASE = rf"(?P<case>(?:{one_of(CASES)}){END})?"
_MONTH = rf"{START}(?P<month>{one_of(MONTHS)}){END}"
_YEAR_FOLLOWS = (
    r"(?:(?= ?(?:साल|मध्य|मधील|मधून|पासून|पर्यंत|पूर्वी|नंतर|दरम्यान|रोजी|च्या|चा|ची|चे|ला|ते|दशक|शतक))"
    r"|(?=\)))"
)
_HALVES = {"a": "ए एम", "p": "पी एम"}
_HOUR = r"(?P<hour>[01]?\d|2[0-4])"
_O_CLOCK = rf"(?P<clock> ?(?:वाजता{END}|वा\.|वाज[ऀ-ॣ]+))"


def _say(day: int, month: int, written_year: str | None) -> str:
    words = f"{cardinal(str(day))} {MONTHS[month - 1]}"
    return f"{words} {year(written_year)}" if written_year else words


def _month_year(match: Match) -> str:
    return f"{MONTHS[int(match[1]) - 1]} {year(match[2])}"


def _named(match: Match) -> str:
    """The month, as it was written, with the numbers around it."""
    groups = match.groupdict()
    words = [
        cardinal(groups["before"]) if groups.get("before") else "",
        match["month"],
        cardinal(groups["after"]) if groups.get("after") else "",
        year(groups["year"]) + (groups.get("case") or "") if groups.get("year") else "",
    ]
    return " ".join(filter(None, words))


def _years(match: Match) -> str:
    second = year(match[2]) if len(match[2]) == 4 else cardinal(match[2])
    return f"{year(match[1])} ते {second}{match['case'] or ''}"


def _year(match: Match) -> str:
    return year(match["year"]) + (match["case"] or "")


def _clock(match: Match) -> str:
    """Quarters have names of their own; other minutes are counted after the hour has struck."""
    hour, minute, second = str(int(match["hour"])), int(match["minute"]), match["second"]
    clock = (match["clock"] or "").strip()
    half = f" {_HALVES[match['half'].lower()]}" if match["half"] else ""
    at = clock in ("वाजता", "वा.")
    if second and int(second):
        minutes = f" {_minutes(minute, at=False)}" if minute else ""
        return f"{cardinal(hour)} वाजून{minutes} {cardinal(second)} {'सेकंदांनी' if at else 'सेकंद'}{half}"
    part = {0: "", 15: "25", 30: "5", 45: "75"}.get(minute)
    if part == "" or (part and 1 <= int(hour) <= 12):
        counted = "0" if (hour, part) == ("12", "75") else hour  # a quarter to one
        words = quarters(counted, part) or cardinal(hour)
        within = clock or half or match["until"] is not None or match.string[: match.start()].endswith("ते ")
        return f"{words}{half} {clock if within and not at else 'वाजता'}".rstrip()
    return f"{cardinal(hour)} वाजून {_minutes(minute, at=at)}{half}"


def _minutes(count: int, *, at: bool) -> str:
    name = "मिनिटांनी" if at and count > 1 else "मिनिटाने" if at else "मिनिटे" if count != 1 else "मिनिट"
    return f"{cardinal(str(count))} {name}"


_UNTIL = r"(?P<until>(?= ?(?:ते|पर्यंत|पासून|च्या|चा|ची|चे|ला|नंतर|पूर्वी|आधी|[-–])))?"
_HALF = r"(?: ?(?P<half>[ap])\.? ?m\b\.?)?"

RULES: tuple[Rule, ...] = (
    *numeric_dates(_say),
    (re.compile(rf"{_ALONE}(0[1-9]|1[0-2])[-/]([12]\d{{3}}){_AFTER}"), _month_year),
    (re.compile(rf"(?<![\d.,:/-])(?P<before>\d{{1,2}})[ -]{_MONTH}(?:(?:,? ?| |-){_YEAR}{_CASE})?"), _named),
    (
        re.compile(rf"{_MONTH} (?:(?P<after>\d{{1,2}})(?:, ?| )(?![\d.])|(?=\d{{4}}(?!\d))){_YEAR}{_CASE}"),
        _named,
    ),
    (re.compile(rf"{_ALONE}([12]\d{{3}})(?: ?[-–] ?| ते )([12]\d{{3}}|\d{{2}}){_AFTER}{_CASE}"), _years),
    (re.compile(rf"(?:(?<=सन )|(?<=साल )|(?<=वर्ष )|(?<=शके )){_YEAR}{_CASE}"), _year),
    (re.compile(rf"{_ALONE}(?P<year>1[1-9]\d\d|20\d\d){_YEAR_FOLLOWS}{_CASE}"), _year),
    (
        re.compile(
            rf"(?<![\d:.]){_HOUR}:(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:]){_HALF}{_O_CLOCK}?{_UNTIL}",
            re.I,
        ),
        _clock,
    ),
    # A full stop between hour and minute, as Marathi prefers, is a time only with the word for it.
    (
        re.compile(rf"(?<![\d:.]){_HOUR}\.(?P<minute>[0-5]\d)(?P<second>)(?P<half>){_O_CLOCK}(?P<until>)"),
        _clock,
    ),
    (
        re.compile(r"(?<![\d:.])(?P<hour>\d{1,2}) ?(?P<half>[ap])\.?m\b\.?", re.I),
        lambda match: f"{cardinal(match['hour'])} {_HALVES[match['half'].lower()]}",
    ),
)

ERAS: tuple[Rule, ...] = (
    (re.compile(rf"{START}इ\. ?स\. ?(?:वी )?(?:सन )?पू(?:\.|र्व{END}|{END})"), lambda _: "इसवी सन पूर्व"),
    (re.compile(rf"{START}इ\. ?स\."), lambda _: "इसवी सन"),
)
"""Before the years, which they announce."""

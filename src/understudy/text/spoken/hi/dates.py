"""Hindi dates, years and times of day."""

from __future__ import annotations

import re

from understudy.text.spoken.calendar import numeric_dates
from understudy.text.spoken.devanagari import END, START
from understudy.text.spoken.hi.numbers import cardinal, quarters, year
from understudy.text.spoken.hi.tables import MONTH_SPELLINGS, MONTHS
from understudy.text.spoken.rules import Match, Rule, one_of

_DD = r"(0[1-9]|[12]\d|3[01])"
_MM = r"(0[1-9]|1[0-2])"
_ALONE = r"(?<![\d/.,:-])"
_AFTER = r"(?![\d/:-]|[.,]\d)"
_YEAR = r"(?P<year>[1-9]\d{3})(?![\d:]|[.,/]\d)"
_MONTH = rf"{START}(?P<month>{one_of(MONTH_SPELLINGS)}){END}"
_YEAR_FOLLOWS = r"(?=\)| ?(?:में|का|की|के|से|तक|ईस्वी|ईसवी|शताब्दी|दशक|सदी)(?![\wऀ-ॣ]))"
_HALF = {"a": "ए एम", "p": "पी एम"}


def _day(digits: str) -> str:
    """The sixth day has the older spelling छः."""
    return "छः" if int(digits) == 6 else cardinal(digits)


def _say(day: int, month: int, written_year: str | None) -> str:
    words = f"{_day(str(day))} {MONTHS[month - 1]}"
    return f"{words} {year(written_year)}" if written_year else words


def _month_first(match: Match) -> str:
    written_year = match.groupdict().get("year")
    words = f"{MONTHS[int(match['mm']) - 1]} {_day(match['dd'])}"
    return f"{words} {year(written_year)}" if written_year else words


def _day_month(match: Match) -> str | None:
    first, separator, second = match.groups()
    if separator == "/" and "0" not in (first[0], second[0]):
        return None
    if first[0] != "0" and second[0] != "0" and first < second:
        return None  # 10-12 is a range
    return _say(int(first), int(second), None)


def _month_year(match: Match) -> str:
    return f"{MONTHS[int(match[1]) - 1]} {year(match[2])}"


def _named(match: Match) -> str:
    """The month, as it was written, with the numbers around it."""
    groups = match.groupdict()
    before, after = groups.get("before"), groups.get("after")
    written_year = groups.get("year")
    words = [cardinal(before)] if before else []
    words.append(match["month"])
    words += [cardinal(after)] if after else []
    return " ".join([*words, year(written_year)] if written_year else words)


def _years(match: Match) -> str:
    first, second = match[1], match[2]
    return f"{year(first)} से {year(second) if len(second) == 4 else cardinal(second)}"


def _clock(match: Match) -> str:
    hour, minute, second = str(int(match["hour"])), int(match["minute"]), match["second"]
    half = f" {_HALF[match['half'].lower()]}" if match["half"] else ""
    full_hour = " बजे" if match["baje"] else ""
    if second and int(second):
        minutes = f" {cardinal(str(minute))} मिनट" if minute else ""
        return f"{cardinal(hour)} बजकर{minutes} {cardinal(second)} सेकंड{half}"
    if not minute:
        return f"{cardinal(hour)} बजे{half}"
    part = {15: "25", 30: "5"}.get(minute)
    if part and hour != "0" and not second and (words := quarters(hour, part)):
        return words + full_hour + half
    return f"{cardinal(hour)} बजकर {cardinal(str(minute))} मिनट{half}"


_VERSES = r"\d{1,3}(?: ?[,–-] ?\d{1,3}(?![\d:]))*"


def _verses(match: Match) -> str:
    """Chapter and verses: ``24:7-10`` before a closing bracket, or after one and a book, is no time."""
    verses = re.sub(r"(?<=\d) ?[–-] ?(?=\d)", " से ", match["verses"]).replace(",", " ")
    words = re.sub(r"\d+", lambda verse: cardinal(verse.group()), verses)
    return f"{match.groupdict().get('book') or ''}{cardinal(match['chapter'])} {words}"


RULES: tuple[Rule, ...] = (
    (
        re.compile(
            rf"{_ALONE}(?P<mm>0?[1-9]|1[0-2])([/.-])(?P<dd>1[3-9]|2\d|3[01])\2(?P<year>\d{{4}}|\d{{2}})(?![\d/-])"
        ),
        _month_first,
    ),
    *numeric_dates(_say),
    (re.compile(rf"{_ALONE}{_MM}(?:-|/(?=19|20))([12]\d{{3}}){_AFTER}"), _month_year),
    (re.compile(rf"{_ALONE}{_DD}([-/]){_MM}{_AFTER}"), _day_month),
    (
        re.compile(rf"{_ALONE}(?P<mm>0[1-9]|1[0-2])-(?P<dd>1[3-9]|2\d|3[01]){_AFTER}(?<=0\d-\d\d)"),
        _month_first,
    ),
    (re.compile(rf"(?<![\d.,:/-])(?P<before>\d{{1,2}})[ -]{_MONTH}(?:(?:, ?|[ -]){_YEAR})?"), _named),
    (
        re.compile(rf"{_MONTH} (?:(?P<after>\d{{1,2}})(?:, ?| )(?![\d.])|(?!\d\d?\b)(?=\d{{4}}\b)){_YEAR}"),
        _named,
    ),
    (re.compile(rf"{_ALONE}([12]\d{{3}}) ?[-–] ?([12]\d{{3}}|\d{{2}}){_AFTER}"), _years),
    (re.compile(rf"(?:(?<=सन )|(?<=सन् )|(?<=साल )|(?<=वर्ष )){_YEAR}"), lambda match: year(match["year"])),
    (re.compile(rf"{_ALONE}(?P<year>[12]\d{{3}}){_YEAR_FOLLOWS}"), lambda match: year(match["year"])),
    (re.compile(r"(?<![\d.,:])(\d{1,4}) ?ई\. ?पू\.?"), lambda match: f"{year(match[1])} ईसा पूर्व"),
    (re.compile(r"(?<![\d.,:])(\d{1,4}) ?ई\.(?! ?वी)"), lambda match: f"{year(match[1])} ईसवी"),
    (re.compile(rf"(?<![\d:(])(?P<chapter>\d{{1,3}}):(?P<verses>{_VERSES})(?=\))"), _verses),
    (
        re.compile(
            r"(?<=\()(?P<book>(?:\d )?[^\W\d][^()\d:]{1,20} )(?P<chapter>\d{1,3}):"
            rf"(?P<verses>{_VERSES})(?!\d)"
        ),
        _verses,
    ),
    (
        re.compile(
            r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"
            rf"(?: ?(?P<half>[ap])\.? ?m\b\.?)?(?P<baje> ?बजे{END})?",
            re.I,
        ),
        _clock,
    ),
    # A full stop between hour and minute is a time only with the word for it.
    (
        re.compile(
            rf"(?<![\d:.])(?P<hour>1?\d|2[0-4])\.(?P<minute>[0-5]\d)(?P<second>)(?P<half>)(?P<baje> ?बजे{END})"
        ),
        _clock,
    ),
    (
        re.compile(r"(?<![\d:.])(?P<hour>\d{1,2}) ?(?P<half>[ap])\.?m\b\.?", re.I),
        lambda m: f"{cardinal(m['hour'])} {_HALF[m['half'].lower()]}",
    ),
)

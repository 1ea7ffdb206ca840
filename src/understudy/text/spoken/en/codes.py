"""English addresses of the net, telephone numbers, serial numbers and street addresses."""

from __future__ import annotations

import re

from understudy.text.spoken.addresses import addresses
from understudy.text.spoken.en.numbers import (
    LONGEST,
    cardinal,
    ordinal,
    paired,
    part_number,
    short_number,
    spelled,
)
from understudy.text.spoken.en.tables import COMPASS, DOUBTFUL_STATES, NET_SIGNS, STATES, STREETS
from understudy.text.spoken.numbers import too_long
from understudy.text.spoken.rules import Match, Rule, one_of


def _net_number(digits: str) -> str:
    """Digit by digit, but ``rtx-6000`` -> six thousand."""
    return cardinal(digits) if re.fullmatch(r"[1-9]\d?000", digits) else spelled(digits)


def _digits(match: Match) -> str:
    """Digit by digit; letters between them stay."""
    plus = "plus " if match.group().startswith("+") else ""
    parts = re.findall(r"\d+|[^\W\d_]+", match.group())
    return plus + " ".join(spelled(part) if part.isdecimal() else part for part in parts)


def _area(digits: str) -> str:
    """``800`` -> eight hundred."""
    return f"{spelled(digits[0])} hundred" if digits.endswith("00") else spelled(digits)


def _telephone(match: Match) -> str:
    said = _area(match["area"] or match["bare"])
    before = match["country"] or ""
    return " ".join(["plus" if "+" in before else "", spelled(before), said, spelled(match["rest"])])


def _street(match: Match) -> str:
    words = (COMPASS.get(word, word) for word in match["name"].split())
    said = (ordinal(word[:-2]) if word[0].isdecimal() else word for word in words)
    house = match["house"]
    numbered = cardinal(house, " ") if len(house) in (1, 2, 5) else paired(house)
    return " ".join([numbered, *said, STREETS[match["street"]]])


def _state(match: Match) -> str | None:
    """``, OK`` and ``, IN`` are states only before a post code."""
    name, code = match["state"], match["zip"]
    if name in DOUBTFUL_STATES and not code:
        return None
    return f", {STATES[name]} {spelled(code) if code else ''}"


def _hyphenated(match: Match) -> str | None:
    """``1-413-te-b`` -> one four hundred thirteen te-b; two numbers alone are a range or a score."""
    written = match.group()
    if written.replace("-", "").isdecimal() and written.count("-") < 2:
        return None
    return "-".join(map(_part, written.split("-")))


def _part(part: str) -> str:
    if part.isdecimal():
        return f" {part_number(part)} "
    return f" {_serial(part)} " if re.search("[0-9]", part) else part.lower()


def _serial(written: str) -> str:
    """``C24`` -> c twenty four, ``ab9453`` -> ab nine four five three."""
    parts = re.findall(r"\d+|[^\W\d_]+", written)
    return " ".join(short_number(part) if part[0].isdecimal() else part.lower() for part in parts)


RULES: tuple[Rule, ...] = (
    too_long(LONGEST, spelled),
    *addresses(NET_SIGNS, lambda word: "jpeg" if word == "jpg" else word, _net_number),
    (
        re.compile(r"(?<![\w.-])[a-z]\w{1,63}\.[a-z]{2,4}(?![\w.-])"),
        lambda match: match.group().replace(".", " dot ").replace("jpg", "jpeg"),
    ),
    (
        re.compile(r"(?<![\w/])[^\W\d]+(?:/[^\W\d]+){2,}(?![\w/])"),
        lambda m: m.group().replace("/", " slash "),
    ),
    (
        re.compile(r"(?<![\w-])1-([2-9]\d\d)-(?=[A-Z])(\w+(?:-\w+)*)"),
        lambda match: f"one {_area(match[1])} {match[2].replace('-', ' ').lower()}",
    ),
    (
        re.compile(
            r"(?<![\w+.-])(?P<country>\+?\d{1,3}[ .-])?(?:\((?P<area>\d{3})\)[ -]?|(?P<bare>\d{3})[ .-])"
            r"(?P<rest>\d{3}[ .-]\d{4}(?:-\d{1,5})?)(?!\d)"
        ),
        _telephone,
    ),
    (re.compile(r"(?<![\w.,$£€-])[2-9]\d\d-\d{2}(?!00)\d\d(?![\w-]|[.,]\d)"), _digits),
    (re.compile(r"(?<!\w)\+\d[\d ()-]{5,18}\d\b"), _digits),
    (re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])|(?<![\w-])(?:\d{4}[ -]){3}\d{4}(?![\w-])"), _digits),
    (re.compile(r"\d{4}\b(?:(?<=\bending in \d{4})|(?<=[dt] card \d{4}))"), _digits),
    (
        re.compile(
            r"(?<![\w.,/-])(?P<house>\d{1,5}) "
            r"(?P<name>(?:[NSEW] )?(?:(?:[A-Z][a-z]+|\d{1,3}(?:st|nd|rd|th)) ){1,3}?)"
            rf"(?P<street>{one_of(STREETS)})\b\.?"
        ),
        _street,
    ),
    (re.compile(rf"(?<=[a-z]), (?P<state>{one_of(STATES)})\b(?: (?P<zip>\d{{5}})(?!\d))?(?! [a-z])"), _state),
)

HYPHENATED: Rule = (re.compile(r"(?<![\w.,/-])(?=[^\W_])\w+(?:-\w+)+(?![\w/]|[.,]\d)"), _hyphenated)
SERIAL: Rule = (re.compile(r"(?:[^\W\d_]+\d|\d+[^\W\d_])\w*"), lambda match: _serial(match.group()))
"""Both for after dates, times and measures, which look alike."""

"""German telephone numbers and other digits that are read one by one, and addresses of the net."""

from __future__ import annotations

import re

from understudy.text.spoken.de.numbers import LONGEST, ONES, cardinal, spelled
from understudy.text.spoken.de.tables import NET_SIGNS, NET_WORDS
from understudy.text.spoken.numbers import too_long
from understudy.text.spoken.rules import Match, Rule
from understudy.text.spoken.spelled import spelled_addresses


def _telephone(match: Match) -> str:
    country = match.groupdict().get("country")
    if not country:
        return spelled(match.group())
    code = cardinal(country) if len(country) == 2 else spelled(country)
    return f"plus {code} {spelled(match['rest'])}"


def _subscriber(match: Match) -> str | None:
    """``1234-1233``; two numbers of a length that grow are a range, of years for example."""
    first, second = match.group().split("-")
    return None if len(first) == len(second) and first < second else spelled(match.group())


RULES: tuple[Rule, ...] = (
    too_long(LONGEST, spelled),
    *spelled_addresses(NET_SIGNS, NET_WORDS, ONES[:10]),
    (
        re.compile(
            r"(?<![\w+])\+(?P<country>\d{1,3})(?P<rest>[ /-]?(?:\(0?\d{0,5}\))?[ /-]?\d[\d /-]{4,18}\d)\b"
        ),
        _telephone,
    ),
    (
        re.compile(r"(?<![\w.,+/-])(?P<rest>\((?:0\d{1,5}|\d{3,5})\) ?\d[\d /-]{2,14}\d)(?![\w,])"),
        _telephone,
    ),
    (
        re.compile(r"(?<![\w.,+/-])0\d{1,5}(?: ?[-/] ?| )\d(?:[\d]|[ -](?=\d)){2,14}(?![\w,.-]\d|\w)"),
        _telephone,
    ),
    (
        re.compile(r"(?<![\w.,+/-])\d{3,5}-\d{4,9}(?![\w,.-]\d|\w)"),
        _subscriber,
    ),
    (re.compile(r"(?<![\w.,+/-])(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}(?!\w)"), _telephone),
)

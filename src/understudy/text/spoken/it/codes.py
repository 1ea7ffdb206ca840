"""Italian telephone numbers and other digits that are read one by one, and addresses of the net."""

from __future__ import annotations

import re

from understudy.text.spoken.it.numbers import LONGEST, ONES, cardinal, spelled
from understudy.text.spoken.it.tables import NET_SIGNS, NET_WORDS
from understudy.text.spoken.numbers import too_long
from understudy.text.spoken.rules import Match, Rule
from understudy.text.spoken.spelled import spelled_addresses


def _international(match: Match) -> str:
    return f"più {cardinal(match['country'])} {spelled(match['rest'])}"


def _digits(match: Match) -> str:
    return spelled(match.group())


RULES: tuple[Rule, ...] = (
    too_long(LONGEST, spelled),
    *spelled_addresses(NET_SIGNS, NET_WORDS, ONES[:10]),
    (
        re.compile(r"(?<![\w+])\+(?P<country>\d{1,3})(?P<rest>[ ./-]?\(?\d[\d ()./-]{4,18}\d)(?!\w)"),
        _international,
    ),
    (
        re.compile(r"(?<![\w.,+/-])\(?0\d{1,4}(?:\) ?|[ /-])\d(?:\d|[ -](?=\d)){3,12}(?![\w,.-]\d|\w)"),
        _digits,
    ),
    (re.compile(r"(?<![\w.,+/-])3[1-9]\d[ ./-]\d{3}[ .-]?\d{3,4}(?![\w,.-]\d|\w)"), _digits),
    (re.compile(r"(?<![\w.,+/-])(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4}(?!\w)"), _digits),
)

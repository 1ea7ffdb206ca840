"""Arabic addresses of the net, telephone numbers and other digits that are read one by one."""

from __future__ import annotations

import re

from understudy.text.spoken.addresses import addresses
from understudy.text.spoken.ar.numbers import LONGEST, spelled
from understudy.text.spoken.numbers import too_long
from understudy.text.spoken.rules import Match, Rule

_NAMES = {".": "نقطة", "@": "آت", "/": "شرطة مائلة", ":": "نقطتان", "-": "شرطة", "_": "شرطة سفلية"}


def _word(letters: str) -> str:
    return letters


def _digits(match: Match) -> str:
    plus = "زائد " if match.group().startswith("+") else ""
    return plus + spelled(re.sub(r"\D", "", match.group()))


def _years(match: Match) -> str | None:
    """``1990-2000`` is no telephone number; the rule for ranges reads it."""
    years = re.fullmatch(r"(\d{4})-(\d{4})", match.group())
    return None if years and 1000 <= int(years[1]) < int(years[2]) <= 2100 else _digits(match)


_END = r"(?![\w-]|[.,:]\d)"
RULES: tuple[Rule, ...] = (
    too_long(LONGEST, spelled),
    *addresses(_NAMES, _word, spelled),
    (re.compile(rf"(?<!\w)\+\d{{1,3}}[ .-]?\(?\d{{1,4}}\)?(?:[ .-]?\d{{2,5}}){{1,5}}{_END}"), _digits),
    (
        re.compile(
            rf"(?<![\w+.,-])(?:(?:\(\d{{2,4}}\) ?|\d{{3}}[- ])\d{{3}}-\d{{3,4}}|\d{{3,4}}-\d{{4}}|0\d{{8,10}}"
            rf"|0\d{{1,3}}[- ]\d{{3}}[- ]\d{{3,4}}){_END}"
        ),
        _years,
    ),
)

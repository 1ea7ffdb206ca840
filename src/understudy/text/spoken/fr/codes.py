"""French telephone numbers, and addresses of the net."""

from __future__ import annotations

import re

from understudy.text.spoken.addresses import addresses
from understudy.text.spoken.fr.numbers import LONGEST, cardinal, number, spelled
from understudy.text.spoken.fr.tables import NET_SIGNS
from understudy.text.spoken.numbers import too_long
from understudy.text.spoken.rules import Match, Rule


def _word(run: str) -> str:
    return " ".join(run) if run.lower() in ("www", "http", "https", "ftp") else run


def _groups(written: str) -> str:
    """Group by group, as one reads a number out: ``06 12 34`` -> zéro six douze trente-quatre."""
    groups = re.findall(r"\d+", written)
    if len(groups) == 1:
        groups = re.findall(r"\d\d?", written)
    return " ".join(number(group) if len(group) < 4 else spelled(group) for group in groups)


def _telephone(match: Match) -> str:
    country = match.groupdict().get("country")
    return f"plus {cardinal(country)} {_groups(match['rest'])}" if country else _groups(match["rest"])


RULES: tuple[Rule, ...] = (
    too_long(LONGEST, spelled),
    *addresses(NET_SIGNS, _word, spelled),
    (
        re.compile(r"(?<![\w+])\+(?P<country>\d{1,3})(?P<rest>[ .-]?(?:\(0\))?(?:[ .-]?\d){6,12})(?!\w)"),
        _telephone,
    ),
    (
        re.compile(r"(?<![\w.,+/-])(?<!\d )(?P<rest>0\d(?:([ .-]?)\d\d)(?:\2\d\d){3})(?![\w]|[ .-]?\d)"),
        _telephone,
    ),
    (
        re.compile(
            r"(?<![\w.,+/-])(?<!\d )(?P<rest>0\d{1,3}[ /.]\d{2,3}(?:[ .]\d{2,3}){1,3})(?!\w|[ .-]?\d)"
        ),
        _telephone,
    ),
    (re.compile(r"(?<![\w.,+/-])(?P<rest>(?:\(\d{3}\) ?|\d{3}[.-])\d{3}[.-]\d{4})(?!\w)"), _telephone),
)

"""English addresses of the net, telephone numbers and other digits that are read one by one."""

from __future__ import annotations

import re

from understudy.text.spoken.en.numbers import LONGEST, spelled
from understudy.text.spoken.rules import Match, Rule

_NAMES = {
    ".": "dot",
    "@": "at",
    "/": "slash",
    ":": "colon",
    "-": "dash",
    "_": "underscore",
    "&": "ampersand",
    "+": "plus",
    "=": "equals",
    "?": "question mark",
    "%": "percent",
    "#": "hash",
    "~": "tilde",
}
_ENDINGS = "com|org|net|edu|gov|info|io|co|de|fr|it|es|uk|us|in|jp|ai|tv"


def _address(match: Match) -> str:
    written = match.group()
    kept = written.rstrip(".,;:!?)]}'\"")
    parts = re.findall(r"\d+|[^\W\d_]+|.", kept)
    words = (spelled(part) if part.isdecimal() else _NAMES.get(part, part) for part in parts)
    return " ".join(words) + written[len(kept) :]


def _digits(match: Match) -> str:
    """Digit by digit; letters between them stay."""
    words = (
        spelled(part) if part.isdecimal() else part for part in re.findall(r"\d+|[^\W\d_]+", match.group())
    )
    plus = "plus " if match.group().startswith("+") else ""
    return plus + " ".join(words)


def _dotted(match: Match) -> str:
    return " dot ".join(map(spelled, match.group().split(".")))


RULES: tuple[Rule, ...] = (
    (re.compile(rf"[0-9]{{{LONGEST + 1},}}"), lambda match: spelled(match.group())),
    (re.compile(r"\b(?:https?|ftp|file)://\S+|\bwww\.\S+", re.I), _address),
    (re.compile(r"(?<![\w.+&-])\w[\w.+&-]{0,63}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,}(?:/\S*)?"), _address),
    (
        re.compile(rf"(?<![\w.-])(?:[\w-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})\b(?:\.[a-z]{{2}}\b)?(?:/\S*)?"),
        _address,
    ),
    (re.compile(r"(?<![\w.-])[a-z]\w{1,63}\.[a-z]{2,4}(?![\w.-])"), _address),
    (re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![.\d])"), _dotted),
    (re.compile(r"(?<![\w-])1-800-(?=\w)"), lambda _: "one eight hundred"),
    (
        re.compile(
            r"(?<![\w+-])(?:\+?\d{1,3}[ -])?(?:\(\d{3}\) ?|\d{3}[ -])\d{3}[ -]\d{4}(?:-\d{1,5})?(?!\d)"
        ),
        _digits,
    ),
    (re.compile(r"(?<!\w)\+\d[\d ()-]{5,18}\d\b"), _digits),
    (re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"), _digits),
)

"""How far before a digit a pattern can begin to match.

Most patterns look behind first, and ``re`` tries such a pattern at every character. A rule for numbers needs
to be tried only at digits and shortly before them, which is faster and changes no result.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

from understudy.text.spoken.needs import of_item

# As in needs.py: what is not known here has no reach, and a test compares with ``subn``.
_parser = import_module("re._parser")

Match = re.Match[str]

_FARTHEST = 12
_DIGITS = frozenset("0123456789")
_RUN = re.compile("[0-9]+")


def reach(pattern: re.Pattern[str]) -> int | None:
    """A digit stands at most so many characters after any match's start; None where that cannot be told.

    ``\\d`` is an ASCII digit, as everywhere in rules.
    """
    found, _ = _of_sequence(_parser.parse(pattern.pattern, pattern.flags), pattern.flags)
    return found if found is not None and found <= _FARTHEST else None


def near_digits(text: str, before: int) -> list[int]:
    """All places of digits, and so many ``before`` them."""
    places: list[int] = []
    end = 0
    for run in _RUN.finditer(text):
        start, last = run.span()
        places += range(max(end, start - before), last)
        end = last
    return places


def replaced(
    pattern: re.Pattern[str], written: Callable[[Match], str], text: str, places: list[int]
) -> tuple[str, int]:
    """``pattern.subn(written, text)`` where matches begin at ``places`` only."""
    parts: list[str] = []
    end = 0
    match = pattern.match
    for place in places:
        if place >= end and (found := match(text, place)):
            if found.end() == place:  # what ``re`` does after an empty match is its own
                return pattern.subn(written, text)
            parts += (text[end:place], written(found))
            end = found.end()
    return ("".join([*parts, text[end:]]), len(parts) // 2) if parts else (text, 0)


_Reach = tuple[int | None, int]  # where a digit must be, and what is read at most


def _of_sequence(sequence: Any, flags: int) -> _Reach:
    width = 0
    for item in sequence:
        found, most = _of(str(item[0]), item[1], flags)
        if found is not None:
            return width + found, width + most
        width = min(width + most, _FARTHEST + 1)
    return None, width


def _of(kind: str, value: Any, flags: int) -> _Reach:
    if kind in ("LITERAL", "IN"):
        return (0 if any(need <= _DIGITS for need in of_item(kind, value, flags)) else None), 1
    if kind in ("NOT_LITERAL", "ANY"):
        return None, 1
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        found, most = _of_sequence(value[2], flags)
        return (found if value[0] else None), most * min(int(value[1]), _FARTHEST + 1)
    if kind == "SUBPATTERN":
        return _of_sequence(value[3], (flags | value[1]) & ~value[2])
    if kind == "ATOMIC_GROUP":
        return _of_sequence(value, flags)
    if kind == "BRANCH":
        branches = [_of_sequence(branch, flags) for branch in value[1]]
        reached = [first for first, _ in branches if first is not None]
        return (max(reached) if len(reached) == len(branches) else None), max(most for _, most in branches)
    if kind == "ASSERT" and value[0] > 0:
        return _of_sequence(value[1], flags)[0], 0
    return None, 0 if kind in ("AT", "ASSERT", "ASSERT_NOT") else _FARTHEST + 1

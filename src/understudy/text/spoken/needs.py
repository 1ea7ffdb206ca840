"""What characters a text must have for a pattern to be worth looking for.

A language has many rules and a sentence needs few: without ``%`` there is no percentage. Asking for the
characters first is many times faster than searching, and changes no result.
"""

from __future__ import annotations

import re
import string
from importlib import import_module
from typing import Any

# The parser that ``re.compile`` uses: its syntax tree is not part of the documented interface, so what is not
# known here needs nothing, and a test compares with searching.
_parser = import_module("re._parser")

Needs = tuple[frozenset[str], ...]
"""Of each set, the text must have at least one character."""

_DIGITS = frozenset(string.digits)
_MOST = 64  # larger sets are hardly ever missing


def needs(pattern: re.Pattern[str]) -> Needs:
    """Sets of which any match has a character each, most telling first; ``\\d`` is an ASCII digit.

    A text without a character of one of the sets holds no match. The converse does not hold.
    """
    found = set(_of_sequence(_parser.parse(pattern.pattern, pattern.flags), pattern.flags))
    return tuple(sorted(found, key=lambda each: (any(map(str.isalpha, each)), len(each), sorted(each))))[:3]


def _of_sequence(sequence: Any, flags: int) -> list[frozenset[str]]:
    return [need for item in sequence for need in of_item(str(item[0]), item[1], flags)]


def of_item(kind: str, value: Any, flags: int) -> list[frozenset[str]]:
    """What one item of a syntax tree needs."""
    if kind == "LITERAL":
        return _set({chr(value)}, flags)
    if kind == "IN":
        return _of_class(value, flags)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _of_sequence(value[2], flags) if value[0] else []
    if kind == "SUBPATTERN":
        return _of_sequence(value[3], (flags | value[1]) & ~value[2])
    if kind == "ATOMIC_GROUP":
        return _of_sequence(value, flags)
    if kind == "ASSERT":
        return _of_sequence(value[1], flags)
    if kind == "BRANCH":
        return _of_branches([_of_sequence(branch, flags) for branch in value[1]])
    return []


def _of_branches(branches: list[list[frozenset[str]]]) -> list[frozenset[str]]:
    """What all of them need, and one set for what either needs."""
    if not all(branches):
        return []
    either = frozenset[str]().union(*(min(branch, key=len) for branch in branches))
    return [*set(branches[0]).intersection(*branches[1:]), *([either] if len(either) <= _MOST else [])]


def _of_class(members: Any, flags: int) -> list[frozenset[str]]:
    characters: set[str] = set()
    for kind, value in ((str(kind), value) for kind, value in members):
        if kind == "LITERAL":
            characters.add(chr(value))
        elif kind == "RANGE" and value[1] - value[0] < _MOST:
            characters.update(map(chr, range(value[0], value[1] + 1)))
        elif kind == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            characters |= _DIGITS
        else:
            return []
    return _set(characters, flags)


def _set(characters: set[str], flags: int) -> list[frozenset[str]]:
    """Nothing for letters of either case: some of them have a third form."""
    folded = flags & re.IGNORECASE and any(each.lower() != each.upper() for each in characters)
    return [] if folded or len(characters) > _MOST else [frozenset(characters)]

"""What the languages' rules share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

Match = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Match], str | None]]
"""What a rule looks for and the words it writes instead; None leaves the match as it was written."""


def one_of(names: Iterable[str]) -> str:
    """A pattern for any of ``names``, the longest first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def apply(rules: Iterable[Rule], text: str) -> str:
    """Run the rules in order; replacements are set off by spaces."""

    for pattern, speak in rules:
        text = pattern.sub(partial(_written, speak), text)
    return text


def _written(speak: Callable[[Match], str | None], match: Match) -> str:
    words = speak(match)
    return match.group() if words is None else f" {words} "

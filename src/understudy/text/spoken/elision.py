"""Words an article is elided before: ``l'11`` becomes ``l'undici``, not ``l' undici``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from understudy.text.spoken.rules import Match, Rule

_ELIDED = re.compile(r"[^\W\d_]['’]\Z")


def set_off(rules: Iterable[Rule], edit: Callable[[str], str] | None = None) -> tuple[Rule, ...]:
    """Rules whose words are set off by spaces, but not from an elided article; for a speaker without a gap.

    Args:
        rules: rules whose words come without spaces around them.
        edit: a last change to the words of every rule.
    """
    return tuple((pattern, _spaced(speak, edit)) for pattern, speak in rules)


def _spaced(
    speak: Callable[[Match], str | None], edit: Callable[[str], str] | None
) -> Callable[[Match], str | None]:
    def spaced(match: Match) -> str | None:
        words = speak(match)
        if words is None:
            return None
        start = match.start()
        before = "" if _ELIDED.search(match.string[max(0, start - 2) : start]) else " "
        return f"{before}{edit(words) if edit else words} "

    return spaced

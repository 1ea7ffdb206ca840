"""What the languages' rules share: how they are written, and how they become a speaker."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial

from understudy.text.spoken.digits import ascii_numbers
from understudy.text.spoken.needs import needs
from understudy.text.spoken.plain import plain, spoken_letters
from understudy.text.spoken.reach import near_digits, reach, replaced

Match = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Match], str | None]]
"""What a rule looks for and the words it writes instead; None leaves the match as it was written."""

Speak = Callable[[str, str | None], str]
"""``speak(text, region)``: the spoken form of a text."""


def one_of(names: Iterable[str]) -> str:
    """A pattern for any of ``names``, the longest first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def named_signs(names: Mapping[str, str]) -> Rule:
    """The rule that calls each sign by its name; a sign is one character."""
    return re.compile(f"[{re.escape(''.join(names))}]"), lambda match: names[match.group()]


class Rules:
    """Rules that run in order on one text after another."""

    def __init__(self, rules: Iterable[Rule], gap: str = " ") -> None:
        """``gap`` sets off what a rule writes."""
        self._rules = [
            (needs(pattern), reach(pattern), pattern, partial(_written, speak, gap))
            for pattern, speak in rules
        ]

    def __call__(self, text: str) -> str:
        """The text with what the rules know replaced."""
        has = set(text)
        places: dict[int, list[int]] = {}
        for needed, before, pattern, written in self._rules:
            for one_of_these in needed:
                if one_of_these.isdisjoint(has):
                    break
            else:
                if before is None:
                    text, found = pattern.subn(written, text)
                else:
                    if before not in places:
                        places[before] = near_digits(text, before)
                    text, found = replaced(pattern, written, text, places[before])
                if found:
                    has = set(text)
                    places.clear()
        return text


def _written(speak: Callable[[Match], str | None], gap: str, match: Match) -> str:
    words = speak(match)
    return match.group() if words is None else f"{gap}{words}{gap}"


def speaker(
    rules: Callable[[str | None], Sequence[Rule]], work: str, gap: str = " ", simple: Sequence[Rule] = ()
) -> Speak:
    """A language's ``speak(text, region)`` from its rules.

    Rules run in order, each replacing what it knows by words. What a rule wrote holds no digit, capital or
    symbol that a rule looks for, so no later rule, and no second pass, touches it again. The last rules must
    leave no ASCII digit; superscripts that no measure wanted are dropped.

    Args:
        rules: the rules for a region, for example ``lambda region: dates(region) + RULES``.
        work: a pattern of what any rule could want besides digits: symbols, abbreviations. Most sentences
            have nothing of it, and this decides so in one pass; it is fast when each alternative begins with
            one of a few characters, as ``\\.(?<=\\bDr\\.)`` and not ``\\bDr\\.``.
        gap: what sets words off; nothing in a language written without spaces.
        simple: rules that may run before all others, for numbers that no other rule could want by what
            stands beside them. Most sentences with numbers are done then.
    """
    wanted = re.compile(f"[0-9²³]|{work}" if work else "[0-9²³]")
    of_region = cache(lambda region: Rules(rules(region), gap))

    def speak(text: str, region: str | None) -> str:
        text = ascii_numbers(text)
        if not wanted.search(text):
            return plain(text)
        for pattern, say in simple:
            text = pattern.sub(partial(_written, say, gap), text)
        if simple and not wanted.search(text):
            return plain(text)
        text = of_region(region)(text)
        return spoken_letters(text.replace("²", " ").replace("³", " "))

    return speak

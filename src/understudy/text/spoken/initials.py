"""Letters read one by one: ``U.S.A.`` and ``GPT`` -> u. s. a. and g. p. t."""

from __future__ import annotations

import re
from collections.abc import Collection

from understudy.text.spoken.rules import Match, Rule


def letters(match: Match) -> str:
    """The letters of what was found, each with its full stop."""
    return " ".join(f"{letter.lower()}." for letter in match.group() if letter.isalpha())


def initials(initialisms: Collection[str], *, capitals: str, vowels: str) -> tuple[Rule, ...]:
    """Rules for dotted letters, and for words of two to five capitals that are no words.

    They are none where they have no vowel, or are in ``initialisms``. In a text all in capitals any word may
    be one, so there none is spelled.

    Args:
        initialisms: those with a vowel.
        capitals: the inside of a character class.
        vowels: the same.
    """
    vowel = re.compile(f"[{vowels}]")
    word = re.compile(rf"\b[{capitals}]{{2,5}}\b(?!['’])")
    shouting = re.compile(rf"\b[{capitals}{vowels}]{{3,}}\b")

    def spelled(written: str) -> bool:
        return written in initialisms or not vowel.search(written)

    def speak(match: Match) -> str | None:
        text = match.string
        if not spelled(match.group()):
            return None
        loud = 2 * sum(map(str.isupper, text)) > sum(map(str.isalpha, text))
        return None if loud and not all(map(spelled, shouting.findall(text))) else letters(match)

    return (re.compile(r"\b[A-Za-z](?:\.[A-Za-z])+\b\.?"), letters), (word, speak)

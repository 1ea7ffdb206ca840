"""Addresses of the net: how they are recognised in every language; how they are read is each one's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from understudy.text.spoken.rules import Match, Rule

_ENDINGS = "com|org|net|edu|gov|info|io|co|de|fr|it|es|pt|br|mx|ar|uk|us|in|jp|ai|tv|eu|ch|at"
# Strict, for where points group, 2.000.000.000 is a number.
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_PART = re.compile(r"\d+|[^\W\d_]+|\s+|.")


def read_address(
    written: str, names: Mapping[str, str], word: Callable[[str], str], digits: Callable[[str], str]
) -> str:
    """``a-b@x.org`` part by part.

    Args:
        names: what each sign is called (``{"@": "at", ".": "dot", ...}``); a sign without a name is dropped.
        word: reads a run of letters: as a word it is known as, or letter by letter.
        digits: reads a run of ASCII digits.
    """
    parts = (
        digits(part) if part.isdecimal() else word(part) if part.isalpha() else names.get(part, " ")
        for part in _PART.findall(written)
    )
    return " ".join(" ".join(parts).split())


def addresses(
    names: Mapping[str, str], word: Callable[[str], str], digits: Callable[[str], str]
) -> tuple[Rule, ...]:
    """Rules for web and mail addresses, bare domains, files and four-part network addresses.

    What trails an address as a sentence's punctuation is left outside it. Arguments as in
    :func:`read_address`.
    """

    def speak(match: Match) -> str:
        written = match.group()
        kept = written.rstrip(".,;:!?)]}'\"")
        return read_address(kept, names, word, digits) + written[len(kept) :]

    return (
        (re.compile(r"\b(?:https?|ftp|file)://\S+|\bwww\.\S+", re.I), speak),
        (re.compile(r"(?<![\w.+&-])\w[\w.+&-]{0,63}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,}(?:/\S*)?"), speak),
        (
            re.compile(
                rf"(?<![\w.@-])(?:[\w-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})\b(?:\.[a-z]{{2}}\b)?(?:/\S*)?"
            ),
            speak,
        ),
        (re.compile(rf"(?<![\d.]){_OCTET}(?:\.{_OCTET}){{3}}(?![.\d])"), speak),
    )

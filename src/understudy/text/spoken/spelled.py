"""Addresses of the net where a language spells them letter by letter: ``abc@x.org``, a b c at x dot org."""

from __future__ import annotations

import re
from collections.abc import Mapping

from understudy.text.spoken.rules import Match, Rule

_USER = r"[\w.!#$%&'*+/=?^{}~-]"
_HOST = r"(?:[\w&-]{1,63}\.){1,4}"
_ENDINGS = (
    "com|org|net|edu|gov|info|io|co|de|fr|it|es|eu|pt|br|uk|us|jp|ai|tv|ch|at|me|ru|ca|au|cn|nl|pl|biz|html"
)
_PARTS = re.compile(r"\.?[^\W\d_]+|\S")


def spelled_addresses(
    names: Mapping[str, str], known: Mapping[str, str], digits: tuple[str, ...]
) -> tuple[Rule, ...]:
    """Rules for web and mail addresses, bare domains, network addresses and ``@names``.

    Args:
        names: what each sign is called (``{"@": "at", ".": "dot", ...}``); a sign without a name is dropped.
        known: hosts and endings read as a word (``{"gmail": "g mail", "com": "com"}``); not before an ``@``.
        digits: the names of 0 to 9.
    """

    def letters(run: str) -> str:
        return " ".join(run)

    def part(run: str) -> str:
        if run.isdecimal():
            return digits[int(run)]
        name = run.removeprefix(".").lower()
        dot = names["."] if run[0] == "." else ""
        if name.isalpha():
            return f"{dot} {known.get(name) or letters(name)}"
        return names.get(run, "")

    def read(written: str) -> str:
        kept = written.rstrip(".,;:!?)]}'\"")
        user, at, host = kept.rpartition("@")
        words = [part(each) for each in re.findall(r"\S", user + at)]
        words += [part(each) for each in (_PARTS.findall(host) if user or not at else host)]
        return " ".join(words) + written[len(kept) :]

    def speak(match: Match) -> str:
        return read(match.group())

    return (
        (re.compile(r"\b(?:https?|ftp|file)://\S+|\bwww\.\S+", re.I), speak),
        (re.compile(rf"(?<!{_USER})\w{_USER}{{0,63}}@{_HOST}[A-Za-z]{{2,}}(?:/\S*)?"), speak),
        (re.compile(r"(?<![\w@.])@\w[\w.-]{0,63}"), speak),
        (re.compile(rf"(?<![\w.@&-]){_HOST}(?:{_ENDINGS})\b(?:\.[a-z]{{2}}\b)?(?:/\S*)?"), speak),
        (re.compile(r"(?<![\d.])(?!\d{1,3}(?:\.\d{3}){3})\d{1,3}(?:\.\d{1,3}){3}(?![.\d])"), speak),
    )

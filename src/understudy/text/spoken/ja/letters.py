"""Japanese readings of Roman numerals and of abbreviations in Latin letters."""

from __future__ import annotations

import re

from understudy.text.spoken.ja.tables import ABBREVIATIONS
from understudy.text.spoken.numbers import roman_value
from understudy.text.spoken.rules import Match, Rule, one_of

_ROMAN = r"X{0,3}(?:IX|IV|V?I{0,3})(?![A-Za-z0-9])"


def _roman(match: Match) -> str:
    return str(roman_value(match.group()))


def _joined(match: Match) -> str:
    return match.group().replace(".", "")


RULES: tuple[Rule, ...] = (
    # A letter alone is one, but for 第I部 and ヘンリーV世; XX and XXX stand for something unnamed.
    (re.compile(rf"(?<![A-Za-z0-9])(?=[IVX]{{2}})(?!XX+(?![IVX])){_ROMAN}"), _roman),
    (re.compile(rf"(?<=第)(?=[IVX]){_ROMAN}|(?<![A-Za-z0-9])(?=[IVX]+世){_ROMAN}"), _roman),
    (
        re.compile(rf"(?<![A-Za-z.])({one_of(ABBREVIATIONS)})\.(?! ?[a-z]\.)", re.I),
        lambda match: ABBREVIATIONS[match[1].lower()],
    ),
    # パリ＝ダカール is a name, no equation.
    (re.compile(r"(?<=[ァ-ヿ])=(?=[ァ-ヿ])"), lambda _: " "),
    # Initials are one word, as they are without stops.
    (re.compile(r"(?<![A-Za-z.])[A-Za-z](?:\.[A-Za-z])+(?![A-Za-z])\.?"), _joined),
)

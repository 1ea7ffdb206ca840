"""Spoken form of Portuguese (paper A 2.2): ``às 14h30`` -> às catorze horas e trinta.

Numbers and units are those of Brazil unless the region is Portugal or another that follows it.
"""

from __future__ import annotations

from understudy.text.spoken.numerals import WANTED
from understudy.text.spoken.pt import codes, letters
from understudy.text.spoken.pt.amounts import Amounts
from understudy.text.spoken.pt.dates import Calendar
from understudy.text.spoken.pt.tables import ABBREVIATIONS, SYMBOLS
from understudy.text.spoken.rules import Rule, speaker


def _rules(region: str | None) -> tuple[Rule, ...]:
    european = region not in (None, "BR")
    return (
        *letters.ABBREVIATED,
        *codes.RULES,
        *Calendar(european=european).rules(dotted=True),
        *Amounts(european=european).rules(),
        *letters.rules(european=european),
    )


# What rules want besides digits. Every part starts with a character or a set, which is quick to look for.
_ABBREVIATED = "|".join(rf"(?<=\b(?i:{name})\.)" for name in ABBREVIATIONS)
WORK = (
    rf"[{''.join(SYMBOLS)}ª]|[A-ZÇ][A-ZÇ]"
    rf"|\.(?:[^\W\d_]| ?[^\W\d_]\.|(?<=\bD\.) |(?={_ABBREVIATED}))|://|[pP]\. ?[eE][xX]\.{WANTED}"
)
speak = speaker(_rules, WORK)

"""Spoken form of German (paper A 2.2): ``am 3. Mai um 7:30 Uhr`` -> am dritten mai um sieben uhr dreißig.

Compounds of number words are written apart: zwei tausend dreizehn, vier und zwanzigster.
"""

from __future__ import annotations

from understudy.text.spoken.de import amounts, codes, dates, letters
from understudy.text.spoken.de.names import ABBREVIATIONS
from understudy.text.spoken.de.tables import SYMBOLS
from understudy.text.spoken.rules import Rule, one_of, speaker

_WORDS = [name for name in ABBREVIATIONS if "." not in name]
_WORK = rf"[{''.join(SYMBOLS)}]|[A-ZÄÖÜ]{{2}}|\b\w\.|\b(?i:{one_of(_WORDS)})\.|\w\.\w|str\.|mbH|://| [IVX]+\b"


def rules(region: str | None) -> tuple[Rule, ...]:
    """The rules of a region, in order."""
    return (
        *codes.RULES,
        *letters.ABBREVIATED,
        *dates.rules(region),
        *letters.ROMANS,
        *amounts.RULES,
        *letters.SPELLED,
    )


speak = speaker(rules, _WORK)

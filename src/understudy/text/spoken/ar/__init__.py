"""Spoken form of Arabic (paper A 2.2): ``٪12`` -> اثنا عشر في المائة.

The digits of the Arabic script are European ones before any rule sees them. The months have their local names
in the Levant, Iraq and the Maghreb.
"""

from __future__ import annotations

from understudy.text.spoken.ar import amounts, codes, dates
from understudy.text.spoken.ar.tables import INITIALISMS, SYMBOLS
from understudy.text.spoken.initials import initials
from understudy.text.spoken.rules import Rule, speaker


def _rules(region: str | None) -> tuple[Rule, ...]:
    return (
        *codes.RULES,
        *dates.rules(region),
        *amounts.RULES,
        *initials(INITIALISMS, capitals="A-Z", vowels="AEIOUY"),
    )


WORK = rf"[{''.join(SYMBOLS)}]|[A-Z][A-Z]|\.(?:[^\W\d_]| ?[^\W\d_]\.)|://"
speak = speaker(_rules, WORK)

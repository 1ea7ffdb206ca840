"""Spoken form of Spanish (paper A 2.2): ``a las 7:30 p. m.`` -> a las siete y media de la noche.

The comma is the decimal sign in Spain and most of South America, the point in Mexico, Central America, the
United States and the Caribbean; both are understood where only one reading is possible.
"""

from __future__ import annotations

from understudy.text.spoken.es import amounts, codes, dates, letters
from understudy.text.spoken.es.tables import ABBREVIATIONS, SYMBOLS
from understudy.text.spoken.numbers import NumberShape
from understudy.text.spoken.numerals import WANTED
from understudy.text.spoken.rules import Rule, speaker

_POINT = frozenset({"419", "DO", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "SV", "US"})
_SPACES = r" \u00a0\u202f"
_COMMA_SHAPE = NumberShape(group=rf".{_SPACES}", decimal=",.", foreign=",")
_POINT_SHAPE = NumberShape(group=rf",{_SPACES}", decimal=".,", foreign=".")


def _rules(region: str | None) -> tuple[Rule, ...]:
    point = region in _POINT
    numbers = amounts.Amounts(_POINT_SHAPE if point else _COMMA_SHAPE, pesos=region in amounts.PESOS)
    return (
        *letters.ABBREVIATED,
        *codes.RULES,
        *dates.rules(dotted=not point),
        *numbers.rules(),
        *letters.RULES,
    )


# What rules want besides digits. Every part starts with a character or a set, which is quick to look for.
_ABBREVIATED = "|".join(rf"(?<=\b(?i:{name})\.)" for name in ABBREVIATIONS)
WORK = (
    rf"[{''.join(SYMBOLS)}]|[A-ZÑ][A-ZÑ]|\A\W*[IVXLCDM]\W*\Z"
    rf"|\.(?:[^\W\d_]| ?[^\W\d_]\.|(?<=\b[Dd]\.) |(?<=\bDa\.) |(?={_ABBREVIATED}))"
    rf"|://|[cC](?:/|\.[°º])|[eE][eE][\W_]*[uU][uU]|[pP]\. ?[eE][jJ]\.{WANTED}"
)
speak = speaker(_rules, WORK)

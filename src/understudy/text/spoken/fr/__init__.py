"""Spoken form of French (paper A 2.2): ``le 1er mai à 7h30`` -> le premier mai à sept heures trente.

Belgium, Switzerland and the countries of the Congo and the Great Lakes count septante and nonante.
"""

from __future__ import annotations

from understudy.text.spoken.elision import set_off
from understudy.text.spoken.fr import amounts, codes, dates, letters
from understudy.text.spoken.fr.names import STOPLESS
from understudy.text.spoken.fr.numbers import septante
from understudy.text.spoken.fr.tables import SYMBOLS
from understudy.text.spoken.rules import Rule, one_of, speaker

_SEPTANTE = frozenset({"BE", "CH", "CD", "RW", "BI"})
_WORK = (
    rf"[{''.join(SYMBOLS)}{''.join(letters.SUPERSCRIPTS)}]|[A-Z]{{2}}|\b\w\.|\w\.\w|://| [IVX]+\b"
    r"|\b[IVX]+[eè]|\b(?:M(?:me|lle|gr|r|es?)|Dre?|Pr|Vve|Cie|Sté|Ste?)s?\b"
    r"|(?i:\b(?:hon|cf|env|tél|chap|fig|vol|art|éd|pp|ex|av|apr|prof|n°|boul|bl?v?d)\b)"
    rf"|(?<![^\W\d_])(?i:{one_of(STOPLESS)})(?![^\W\d_])"
)


def rules(region: str | None) -> tuple[Rule, ...]:
    """The rules of a region, in order."""
    return (
        letters.FOLDED,
        *set_off(
            (
                *letters.ABBREVIATED,
                *codes.RULES,
                *dates.RULES,
                *letters.ROMANS,
                *amounts.RULES,
                *letters.SPELLED,
            ),
            septante if region in _SEPTANTE else None,
        ),
    )


speak = speaker(rules, _WORK, gap="")

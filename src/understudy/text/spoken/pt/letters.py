"""Portuguese abbreviations, letter sequences (``E.U.A.`` -> e. u. a.) and Roman numerals."""

from __future__ import annotations

import re
from functools import partial

from understudy.text.spoken.initials import initials
from understudy.text.spoken.numerals import Numerals
from understudy.text.spoken.pt.numbers import cardinal, ordinal
from understudy.text.spoken.pt.tables import ABBREVIATIONS, INITIALISMS, PHRASES
from understudy.text.spoken.rules import Match, Rule


def _title(match: Match) -> str:
    """``D. Pedro`` -> dom pedro, ``D. Maria`` -> dona maria."""
    return f"{'dona' if match[1].endswith('a') else 'dom'} {match[1]}"


def _phrases() -> tuple[Rule, ...]:
    def writer(pattern: str, words: str) -> Rule:
        return re.compile(rf"(?<![^\W\d_]){pattern}", re.I), lambda _: words

    return tuple(writer(pattern, words) for pattern, words in PHRASES.items())


ABBREVIATED: tuple[Rule, ...] = (
    *_phrases(),
    (
        re.compile(rf"(?<![\w.@/])([^\W\d_]{{2,{max(map(len, ABBREVIATIONS))}}})\.(?!\w)"),
        lambda match: ABBREVIATIONS.get(match[1].lower()),
    ),
    (re.compile(r"(?<![^\W\d_]\. )(?<![\w.])D\. ([A-ZÁÉÍÓÚÂÊÔ][^\W\d_]{2,})"), _title),
)
"""Before numbers: ``pág. 5``, ``n.º 5``."""


def _century(digits: str, *, european: bool) -> str:
    """*Século quinto*, but *século vinte*."""
    words = ordinal(digits) if int(digits) <= 10 else None
    return words or cardinal(digits, "o", european)


def rules(*, european: bool) -> tuple[Rule, ...]:
    """Numerals and letters."""
    numerals = Numerals(
        century="séculos?",
        feminine="parte|cena|fase|jornada|etapa|emenda|seção|secção|lição|sessão",
        masculine="cap[ií]tulo|tomo|volume|livro|t[ií]tulo|artigo|ato|acto|anexo|grau|n[ií]vel",
        counted_feminine="guerra|república|internacional|edição|jornadas?|conferência|semana|feira|bienal",
        counted_masculine="congresso|concílio|império|reich|encontro|festival|fórum|simpósio|prêmio|prémio",
        unnamed=frozenset({"plano", "série", "classe", "tipo", "modelo", "malcolm", "grupo", "windows"}),
        cardinal=partial(_century, european=european),
        ordinal=ordinal,
    )
    return (
        *numerals.rules(),
        *initials(INITIALISMS, capitals="A-ZÇ", vowels="AEIOUÁÉÍÓÚÂÊÔÃÕ"),
    )

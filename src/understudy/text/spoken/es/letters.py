"""Spanish abbreviations, letter sequences (``U.S.A.`` -> u. s. a.) and Roman numerals."""

from __future__ import annotations

import re

from understudy.text.spoken.es.numbers import cardinal, ordinal
from understudy.text.spoken.es.tables import ABBREVIATIONS, INITIALISMS, PHRASES
from understudy.text.spoken.initials import initials
from understudy.text.spoken.numerals import END, LETTERS, START, Numerals, value
from understudy.text.spoken.rules import Match, Rule

_SMALL = f"(?:(?ai:(?=[IVX]{{2,}})(?!(?:VI|XI){END}){LETTERS}|(?=[IVXLCDM]{{4}}){LETTERS}){END})"
"""A numeral that is no word and no unit: of I, V and X alone (but *vi*, *xi*), or of four letters."""


def _female(name: str) -> bool:
    return name.endswith("a") or name in ("isabel", "beatriz", "leonor", "raquel")


_NUMERALS = Numerals(
    century="siglos?|años?",
    feminine="parte|escena|fase|jornada|etapa|enmienda|legislatura|sección|sesión|lección",
    masculine="cap[ií]tulo|tomo|volumen|libro|t[ií]tulo|art[ií]culo|acto|anexo|grado|nivel",
    counted_feminine="guerra|república|internacional|cumbre|edición|jornadas?|conferencia|asamblea|semana|feria",
    counted_masculine="congreso|concilio|imperio|reich|encuentro|festival|plan|foro|simposio|premio|certamen",
    unnamed=frozenset(
        {"plan", "serie", "clase", "tipo", "modelo", "malcolm", "generación", "factor", "rayos", "grupo"}
    ),
    cardinal=cardinal,
    ordinal=ordinal,
    female=_female,
)


def _small(match: Match) -> str | None:
    before = re.search(r"[^\W\d_]+(?=\W*\Z)", match.string[max(0, match.start() - 30) : match.start()])
    return ordinal(value(match.group()), "a" if before and _female(before.group().lower()) else "o")


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
    (re.compile(r"\bDa\. (?=[A-ZÁÉÍÓÚÑ])"), lambda _: "doña"),
    # Not after another such letter: "c. d." may be letters read one by one.
    (re.compile(r"(?<![^\W\d_]\. )(?<![\w.])[Dd]\. (?=[^\W\d_]{3})"), lambda _: "don"),
)
"""Before numbers: ``pág. 5``, ``n.º 5``."""

RULES: tuple[Rule, ...] = (
    *_NUMERALS.rules(),
    (re.compile(START + _SMALL), _small),
    (re.compile(rf"\A\W*({LETTERS}){END}\W*\Z"), lambda match: ordinal(value(match[1]))),
    *initials(INITIALISMS, capitals="A-ZÑ", vowels="AEIOUÁÉÍÓÚ"),
)

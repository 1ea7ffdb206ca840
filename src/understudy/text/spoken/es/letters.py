"""Spanish abbreviations, letter sequences (``U.S.A.`` -> u. s. a.) and Roman numerals."""

from __future__ import annotations

import re

from understudy.text.spoken.es.numbers import cardinal, ordinal
from understudy.text.spoken.es.tables import ABBREVIATIONS, INITIALISMS, PHRASES
from understudy.text.spoken.numbers import ROMAN, roman_value
from understudy.text.spoken.rules import Match, Rule

# Recognised in any case, so that the lower case of what was left alone is left alone again. A mark after a
# letter belongs to it: the lower case of "İ" is "i" and a dot.
_START, _END = r"(?<![^\W_]|[\u0300-\u036f])", r"(?![^\W_]|[\u0300-\u036f])"
NUMERAL = f"(?:(?ai:{ROMAN}){_END})"
"""A Roman numeral of capitals or small letters."""
_SMALL = f"(?:(?ai:(?=[IVX]{{2,}})(?!(?:VI|XI){_END}){ROMAN}|(?=[IVXLCDM]{{4}}){ROMAN}){_END})"
"""One that is no word and no unit: of I, V and X alone (but *vi*, *xi*), or of four letters."""

_FEMININE = r"parte|escena|fase|jornada|etapa|enmienda|legislatura|sección|sesión|lección|edición"
_MASCULINE = r"cap[ií]tulo|tomo|volumen|libro|t[ií]tulo|art[ií]culo|acto|anexo|grado|nivel|congreso|concilio"
_COUNTED_F = (
    r"guerra|república|internacional|cumbre|edición|jornadas?|conferencia|asamblea|bienal|semana|feria"
)
_COUNTED_M = r"congreso|concilio|imperio|reich|encuentro|festival|plan|foro|simposio|premio|certamen|curso"
_NO_NAMES = ("plan", "serie", "clase", "tipo", "modelo", "malcolm", "generación", "factor", "rayos", "grupo")
_QUEENS = ("isabel", "beatriz", "leonor", "raquel")


def _letters(match: Match) -> str:
    return " ".join(f"{letter.lower()}." for letter in match.group() if letter.isalpha())


def _capitals(match: Match) -> str | None:
    """Letters of ``GPT``; not in a text that is all in capitals."""
    word, text = match.group(), match.string
    spelled = word in INITIALISMS or not re.search("[AEIOUÁÉÍÓÚ]", word)
    shouted = len(text) > 2 * len(word) and 2 * sum(map(str.isupper, text)) > sum(map(str.isalpha, text))
    return _letters(match) if spelled and not shouted else None


def _value(numeral: str) -> str:
    return str(roman_value(numeral.upper()))


def _century(match: Match) -> str:
    return f"{match[1]} {cardinal(_value(match[2]))}"


def _counted(numeral: str, ending: str) -> str | None:
    """Ordinals up to ten, as one says *luis catorce*."""
    value = _value(numeral)
    return ordinal(value, ending) if int(value) <= 10 else cardinal(value)


def _chapter(match: Match) -> str:
    ending = "a" if re.fullmatch(_FEMININE, match[1], re.I) else "o"
    return f"{match[1]} {_counted(match[2], ending)}"


def _event(match: Match) -> str:
    ending = "a" if re.match(_COUNTED_F, match[2], re.I) else "o"
    return f"{ordinal(_value(match[1]), ending)} {match[2]}"


def _regnal(match: Match) -> str | None:
    name = match[1].lower()
    if name in _NO_NAMES:
        return None
    return f"{match[1]} {_counted(match[2], _gender(name))}"


def _gender(name: str) -> str:
    return "a" if name.endswith("a") or name in _QUEENS else "o"


def _small(match: Match) -> str:
    ending = _gender(match["name"].lower()) if match["name"] else "o"
    return f"{match['name'] or ''} {ordinal(_value(match['numeral']), ending)}"


def _alone(match: Match) -> str | None:
    return ordinal(_value(match[1]))


def _phrases() -> tuple[Rule, ...]:
    def writer(words: str) -> Rule:
        pattern = next(pattern for pattern, spoken in PHRASES.items() if spoken == words)
        return re.compile(rf"(?<!\w){pattern}", re.I), lambda _: words

    return tuple(map(writer, PHRASES.values()))


ABBREVIATED: tuple[Rule, ...] = (
    *_phrases(),
    (
        re.compile(rf"(?<![\w.@/])([^\W\d_]{{2,{max(map(len, ABBREVIATIONS))}}})\.(?!\w)"),
        lambda match: ABBREVIATIONS.get(match[1].lower()),
    ),
    # Not after another such letter: "c. d." may be letters read one by one.
    (re.compile(r"(?<![^\W\d_]\. )(?<![\w.])[Dd]\. (?=[^\W\d_]{3})"), lambda _: "don"),
)
"""Before numbers: ``pág. 5``, ``n.º 5``."""

RULES: tuple[Rule, ...] = (
    (re.compile(rf"{_START}((?i:siglos?|años?))\W+({NUMERAL})"), _century),
    (re.compile(rf"{_START}((?i:{_FEMININE}|{_MASCULINE}))\W+({NUMERAL})"), _chapter),
    (re.compile(rf"{_START}({NUMERAL})\W+((?i:{_COUNTED_F}|{_COUNTED_M}){_END})"), _event),
    (re.compile(rf"\b([A-ZÁÉÍÓÚÑ][a-záéíóúüñ]+) ((?=[IVX]|[LCDM][IVXLCDM]){ROMAN}){_END}"), _regnal),
    (re.compile(rf"(?:{_START}(?P<name>[^\W\d_]{{3,}})\W+)?{_START}(?P<numeral>{_SMALL})"), _small),
    (re.compile(rf"\A\W*({ROMAN}){_END}\W*\Z"), _alone),
    (re.compile(r"\b[A-Za-z](?:\.[A-Za-z])+\b\.?"), _letters),
    (re.compile(r"\b[A-ZÑ]{2,5}\b(?!['’])"), _capitals),
)

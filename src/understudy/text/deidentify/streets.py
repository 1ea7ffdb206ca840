"""House numbers, in the languages whose streets name themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

_NUMBER = r"\d{1,5}(?:[-/ ]?[a-z](?!\w))?"
_WORD = r"[^\W\d_][\w'’.-]*"
_AFTER = {  # the number stands before: "12 Main Street", "12, rue de Rivoli"
    "en": rf" (?:{_WORD} ){{1,3}}(?:street|st|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|court|square"
    r"|terrace|crescent)\b",
    "fr": r",? (?:bis |ter )?(?:rue|avenue|boulevard|impasse|chemin|quai|allée) ",
}
_BEFORE = {  # the number stands after: "Hauptstraße 12", "calle de Alcalá, 12"
    "de": rf"\b{_WORD}(?:straße|strasse|str\.|gasse|allee|platz|weg) ",
    "es": rf"\b(?:calle|avenida|avda\.?|plaza|paseo) (?:{_WORD} ){{0,3}}{_WORD},? ",
    "it": rf"\b(?:via|viale|piazza|corso|vicolo) (?:{_WORD} ){{0,3}}{_WORD},? ",
    "pt": rf"\b(?:rua|avenida|av\.|praça|travessa) (?:{_WORD} ){{0,3}}{_WORD},? ",
}


@cache
def street_numbers(language: str) -> Callable[[str], tuple[str, int]] | None:
    """``replace(text) -> text, how many``, with the numbers alone replaced; None where no pattern is safe."""
    if language in _AFTER:
        pattern, new = rf"(?<![\w.,-]){_NUMBER}(?={_AFTER[language]})", "<street-number>"
    elif language in _BEFORE:
        pattern, new = rf"({_BEFORE[language]}){_NUMBER}(?![\w.,:%€$-]*\d)", r"\1<street-number>"
    else:
        return None
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.subn(new, text)

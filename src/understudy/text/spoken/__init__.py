"""Written text to the form a speech recogniser gives it (paper A 2.2).

A language with rules has a module here with ``speak(text, region)``; the others keep their digits.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from understudy.text.locale import LANGUAGES, Locale
from understudy.text.spoken.plain import plain
from understudy.text.spoken.rules import Speak


def has_rules(language: str) -> bool:
    """Whether numbers and abbreviations of this language are spelled out."""
    return _speaker(language) is not None


def spoken(text: str, locale: str) -> str:
    """Spoken form: lower case, no punctuation, and where the language has rules, numbers in words.

    In-word apostrophes and hyphens stay, and the full stops of letters read one by one (``a. m.``).
    Total on texts; ``spoken(spoken(x)) == spoken(x)``.

    Raises:
        UserError: ``locale`` is no locale.
    """
    where = _parse(locale)
    speak = _speaker(where.language)
    return plain(text) if speak is None else speak(text, where.region)


_parse = cache(Locale.parse)


@cache
def _speaker(language: str) -> Speak | None:
    """Import a language's rules when its first sentence comes: each one compiles dozens of patterns."""
    name = f"{__name__}.{language}"
    if language not in LANGUAGES or find_spec(name) is None:
        return None
    speak: Speak = import_module(name).speak
    return speak

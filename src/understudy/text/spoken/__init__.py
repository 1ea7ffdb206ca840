"""Written text to the form a speech recogniser gives it (paper A 2.2).

A language with rules has a module here with ``speak(text, region)``; the others keep their digits.
"""

from __future__ import annotations

from functools import cache

from understudy.text.locale import Locale
from understudy.text.spoken import en
from understudy.text.spoken.plain import plain

_RULES = {"en": en.speak}


def has_rules(language: str) -> bool:
    """Whether numbers and abbreviations of this language are spelled out."""
    return language in _RULES


def spoken(text: str, locale: str) -> str:
    """Spoken form: lower case, no punctuation, and where the language has rules, numbers in words.

    In-word apostrophes and hyphens stay, and the full stops of letters read one by one (``a. m.``).
    Total on texts; ``spoken(spoken(x)) == spoken(x)``.

    Raises:
        UserError: ``locale`` is no locale.
    """
    where = _parse(locale)
    speak = _RULES.get(where.language)
    return plain(text) if speak is None else speak(text, where.region)


_parse = cache(Locale.parse)

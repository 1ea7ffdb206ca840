"""Written text to the form a speech recogniser gives it (paper A 2.2).

A language with rules has a module here with ``expand(text, region)``; the others keep their digits.
"""

from __future__ import annotations

from understudy.text.locale import Locale
from understudy.text.spoken.plain import plain


def has_rules(language: str) -> bool:
    """Whether numbers and abbreviations of this language are spelled out."""
    return False


def spoken(text: str, locale: str) -> str:
    """Spoken form: lower case, no punctuation, and where the language has rules, numbers in words.

    In-word apostrophes and hyphens stay. Never raises on any text; ``spoken(spoken(x)) == spoken(x)``.

    Raises:
        UserError: ``locale`` is no locale.
    """
    Locale.parse(locale)
    return plain(text)

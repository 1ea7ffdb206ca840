"""Personal data out of utterances before anything else sees them: typed placeholders, and how many.

Only what a pattern and a checksum can tell safely is replaced: names of people need a model, for which
Microsoft Presidio can be used instead (:mod:`understudy.corpus.presidio`).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from understudy.text.deidentify.digit_words import digit_words
from understudy.text.deidentify.patterns import PATTERNS, Extent
from understudy.text.deidentify.streets import street_numbers
from understudy.text.locale import Locale

KINDS = ("url", "email", "iban", "card", "ip", "phone", "street-number", "number")
"""Placeholders are these in angle brackets, ``<email>``, in the order in which they are looked for."""

_ANY = re.compile(r"\d|@|://|::")


def deidentify(text: str, locale: str, digits: int = 7) -> tuple[str, Counter[str]]:
    """Replace what names a person or an account by a placeholder.

    E-mail addresses; telephone numbers; payment cards (with their Luhn digit); IBANs (mod 97); addresses of
    the network; web addresses that carry a password or token; the number of a house where the street's name
    makes it sure; and runs of ``digits`` or more digits, written or spoken one by one.

    Returns:
        The text, and how often each of :data:`KINDS` was replaced. Doing it again changes nothing.

    Raises:
        UserError: ``locale`` is no locale.
    """
    found: Counter[str] = Counter()
    language = _language(locale)
    if _ANY.search(text):
        for kind, pattern, extent in PATTERNS:
            text = _replaced(text, kind, pattern, found, extent)
        streets = street_numbers(language)
        if streets is not None:
            text, number = streets(text)
            found["street-number"] += number
        text = _replaced(text, "number", _long_run(digits), found)
    return _replaced(text, "number", digit_words(language, digits), found), +found


def _replaced(
    text: str, kind: str, pattern: re.Pattern[str] | None, found: Counter[str], extent: Extent = len
) -> str:
    if pattern is None:
        return text

    def placeholder(match: re.Match[str]) -> str:
        whole = match.group()
        end = extent(whole)
        if end:
            found[kind] += 1
        return f"<{kind}>{whole[end:]}" if end else whole

    return pattern.sub(placeholder, text)


@cache
def _language(locale: str) -> str:
    return Locale.parse(locale).language


@cache
def _long_run(digits: int) -> re.Pattern[str]:
    return re.compile(rf"\d{{{digits},}}|(?<!\S)\d(?:[ -]\d){{{digits - 1},}}(?![\d-])")

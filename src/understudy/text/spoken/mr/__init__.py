"""Spoken form of Marathi: ``सकाळी ७.३० वाजता`` -> सकाळी साडेसात वाजता."""

from __future__ import annotations

from understudy.text.spoken.devanagari import Latin, abbreviation_rules, brand_rules, code_rules, net_rules
from understudy.text.spoken.devanagari_words import (
    MARATHI_BRANDS,
    MARATHI_ENDINGS,
    MARATHI_LETTERS,
    MARATHI_WORDS,
)
from understudy.text.spoken.mr import amounts, dates
from understudy.text.spoken.mr.numbers import NUMBERS
from understudy.text.spoken.mr.tables import SIGNS, SYMBOLS, TITLES, UNITS
from understudy.text.spoken.rules import one_of, speaker

_LATIN = Latin(MARATHI_LETTERS, MARATHI_WORDS, MARATHI_ENDINGS, SIGNS)
_RULES = (
    *net_rules(_LATIN, NUMBERS),
    *amounts.TELEPHONES,
    *dates.ERAS,
    *dates.RULES,
    *amounts.RULES,
    *abbreviation_rules(TITLES, UNITS),
    *code_rules(_LATIN, NUMBERS),
    *brand_rules(MARATHI_BRANDS),
    *amounts.PLAIN,
)

speak = speaker(
    lambda _: _RULES,
    work=rf"[{''.join(SYMBOLS)}]|[A-Za-z]|इ\. ?स|(?:{one_of(TITLES)})\.|मी\.?|ली\.|ग्रॅ\.",
)

"""Spoken form of Hindi: ``सुबह के 6:39`` -> सुबह के छह बजकर उनतालीस मिनट."""

from __future__ import annotations

from understudy.text.spoken.devanagari import Latin, abbreviation_rules, brand_rules, code_rules, net_rules
from understudy.text.spoken.devanagari_words import HINDI_BRANDS, HINDI_ENDINGS, HINDI_LETTERS, HINDI_WORDS
from understudy.text.spoken.hi import amounts, dates, places
from understudy.text.spoken.hi.numbers import NUMBERS
from understudy.text.spoken.hi.tables import SIGNS, SYMBOLS, TITLES, UNITS
from understudy.text.spoken.rules import one_of, speaker

_LATIN = Latin(HINDI_LETTERS, HINDI_WORDS, HINDI_ENDINGS, SIGNS)
_RULES = (
    *net_rules(_LATIN, NUMBERS),
    *places.RULES,
    *dates.RULES,
    *amounts.RULES,
    *abbreviation_rules(TITLES, UNITS),
    *code_rules(_LATIN, NUMBERS),
    *brand_rules(HINDI_BRANDS),
    *amounts.PLAIN,
)

speak = speaker(
    lambda _: _RULES,
    work=rf"[{''.join(SYMBOLS)}]|[A-Za-z]|(?:{one_of(TITLES)})\.|[मल]ी\.|ग्रा\.",
)

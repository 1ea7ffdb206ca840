"""Spoken form of English (paper A 2.2): ``set an alarm for 7:30AM`` -> set an alarm for seven thirty a. m."""

from __future__ import annotations

from understudy.text.spoken.en import amounts, codes, dates, letters
from understudy.text.spoken.en.tables import ABBREVIATIONS, BEFORE_NAMES, SYMBOLS, TITLES
from understudy.text.spoken.rules import Rule, one_of, speaker

_WORK = (
    rf"[{''.join(SYMBOLS)}Α-Ωα-ω]|[A-Z][A-Z]|\b[A-Za-z]\.|[A-Za-z]\.[a-z]|[A-Za-z]/|://"
    rf"|\b(?i:{one_of(ABBREVIATIONS)})\.|\b(?:{one_of(BEFORE_NAMES)})\. "
    rf"|\b(?:{one_of(map(str.title, TITLES))})\b"
    "| [IVXL][IVXL]?\\b"
)


def _rules(region: str | None) -> tuple[Rule, ...]:
    """A region other than US reads 10/06/2005 as the tenth of June."""
    month_first = region in (None, "US")
    return (letters.SHOUTED, *codes.RULES, *dates.rules(month_first), *amounts.RULES, *letters.RULES)


speak = speaker(_rules, _WORK)

"""Spoken form of English (paper A 2.2): ``set an alarm for 7:30AM`` -> set an alarm for seven thirty a. m.

Rules run in order, each replacing what it knows by words. What a rule wrote holds no digit, capital or
symbol, so no later rule, and no second pass, touches it again.
"""

from __future__ import annotations

import re
import unicodedata

from understudy.text.spoken.en import amounts, codes, dates, letters
from understudy.text.spoken.en.tables import ABBREVIATIONS, SYMBOLS, TITLES
from understudy.text.spoken.plain import plain
from understudy.text.spoken.rules import apply, one_of

_DATES = {day_first: dates.rules(day_first=day_first) for day_first in (False, True)}

# Most sentences have nothing to expand; this decides it in one pass.
_WORK = re.compile(
    rf"[0-9{''.join(SYMBOLS)}]|[A-Z][A-Z]|\b[A-Za-z]\.|[A-Za-z]\.[a-z]|[A-Za-z]/|://|\b(?i:{one_of(ABBREVIATIONS)})\."
    rf"|\b(?:{one_of(TITLES)})\b| [IVXL][IVXL]?\b"
)
_LETTER_RUN = re.compile(r"(?<![^\s])((?:[a-z]\. )+[a-z]\.)(?![\w'-])")
_NUMBERS = re.compile(r"[^\x00-\x7f]")


def speak(text: str, region: str | None) -> str:
    """The spoken form; a ``region`` other than US reads 10/06/2005 as the tenth of June."""
    if _NUMBERS.search(text):
        text = "".join(map(_ascii_number, text))
    if not _WORK.search(text):
        return plain(text)
    shouted = text.isupper()
    text = apply(codes.RULES, text)
    text = apply(_DATES[region not in (None, "US")], text)
    text = apply(amounts.RULES, text)
    text = apply(letters.RULES, text)
    if not shouted:
        text = apply((letters.CAPITALS,), text)
    text = " ".join(text.lower().split())
    parts = _LETTER_RUN.split(text)
    parts[::2] = map(plain, parts[::2])
    return " ".join(part for part in parts if part)


def _ascii_number(character: str) -> str:
    """Digits of every script and fractions such as ½, written in ASCII."""
    if character.isascii() or not character.isnumeric() or character in SYMBOLS:
        return character
    folded = unicodedata.normalize("NFKC", character).replace("⁄", "/")
    if "/" in folded:
        return f" {folded}"
    digit = unicodedata.decimal(character, None)
    return folded if digit is None else str(digit)

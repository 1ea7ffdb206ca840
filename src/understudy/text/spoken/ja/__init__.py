"""Spoken form of Japanese: ``2024/01/30(火)`` -> 二千二十四年一月三十日火曜日.

Words are set off by nothing. Most rules only put what is written into the order it is read in and leave the
digits (``$5`` -> 5ドル, ``1/2`` -> 2分の1); the last ones write the numbers.
"""

from __future__ import annotations

import re
import unicodedata

from understudy.text.spoken.ja import amounts, codes, dates, letters
from understudy.text.spoken.numbers import roman_value
from understudy.text.spoken.rules import Match, speaker

_RULES = (*codes.RULES, *dates.RULES, *amounts.RULES, *letters.RULES, *amounts.NUMBERS)
_WORK = (
    rf"[{re.escape(amounts.SIGNS)}]|\( ?[月火水木金土日祝]|[A-Za-z]\."
    r"|(?<![A-Za-z])(?:[IVX]{2}|[IVX]世)|第[IVX]|[^\W\d_]\. [^\W\d_]\."
)
_speak = speaker(lambda _: _RULES, _WORK, gap="")

# Full and half width, units and words in a square (㎞, ㍻), telephone and number signs.
_COMPATIBLE = re.compile(r"[！-～ｦ-ﾟ￠-￦㈠-㉃㊀-㊰㋀-㏿℃℉№℡]+")
_ROMAN = re.compile(r"[Ⅰ-ⅿ]+")


def speak(text: str, region: str | None) -> str:
    """The spoken form; there is one for all regions."""
    if not text.isascii():
        text = _COMPATIBLE.sub(_usual, text)
        text = _ROMAN.sub(lambda match: str(roman_value(_usual(match).upper())), text)
    return _speak(text, region)


def _usual(match: Match) -> str:
    return unicodedata.normalize("NFKC", match.group())

"""German number words, written apart: ``drei und zwanzig``. Functions take digits as they were written."""

from __future__ import annotations

import re
from functools import lru_cache

# fmt: off
ONES = (
    "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
    "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
)
_TENS = ("-", "-", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
_SCALES = ("-", "-", "million", "milliarde", "billion", "billiarde", "trillion", "trilliarde")
# fmt: on
LONGEST = 3 * len(_SCALES)
"""Digits of the longest number with a name; longer ones are read digit by digit."""

_STEMS = {"eins": "ers", "drei": "drit", "sieben": "sieb", "acht": "ach"}
_WITH_S = ("zig", "ßig", "hundert", "tausend", "illion", "illiard")
_PLURAL = re.compile(r"(illion|illiard)(?:en|e)$")


def _below_thousand(n: int) -> str:
    words = []
    hundreds, rest = divmod(n, 100)
    if hundreds:
        words.append(f"{'ein' if hundreds == 1 else ONES[hundreds]} hundert")
    if 0 < rest < 20:
        words.append(ONES[rest])
    elif rest:
        tens, one = divmod(rest, 10)
        words.append(f"{'ein' if one == 1 else ONES[one]} und {_TENS[tens]}" if one else _TENS[tens])
    return " ".join(words)


def _group(n: int, scale: int) -> str:
    if scale == 0:
        return _below_thousand(n)
    if scale == 1:
        return f"{'ein' if n == 1 else _below_thousand(n)} tausend"
    name = _SCALES[scale]
    if n == 1:
        return f"eine {name}"
    return f"{_below_thousand(n)} {name}{'n' if name.endswith('e') else 'en'}"


@lru_cache(maxsize=8192)
def cardinal(digits: str, one: str = "eins") -> str:
    """``1234`` -> ein tausend zwei hundert vier und dreißig; ``one`` is what 1 alone is called."""
    digits = digits.lstrip("0") or "0"
    if len(digits) > LONGEST:
        return spelled(digits)
    if digits in ("0", "1"):
        return one if digits == "1" else ONES[0]
    n, scale, words = int(digits), 0, []
    while n:
        n, group = divmod(n, 1000)
        if group:
            words.append(_group(group, scale))
        scale += 1
    return " ".join(reversed(words))


def _stem(words: str) -> str:
    """What -ter of ordinals and -tel of fractions follow: ``zwanzig`` -> zwanzigs."""
    head, space, last = words.rpartition(" ")
    last = _PLURAL.sub(r"\1", last)
    return f"{head}{space}{last}s" if last.endswith(_WITH_S) else f"{head}{space}{_STEMS.get(last, last)}"


def ordinal(digits: str, ending: str = "er") -> str:
    """``121``, ``en`` -> ein hundert ein und zwanzigsten."""
    return f"{_stem(cardinal(digits))}t{ending}"


def spelled(digits: str) -> str:
    """``407`` -> vier null sieben."""
    return " ".join(ONES[int(digit)] for digit in digits if digit.isdecimal())


def number(digits: str, one: str = "eins") -> str:
    """A cardinal; with a leading zero digit by digit, as codes are read."""
    return spelled(digits) if digits.startswith("0") and len(digits) > 1 else cardinal(digits, one)


def year(digits: str, century: str = " hundert") -> str:
    """``1848`` -> achtzehn hundert acht und vierzig, ``2013`` -> zwei tausend dreizehn.

    ``century`` may be nothing, as in a full date; what would be unclear then keeps it.
    """
    if len(digits) != 4 or not "1100" <= digits <= "1999":
        return number(digits)
    rest = "" if digits[2:] == "00" else cardinal(digits[2:])
    return f"{cardinal(digits[:2])}{century if digits[2:] >= '10' else ' hundert'} {rest}".strip()


def decimal(whole: str, part: str) -> str:
    """``0``, ``05`` -> null komma null fünf."""
    return f"{cardinal(whole)} komma {spelled(part)}"


def fraction(above: str, below: str) -> str | None:
    """``3``, ``4`` -> drei viertel; None below 2, where no fraction is meant."""
    below = below.lstrip("0")
    if below in ("", "1"):
        return None
    top = cardinal(above, "ein")
    if below == "2":
        return f"{top} {'halb' if top == 'ein' else 'halbe'}"
    return f"{top} {_stem(cardinal(below))}tel"

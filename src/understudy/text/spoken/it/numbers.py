"""Italian number words: tens in one word without accent, hundreds apart. Functions take digits as written."""

from __future__ import annotations

from functools import lru_cache

from understudy.text.spoken.numbers import decimal_groups

# fmt: off
ONES = (
    "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici",
    "dodici", "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
)
_TENS = ("-", "-", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta")
_ORDINALS = (
    "zeresimo", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono",
    "decimo",
)
# fmt: on
_SCALES = ("-", "milion", "bilion", "trilion", "quadrilion")
LONGEST = 6 * len(_SCALES)
"""Digits of the longest number with a name; longer ones are read digit by digit."""


def _below_hundred(n: int) -> str:
    if n < 20:
        return ONES[n] if n else ""
    tens, one = divmod(n, 10)
    word = _TENS[tens]
    return (word[:-1] if one in (1, 8) else word) + (ONES[one] if one else "")


def _below_thousand(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    words = [f"{ONES[hundreds] if hundreds > 1 else ''}cento"] if hundreds else []
    return " ".join([*words, _below_hundred(rest)] if rest else words)


def _below_million(n: int) -> str:
    thousands, rest = divmod(n, 1000)
    words = []
    if thousands == 1:
        words.append("mille")
    elif thousands:
        words.append(_below_thousand(thousands) + (" mila" if thousands == 100 else "mila"))
    if rest:
        words.append(_below_thousand(rest))
    return " ".join(words)


@lru_cache(maxsize=8192)
def cardinal(digits: str, one: str = "uno") -> str:
    """``1034500`` -> un milione trentaquattromila cinquecento; ``one`` is what 1 alone is called.

    Thousands of millions are counted as such: 2 000 000 000 is duemila milioni.
    """
    digits = digits.lstrip("0") or "0"
    if len(digits) > LONGEST:
        return spelled(digits)
    if digits in ("0", "1"):
        return one if digits == "1" else ONES[0]
    n, scale, words = int(digits), 0, []
    while n:
        n, group = divmod(n, 1_000_000)
        if group == 1 and scale:
            words.append(f"un {_SCALES[scale]}e")
        elif group:
            words.append(f"{_below_million(group)} {_SCALES[scale]}i" if scale else _below_million(group))
        scale += 1
    return " ".join(reversed(words))


@lru_cache(maxsize=1024)
def ordinal(digits: str, ending: str = "o") -> str:
    """``23``, ``a`` -> ventitreesima."""
    n = int(digits)
    if n < len(_ORDINALS):
        return _ORDINALS[n][:-1] + ending
    head, space, last = cardinal(digits).rpartition(" ")
    if last == "dieci":
        stem = "decim"
    elif last in ("milione", "milioni"):
        head, stem = ("" if head == "un" else head), "milionesim"
    elif last.endswith(("mila", "mille")):
        stem = last.removesuffix("mila").removesuffix("mille") + "millesim"
    elif last.endswith(("tre", "sei")):
        stem = f"{last}esim"
    else:
        stem = f"{last[:-1]}esim"
    return f"{head}{space if head else ''}{stem}{ending}"


def spelled(digits: str) -> str:
    """``407`` -> quattro zero sette."""
    return " ".join(ONES[int(digit)] for digit in digits if digit.isdecimal())


def number(digits: str, one: str = "uno") -> str:
    """A cardinal; with a leading zero digit by digit, as codes are read."""
    return spelled(digits) if digits.startswith("0") and len(digits) > 1 else cardinal(digits, one)


def decimal(whole: str, part: str) -> str:
    """``33``, ``32`` -> trentatre virgola trentadue."""
    return " ".join([cardinal(whole), "virgola", *map(cardinal, decimal_groups(part))])


def fraction(above: str, below: str) -> str | None:
    """``3``, ``4`` -> tre quarti; None below 2, where no fraction is meant."""
    if int(below) < 2 or len(below) > LONGEST:
        return None
    top = cardinal(above, "un")
    ending = "o" if top == "un" else "i"
    name = f"mezz{ending}" if int(below) == 2 else ordinal(below, ending)
    return f"{top} {name}"

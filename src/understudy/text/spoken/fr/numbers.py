"""French number words, and Swiss and Belgian seventies and nineties. Functions take digits as written."""

from __future__ import annotations

import re
from functools import lru_cache

from understudy.text.spoken.numbers import decimal_groups
from understudy.text.spoken.rules import one_of

# fmt: off
ONES = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)
# fmt: on
_TENS = (
    "-",
    "-",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "soixante",
    "quatre-vingt",
    "quatre-vingt",
)
_SCALES = ("-", "mille", "million", "milliard", "billion", "billiard", "trillion", "trilliard")
LONGEST = 3 * len(_SCALES)
"""Digits of the longest number with a name; longer ones are read digit by digit."""


def _below_hundred(n: int) -> str:
    """Without the s of ``quatre-vingts``, which stands at a number's end only."""
    if n < 20:
        return ONES[n]
    tens, one = divmod(n, 10)
    if tens in (7, 9):
        one += 10
    if one == 0:
        return _TENS[tens]
    joined = " et " if one in (1, 11) and tens < 8 else "-"
    return f"{_TENS[tens]}{joined}{ONES[one]}"


def _below_thousand(n: int, *, last: bool) -> str:
    hundreds, rest = divmod(n, 100)
    words = [ONES[hundreds]] if hundreds > 1 else []
    if hundreds:
        words.append("cents" if hundreds > 1 and not rest and last else "cent")
    if rest:
        words.append(_below_hundred(rest) + ("s" if rest == 80 and last else ""))
    return " ".join(words)


@lru_cache(maxsize=8192)
def cardinal(digits: str, *, feminine: bool = False) -> str:
    """``6492000`` -> six millions quatre cent quatre-vingt-douze mille; feminine: vingt et une."""
    digits = digits.lstrip("0")
    if len(digits) > LONGEST:
        return spelled(digits)
    n, scale, words = int(digits or "0"), 0, []
    if n == 0:
        return ONES[0]
    while n:
        n, group = divmod(n, 1000)
        if scale == 0 and group:
            words.append(_below_thousand(group, last=True))
        elif scale == 1 and group:
            words.append(f"{_below_thousand(group, last=False)} mille" if group > 1 else "mille")
        elif group:
            words.append(f"{_below_thousand(group, last=True)} {_SCALES[scale]}{'s' if group > 1 else ''}")
        scale += 1
    spoken = " ".join(reversed(words))
    return f"{spoken}e" if feminine and re.search(r"(?:\b|-)un\Z", spoken) else spoken


def _ordinal_stem(words: str) -> str:
    if words.endswith(("cents", "vingts", "lions", "liards")):
        words = words[:-1]
    if words.endswith("cinq"):
        return f"{words}u"
    if words.endswith("neuf"):
        return f"{words[:-1]}v"
    return words.removesuffix("e")


@lru_cache(maxsize=2048)
def ordinal(digits: str, *, feminine: bool = False, many: bool = False) -> str:
    """``21`` -> vingt et unième; 1 -> premier, feminine première."""
    plural = "s" if many else ""
    if digits.lstrip("0") == "1":
        return f"première{plural}" if feminine else f"premier{plural}"
    return f"{_ordinal_stem(cardinal(digits))}ième{plural}"


def spelled(digits: str) -> str:
    """``407`` -> quatre zéro sept."""
    return " ".join(ONES[int(digit)] for digit in digits if digit.isdecimal())


def number(digits: str, *, feminine: bool = False) -> str:
    """A cardinal; zeros before it are read out: ``06`` -> zéro six."""
    zeros = len(digits) - len(digits.lstrip("0") or "0")
    return " ".join([ONES[0]] * zeros + [cardinal(digits, feminine=feminine)])


def decimal(whole: str, part: str) -> str:
    """``818``, ``303`` -> huit cent dix-huit virgule trois cent trois."""
    return " ".join([cardinal(whole), "virgule", *map(cardinal, decimal_groups(part))])


_IRREGULAR = {2: ("demi", "demis"), 3: ("tiers", "tiers"), 4: ("quart", "quarts")}


def fraction(above: str, below: str) -> str | None:
    """``3``, ``4`` -> trois quarts; None below 2, where no fraction is meant."""
    if int(below) < 2:
        return None
    many = int(above) > 1
    names = _IRREGULAR.get(int(below)) or (ordinal(below), ordinal(below, many=True))
    return f"{cardinal(above)} {names[many]}"


def _septante(n: int) -> str:
    tens, one = divmod(n, 10)
    name = {7: "septante", 9: "nonante"}[tens]
    return name if one == 0 else f"{name} et un" if one == 1 else f"{name}-{ONES[one]}"


_SEPTANTE = {
    ending(words): ending(_septante(n))
    for n in (*range(70, 80), *range(90, 100))
    for words in (_below_hundred(n),)
    for ending in (str, lambda words: f"{_ordinal_stem(words)}ième")
}
_SEPTANTE_WORDS = re.compile(rf"\b(?:{one_of(_SEPTANTE)})(?![^\Ws]|-)")


def septante(words: str) -> str:
    """The words of a number as Belgium and Switzerland say it: ``soixante et onze`` -> septante et un."""
    return _SEPTANTE_WORDS.sub(lambda match: _SEPTANTE[match.group()], words)

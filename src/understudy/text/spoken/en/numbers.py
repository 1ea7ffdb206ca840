"""English number words. Every function takes digits as they were written."""

from __future__ import annotations

from functools import lru_cache

from understudy.text.spoken.numbers import NumberShape

SHAPE = NumberShape(group=",", decimal=".")

# fmt: off
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = (
    "-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)
_SCALES = (
    "-", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion",
    "septillion", "octillion", "nonillion", "decillion",
)
# fmt: on
LONGEST = 3 * len(_SCALES)
"""Digits of the longest number with a name; longer ones are read digit by digit."""

_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def _below_thousand(n: int, link: str = " ") -> str:
    if n >= 100:
        rest = n % 100
        return f"{_ONES[n // 100]} hundred" + (link + _below_thousand(rest) if rest else "")
    if n < 20:
        return _ONES[n]
    return _TENS[n // 10] + (f" {_ONES[n % 10]}" if n % 10 else "")


@lru_cache(maxsize=4096)
def cardinal(digits: str, link: str = " and ") -> str:
    """``1234`` -> one thousand two hundred and thirty four; ``link`` goes before the last two digits."""
    digits = digits.replace(",", "").lstrip("0") or "0"
    if len(digits) > LONGEST:
        return spelled(digits)
    words: list[str] = []
    n, scale = int(digits), 0
    while n:
        n, group = divmod(n, 1000)
        if group and scale:
            words.append(f"{_below_thousand(group)} {_SCALES[scale]}")
        elif group:
            words.append(_below_thousand(group, link))
            if group < 100 and n % 1000:
                words[-1] = link.strip() + " " + words[-1]
        scale += 1
    return " ".join(reversed(words)).strip() or "zero"


def ordinal(digits: str) -> str:
    """``121`` -> one hundred twenty first."""
    head, _, last = cardinal(digits, " ").rpartition(" ")
    return f"{head} {_ordinal_word(last)}".strip()


def _ordinal_word(word: str) -> str:
    if word in _ORDINALS:
        return _ORDINALS[word]
    return (word[:-1] + "ieth") if word.endswith("y") else word + "th"


def spelled(digits: str) -> str:
    """``407`` -> four zero seven."""
    return " ".join(_ONES[int(digit)] for digit in digits if digit.isdecimal())


def paired(digits: str) -> str:
    """Years and house numbers: ``1994`` -> nineteen ninety four, ``340`` -> three forty."""
    n = int(digits)
    high, low = divmod(n, 100)
    if digits.startswith("0") or not 100 <= n <= 9999:
        return number(digits)
    if high % 10 == 0 and (low < 10 or (high == 10 and low == 0)):
        return cardinal(digits, " ")
    if low == 0:
        return f"{_below_thousand(high)} hundred"
    return f"{_below_thousand(high)} {'oh ' if low < 10 else ''}{_below_thousand(low)}"


def number(digits: str) -> str:
    """A number as people read it aloud, by its shape alone.

    With separators or up to three digits: a cardinal. Four digits that can be a year: in pairs. A leading
    zero, or five and more digits without a separator: digit by digit, as codes and accounts are.
    """
    if "," in digits:
        return cardinal(digits)
    if len(digits) > 1 and digits.startswith("0"):
        return spelled(digits)
    if len(digits) == 4 and digits < "3000":
        return paired(digits)
    return cardinal(digits) if len(digits) <= 4 else spelled(digits)


def part_number(digits: str) -> str:
    """A number between hyphens: ``133-B`` -> one hundred thirty three b, ``1234-B`` digit by digit."""
    if digits.startswith("0") or (len(digits) > 3 and not "1900" <= digits <= "2099"):
        return spelled(digits)
    return cardinal(digits, " ") if len(digits) <= 3 else paired(digits)


def short_number(digits: str) -> str:
    """A number beside letters: ``C24`` -> c twenty four, ``A321`` -> a three twenty one."""
    if digits.startswith("0") or len(digits) > 3:
        return spelled(digits)
    return paired(digits) if len(digits) == 3 else cardinal(digits)


def decimal(whole: str, part: str) -> str:
    """``0``, ``05`` -> zero point zero five."""
    return f"{cardinal(whole) if whole else ''} point {spelled(part)}".strip()


def fraction(above: str, below: str) -> str:
    """``3``, ``4`` -> three quarters."""
    top = cardinal(above, " ")
    many = top != "one"
    bottom = below.replace(",", "").lstrip("0")
    if bottom in ("", "1"):
        return f"{top} over {cardinal(below)}"
    if bottom == "2":
        return f"{top} {'halves' if many else 'half'}"
    name = "quarter" if bottom == "4" else ordinal(below)
    return f"{top} {name}{'s' if many else ''}"


def plural_tens(digits: str) -> str:
    """Decades: ``1980`` -> nineteen eighties, ``80`` -> eighties."""
    words = paired(digits) if len(digits) == 4 else cardinal(digits)
    return words[:-1] + "ies" if words.endswith("y") else words + "s"

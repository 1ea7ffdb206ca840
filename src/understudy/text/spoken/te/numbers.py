"""Telugu number words: రెండు వేల పదిహేడు, but రెండు వేలు by itself.

Scales are nouns: in the plural by themselves (వేలు), in the genitive (వేల) before more of the number and
before what is counted.
"""

from __future__ import annotations

from functools import lru_cache

# fmt: off
_UNITS = (
    "సున్నా", "ఒకటి", "రెండు", "మూడు", "నాలుగు", "ఐదు", "ఆరు", "ఏడు", "ఎనిమిది", "తొమ్మిది", "పది", "పదకొండు",
    "పన్నెండు", "పదమూడు", "పద్నాలుగు", "పదిహేను", "పదహారు", "పదిహేడు", "పద్దెనిమిది", "పంతొమ్మిది",
)
_TENS = ("", "", "ఇరవై", "ముప్పై", "నలభై", "యాభై", "అరవై", "డెబ్బై", "ఎనభై", "తొంభై")
# fmt: on
# Exactly one, one with more, many by themselves, many before more.
_HUNDRED = ("వంద", "నూట", "వందలు", "వందల")
_SCALES = (
    (10_000_000, ("కోటి", "కోటి", "కోట్లు", "కోట్ల")),
    (100_000, ("లక్ష", "లక్షా", "లక్షలు", "లక్షల")),
    (1000, ("వెయ్యి", "వెయ్యి", "వేలు", "వేల")),
    (100, _HUNDRED),
)
_LONGEST = 14  # 99,99,999 crore


def spelled(digits: str) -> str:
    """``407`` -> నాలుగు సున్నా ఏడు."""
    return " ".join(_UNITS[int(digit)] for digit in digits if digit.isdecimal())


def cardinal(digits: str) -> str:
    """``2,017`` -> రెండు వేల పదిహేడు; codes (``007``) and numbers beyond the names digit by digit."""
    digits = digits.replace(",", "")
    if len(digits) > _LONGEST or (len(digits) > 1 and digits.startswith("0")):
        return spelled(digits)
    return _words(int(digits))


def genitive(digits: str) -> str:
    """Before a noun or an ending: ``2000`` -> రెండు వేల."""
    return _genitive(cardinal(digits))


def counting(digits: str) -> str:
    """Before what is counted: ``1`` -> ఒక, ``21`` -> ఇరవై ఒక్క, ``200`` -> రెండు వందల."""
    return _counting(cardinal(digits))


def ordinal(digits: str) -> str:
    """``5`` -> ఐదవ, ``20`` -> ఇరవయ్యవ, ``1`` -> మొదటి."""
    word = genitive(digits)
    if word == "ఒకటి":
        return "మొదటి"
    if word.endswith("ై"):
        return word[:-1] + "య్యవ"
    return word.rstrip("ుి") + "వ"


def year(digits: str, *, genitive: bool = False) -> str:
    """In hundreds before 2000: ``1947`` -> పంతొమ్మిది వందల నలభై ఏడు."""
    century, rest = divmod(int(digits), 100)
    words = _scaled(_words(century), rest, _HUNDRED) if 11 <= century <= 19 else cardinal(digits)
    return _genitive(words) if genitive else words


@lru_cache(maxsize=8192)
def _words(n: int) -> str:
    if n < 20:
        return _UNITS[n]
    if n < 100:
        tens, units = divmod(n, 10)
        return f"{_TENS[tens]} {_UNITS[units]}" if units else _TENS[tens]
    if n < 2000 and n % 100 == 0 and n > 1000:  # 1500 is fifteen hundred
        return _scaled(_words(n // 100), 0, _HUNDRED)
    scale, names = next((scale, names) for scale, names in _SCALES if n >= scale)
    count, rest = divmod(n, scale)
    if count == 1:
        return f"{names[1]} {_words(rest)}" if rest else names[0]
    return _scaled(_counting(_words(count)), rest, names)


def _scaled(count: str, rest: int, names: tuple[str, ...]) -> str:
    return f"{count} {names[3]} {_words(rest)}" if rest else f"{count} {names[2]}"


def _counting(words: str) -> str:
    if words == "ఒకటి":
        return "ఒక"
    return words.removesuffix("ఒకటి") + "ఒక్క" if words.endswith(" ఒకటి") else _genitive(words)


def _genitive(words: str) -> str:
    return words[:-1] if words.endswith(("వందలు", "వేలు", "లక్షలు", "కోట్లు")) else words

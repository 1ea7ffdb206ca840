"""Tamil number words, joined as Nannul (rules 188 to 198) and the school grammars teach.

Before another number ``-பது`` becomes ``-பத்து``, ``நூறு`` ``நூற்று`` and ``ஆயிரம்``
``ஆயிரத்து``; a short u at a word's end gives way to a vowel: இருபத்து + ஒன்று is இருபத்தொன்று.
"""

from __future__ import annotations

import re
from functools import lru_cache

# fmt: off
_UNITS = (
    "பூஜ்ஜியம்", "ஒன்று", "இரண்டு", "மூன்று", "நான்கு", "ஐந்து", "ஆறு", "ஏழு", "எட்டு", "ஒன்பது", "பத்து", "பதினொன்று",
    "பன்னிரண்டு", "பதின்மூன்று", "பதினான்கு", "பதினைந்து", "பதினாறு", "பதினேழு", "பதினெட்டு", "பத்தொன்பது",
)
_TENS = ("", "", "இருபது", "முப்பது", "நாற்பது", "ஐம்பது", "அறுபது", "எழுபது", "எண்பது", "தொண்ணூறு")
_HUNDREDS = (
    "", "நூறு", "இருநூறு", "முந்நூறு", "நானூறு", "ஐந்நூறு", "அறுநூறு", "எழுநூறு", "எண்ணூறு", "தொள்ளாயிரம்",
)
# fmt: on
_SIGNS = {"ஒ": "ொ", "இ": "ி", "ஐ": "ை", "ஆ": "ா", "ஏ": "ே", "எ": "ெ"}
_LONGEST = 14  # 99,99,999 crore

_OLD = {"௰": 10, "௱": 100, "௲": 1000}


def spelled(digits: str) -> str:
    """``407`` -> நான்கு பூஜ்ஜியம் ஏழு."""
    return " ".join(_UNITS[int(digit)] for digit in digits if digit.isdecimal())


def cardinal(digits: str) -> str:
    """``1,021`` -> ஆயிரத்து இருபத்தொன்று; codes (``007``) and numbers beyond the names digit by digit."""
    digits = digits.replace(",", "")
    if len(digits) > _LONGEST or (len(digits) > 1 and digits.startswith("0")):
        return spelled(digits)
    return _words(int(digits))


def counting(digits: str) -> str:
    """Before what is counted: ``1`` -> ஒரு, ``21`` -> இருபத்தொரு."""
    return re.sub("(ஒ|ொ)ன்று$", r"\1ரு", cardinal(digits))


def ordinal(digits: str, ending: str = "ஆம்") -> str:
    """``5`` -> ஐந்தாம், ``1`` -> முதலாம், ``21`` -> இருபத்தோராம்; ``ending`` begins with ஆ."""
    word = cardinal(digits)
    if word == "ஒன்று":
        return "முதலா" + ending[1:]
    word = re.sub("ொன்று$", "ோரு", word)
    if word.endswith("ம்"):
        return word[:-1] + "ா" + ending[1:]
    return _joined(word, "ா" + ending[1:])


def inflected(digits: str, ending: str) -> str:
    """A case ending that begins with a vowel sign: ``5``, ``ில்`` -> ஐந்தில்; 1000 -> ஆயிரத்தில்."""
    word = cardinal(digits)
    if word.endswith("ி") and ending.startswith("ு"):
        return word + ending[1:]
    return _joined(_oblique(word), ending)


def old_value(numeral: str) -> int:
    """Tamil numerals with signs for ten, hundred and thousand: ``2௱3௰5`` -> 235, ``௲`` -> 1000."""
    total, waiting, count = 0, 0, ""
    for sign in numeral:
        value = _OLD.get(sign)
        if value is None:
            count += sign
        elif value == 1000:  # ௰௲ is ten thousand
            total += ((waiting + int(count or 0)) or 1) * value
            waiting, count = 0, ""
        else:
            waiting += int(count or 1) * value
            count = ""
    return total + waiting + int(count or 0)


@lru_cache(maxsize=8192)
def _words(n: int) -> str:
    if n < 20:
        return _UNITS[n]
    if n < 100:
        return _below_hundred(*divmod(n, 10))
    if n < 1000:
        return _linked(_HUNDREDS[n // 100], n % 100)
    if n < 100_000:
        return _linked(_thousands(n // 1000), n % 1000)
    scale, name, linked = (100_000, "லட்சம்", "லட்சத்து") if n < 10_000_000 else (10_000_000, "கோடி", "கோடியே")
    count = counting(str(n // scale))
    return f"{count} {linked} {_words(n % scale)}" if n % scale else f"{count} {name}"


def _below_hundred(tens: int, units: int) -> str:
    word = _TENS[tens]
    if not units:
        return word
    unit = _UNITS[units]
    stem = word[:-2] + ("ற்ற" if word.endswith("று") else "த்த")
    sign = _SIGNS.get(unit[0])
    return stem + sign + unit[1:] if sign else f"{stem}ு {unit}"


def _thousands(n: int) -> str:
    word = _words(n)
    if n == 1:
        return "ஆயிரம்"
    if n == 5:
        return "ஐயாயிரம்"
    if word.endswith("மூன்று"):
        return word.removesuffix("ன்று") + "வாயிரம்"
    return _joined(re.sub("ொன்று$", "ோரு", word), "ாயிரம்")


def _linked(word: str, rest: int) -> str:
    return f"{_oblique(word)} {_words(rest)}" if rest else word


def _oblique(word: str) -> str:
    """ஆயிரம் -> ஆயிரத்து, நூறு -> நூற்று; other words stay."""
    if word.endswith("ம்"):
        return word[:-2] + "த்து"
    return word[:-2] + "ற்று" if word.endswith("ூறு") else word


def _joined(word: str, ending: str) -> str:
    """``ending`` begins with a vowel sign: a short u gives way to it, after i stands a y."""
    return (word[:-1] if word.endswith("ு") else word + "ய") + ending

"""Japanese number words. Digits are given without separators."""

from __future__ import annotations

from functools import lru_cache

_DIGITS = "零一二三四五六七八九"
_SCALES = ("", "万", "億", "兆", "京", "垓")
_LONGEST = 4 * len(_SCALES)


def spelled(digits: str) -> str:
    """Digit by digit: ``407`` -> 四零七."""
    return "".join(_DIGITS[int(digit)] for digit in digits if digit.isdecimal())


@lru_cache(maxsize=4096)
def cardinal(digits: str, *, before_scale: bool = False) -> str:
    """``11234`` -> 一万千二百三十四; codes (``007``) and numbers beyond the names digit by digit.

    A thousand has its 一 before a scale: 一千万, but 千. ``before_scale`` says that one follows the digits.
    """
    if len(digits) > _LONGEST or (len(digits) > 1 and digits.startswith("0")):
        return spelled(digits)
    words, rest = "", int(digits)
    for scale in _SCALES:
        rest, group = divmod(rest, 10_000)
        if group:
            words = _below_ten_thousand(group, whole=before_scale or bool(scale)) + scale + words
    return words or "零"


def _below_ten_thousand(n: int, *, whole: bool) -> str:
    words = ""
    for value, name in ((1000, "千"), (100, "百"), (10, "十")):
        count, n = divmod(n, value)
        if count:
            bare = count == 1 and not (whole and value == 1000)
            words += name if bare else _DIGITS[count] + name
    return words + (_DIGITS[n] if n else "")

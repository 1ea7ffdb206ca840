"""Arabic number words. Every function takes digits as they were written, without separators.

The counting forms (ثلاثة, not ثلاث) stand before every noun, as recognisers write them most.
"""

from __future__ import annotations

from functools import lru_cache

# fmt: off
_ONES = (
    "صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة", "احد عشر",
    "اثنا عشر", "ثلاثة عشر", "اربعة عشر", "خمسة عشر", "ستة عشر", "سبعة عشر", "ثمانية عشر", "تسعة عشر",
)
_TENS = ("-", "-", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
_HUNDREDS = (
    "-", "مئة", "مئتان", "ثلاث مئة", "أربع مئة", "خمس مئة", "ست مئة", "سبع مئة", "ثمان مئة", "تسع مئة",
)
# One, two, three to ten of a scale; more of it take its singular again.
_SCALES = (
    ("ألف", "ألفان", "اَلاف"),
    ("مليون", "مليونان", "ملايين"),
    ("مليار", "ملياران", "مليارات"),
    ("تريليون", "تريليونان", "تريليونات"),
    ("كوادريليون", "كوادريليونان", "كوادريليونات"),
)
_FEMININE = (
    "-", "إحدى", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع", "عشر",
)
_PARTS = ("-", "-", "نصف", "ثلث", "ربع", "خمس", "سدس", "سبع", "ثمن", "تسع", "عشر")
_PLURAL_PARTS = (
    "-", "-", "-", "أثلاث", "أرباع", "أخماس", "أسداس", "أسباع", "أثمان", "أتساع", "أعشار",
)
_FIRST = (
    "-", "الحادي", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن", "التاسع", "العاشر",
)
_HOURS = (
    "الصفر", "الواحدة", "الثانية", "الثالثة", "الرابعة", "الخامسة", "السادسة", "السابعة", "الثامنة",
    "التاسعة", "العاشرة", "الحادية عشرة", "الثانية عشرة",
)
# fmt: on
LONGEST = 3 * (len(_SCALES) + 1)
"""Digits of the longest number with a name; longer ones are read digit by digit."""


def _below_thousand(n: int) -> str:
    words = []
    if n >= 100:
        words.append(_HUNDREDS[n // 100])
        n %= 100
    if n >= 20:
        if n % 10:
            words.append(_ONES[n % 10])
        words.append(_TENS[n // 10])
    elif n:
        words.append(_ONES[n])
    return " و".join(words)


@lru_cache(maxsize=8192)
def cardinal(digits: str) -> str:
    """``3006`` -> ثلاثة اَلاف وستة."""
    digits = digits.lstrip("0") or "0"
    if digits == "0":
        return _ONES[0]
    if len(digits) > LONGEST:
        return spelled(digits)
    n, words = int(digits), []
    for scale in range(len(_SCALES), 0, -1):
        group, n = divmod(n, 1000**scale)
        if group:
            words.append(_scaled(group, *_SCALES[scale - 1]))
    if n:
        words.append(_below_thousand(n))
    return " و".join(words)


def _scaled(n: int, one: str, two: str, few: str) -> str:
    if n <= 2:
        return (one, two)[n - 1]
    return f"{_below_thousand(n)} {few if 3 <= n % 100 <= 10 else one}"


def spelled(digits: str) -> str:
    """Digit by digit: ``07`` -> صفر سبعة."""
    return " ".join(_ONES[int(digit)] for digit in digits)


def decimal(whole: str, part: str) -> str:
    """``6.88`` -> ستة وثمانية وثمانون من مئة: so many of ten, a hundred, a thousand."""
    if len(part) > 6:
        return f"{cardinal(whole)} فاصلة {spelled(part)}"
    below = {1: "عشرة", 2: "مئة", 3: "ألف", 4: "عشرة آلاف", 5: "مئة ألف", 6: "مليون"}[len(part)]
    return f"{cardinal(whole)} و{cardinal(part)} من {below}"


@lru_cache(maxsize=4096)
def fraction(above: str, below: str) -> str:
    """``1/3`` -> ثلث, ``2/3`` -> ثلثين, ``3/4`` -> ثلاثة أرباع, ``1/11`` -> واحد على احد عشر."""
    n, of = (int(digits) if len(digits) < 3 else 0 for digits in (above, below))
    if 2 <= of <= 10 and n in (1, 2):
        return _PARTS[of] if n == 1 else _PARTS[of] + "ين"
    if 3 <= of <= 10 and 3 <= n <= 10:
        return f"{cardinal(above)} {_PLURAL_PARTS[of]}"
    return f"{cardinal(above)} على {cardinal(below)}"


def ordinal(n: int) -> str:
    """The definite masculine ordinal of 1 to 99: 21 -> الحادي والعشرون."""
    if n == 1 or n == 10:
        return "الأول" if n == 1 else _FIRST[10]
    if n < 20:
        return _FIRST[n % 10] + (" عشر" if n > 10 else "")
    return (f"{_FIRST[n % 10]} و" if n % 10 else "") + f"ال{_TENS[n // 10]}"


def hour(n: int) -> str:
    """The hour of the clock, an ordinal: 7 -> السابعة, 21 -> الحادية والعشرون."""
    if n <= 12:
        return _HOURS[n]
    if n < 20:
        return f"{_HOURS[n - 10]} عشرة"
    return "العشرون" if n == 20 else f"{'الحادية' if n == 21 else _HOURS[n - 20]} والعشرون"


def minutes(n: int) -> str:
    """So many minutes, which are feminine: 5 -> خمس دقائق, 25 -> خمس وعشرون دقيقة."""
    if n <= 2:
        return ("", "دقيقة", "دقيقتان")[n]
    if n <= 10:
        return f"{_FEMININE[n]} دقائق"
    if n < 20:
        return f"{'اثنتا' if n == 12 else _FEMININE[n - 10]} عشرة دقيقة"
    return (f"{_FEMININE[n % 10]} و" if n % 10 else "") + f"{_TENS[n // 10]} دقيقة"

"""Arabic money, percent, measures, fractions and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.ar.numbers import cardinal, decimal, fraction, ordinal, spelled
from understudy.text.spoken.ar.tables import CURRENCIES, SYMBOLS, UNITS
from understudy.text.spoken.numbers import NumberShape
from understudy.text.spoken.ranges import growing, of_one_unit
from understudy.text.spoken.rules import Match, Rule, named_signs, one_of

_SHAPE = NumberShape(group=r"٬\u00a0\u202f", decimal=".,٫", foreign=",")
# A comma before three digits is decimal, but what ends in ",000" is round.
INTEGER = rf"(?:\d{{1,3}}(?:,\d{{3}}){{0,4}},000(?!\d)|{_SHAPE.integer})"
_AMOUNT = _SHAPE.amount.replace(_SHAPE.integer, INTEGER)
_PREFIX = r"(?P<prefix>(?<![^\W\d_])(?:[وف]?[بلك]|[وف]|ال)ـ?)?"
"""A conjunction or preposition is written on to its number: ``بـ16``."""
_COUNT = _PREFIX + _AMOUNT
_SCALE = r"(?: (?P<scale>ألف|آلاف|مليون|ملايين|مليار|مليارات|تريليون)(?!\w))?"


def _amount(match: Match) -> str:
    whole, part = _SHAPE.digits(match["whole"]) or "0", match["part"]
    words = decimal(whole, part) if part else _integer(whole)
    return _prefix(match) + (f"سالب {words}" if match["minus"] else words)


def _prefix(match: Match) -> str:
    return (match.groupdict().get("prefix") or "").removesuffix("ـ")


def _integer(digits: str) -> str:
    return spelled(digits) if digits.startswith("00") else cardinal(digits)


def _money(match: Match) -> str:
    name, (so_many, one, two, few) = CURRENCIES[match["symbol"].lower()]
    part, scale = (match["part"] or "").rstrip("0"), match["scale"]
    places = len(so_many) - 1
    if scale or len(part) > places:
        return " ".join([_amount(match), *([scale] if scale else []), name])
    whole, coins = _SHAPE.digits(match["whole"]).lstrip("0"), part.ljust(places, "0") if part else ""
    words = [f"{cardinal(whole)} {name}"] if whole or not coins else []
    if coins:
        words.append(_coins(int(coins), one, two, few))
    return _prefix(match) + ("سالب " if match["minus"] else "") + " و".join(words)


def _coins(n: int, one: str, two: str, few: str) -> str:
    if n <= 2:
        return f"{one} واحد" if n == 1 else two
    return f"{cardinal(str(n))} {few if 3 <= n % 100 <= 10 else one}"


def _percent(match: Match) -> str:
    return f"{_amount(match)} في المائة"


def _measure(match: Match) -> str:
    return f"{_amount(match)} {match['scale'] or ''} {UNITS[match['unit']]}"


def _fractional(match: Match) -> str:
    whole, above, below = (_SHAPE.digits(match[part]) for part in ("whole", "above", "below"))
    words = fraction(above, below)
    if whole:
        words = f"{cardinal(whole)} و {words}"
    words = f"سالب {words}" if match["minus"] else words
    return f"{words} {UNITS[match['unit']]}" if match["unit"] else words


def _to(first: str, last: str) -> str:
    return f"{cardinal(first)} إلى {cardinal(last)}"


def _from(first: str) -> str:
    return f"{cardinal(first)} إلى"


def _version(match: Match) -> str:
    return " نقطة ".join(map(cardinal, match.group().split(".")))


def _century(match: Match) -> str:
    return ordinal(int(match[1]))


_MINUS = r"(?P<minus>(?<![\w)%])[-−])?"
_WORDS = one_of(sign for sign in CURRENCIES if sign[-1].isalpha())
_SIGNS = one_of(sign for sign in CURRENCIES if not sign[-1].isalpha())
_SYMBOL = rf"(?P<symbol>(?<![^\W\d_])(?i:{_WORDS})|(?i:{_SIGNS}))"
_UNIT = rf"(?P<unit>{one_of(UNITS)})(?![\w²³/])"
_PARTS = rf"(?:(?P<whole>{INTEGER}) {{0,2}}(?<=[ ]))?(?P<above>{INTEGER}) ?/ ?(?P<below>{INTEGER})"

RULES: tuple[Rule, ...] = (
    (re.compile(r"(?<=القرن )(?:الـ?)?([1-9]\d?)(?![\w.,/])"), _century),
    of_one_unit(rf"[%٪°$€]|{_UNIT}", _from),
    (re.compile(rf"{_SYMBOL} ?{_AMOUNT}{_SCALE}(?!\w)"), _money),
    (re.compile(rf"{_COUNT}{_SCALE} ?{_SYMBOL}(?!\w)"), _money),
    (re.compile(rf"[%٪] ?{_AMOUNT}(?!\w)"), _percent),
    (re.compile(rf"{_COUNT} ?[%٪]"), _percent),
    (re.compile(rf"(?<!\w)(?P<unit>f){_AMOUNT}(?P<scale>(?!))?(?![\w.])"), _measure),
    (re.compile(rf"(?<![\w.,]){_MINUS}{_PARTS}(?: ?{_UNIT})?(?![\w/])"), _fractional),
    (re.compile(rf"{_COUNT}{_SCALE} ?{_UNIT}"), _measure),
    (re.compile(r"(?<![\d.,])\d{1,4}(?:\.\d{1,4}){2,9}(?![\d.,])"), _version),
    growing(_to),
    (re.compile(r"(?<=\d) ?[x×] ?(?=\d)"), lambda _: "في"),
    (re.compile(_COUNT), _amount),
    named_signs(SYMBOLS),
)

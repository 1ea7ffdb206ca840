"""Hindi money, measures, fractions, ordinals, ranges and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.devanagari import END, START, range_rule
from understudy.text.spoken.hi.numbers import (
    NUMBERS,
    ORDINAL_SUFFIXES,
    cardinal,
    decimal,
    english_ordinal,
    number,
    ordinal,
    quarters,
)
from understudy.text.spoken.hi.tables import (
    CURRENCIES,
    LONG_YEAR,
    PERIODS,
    POWERS,
    QUARTERED,
    SCALES,
    SYMBOLS,
    UNITS,
    YEARS,
)
from understudy.text.spoken.indian import SHAPE
from understudy.text.spoken.numbers import MINUS, ROMAN, hundredths, roman_value
from understudy.text.spoken.rules import Match, Rule, named_signs, one_of

_AMOUNT = SHAPE.amount
_INTEGER = SHAPE.integer
_SCALE = rf"(?: ?(?P<scale>{one_of(SCALES)}){END})?"
_SIGN = MINUS.replace("minus", "sign")  # before a currency
_PER = rf"/(?P<period>{one_of(PERIODS)}){END}"
_MINUS_WORD = "ऋणात्मक"


def _signed(match: Match, words: str) -> str:
    minus = match["minus"] or match.groupdict().get("sign")
    return f"{_MINUS_WORD} {words}" if minus else words


def _scaled(match: Match) -> str:
    words = decimal(match["whole"], match["part"])
    scale = match["scale"]
    return f"{words} {SCALES[scale]}" if scale else words


def _money(match: Match) -> str:
    one, coin = CURRENCIES[match["symbol"]]
    coins = hundredths(match["part"] or "")
    if match["scale"] or coins is None:
        return _signed(match, f"{_scaled(match)} {one}")
    whole = (match["whole"] or "0").replace(",", "").lstrip("0")
    words = [f"{cardinal(whole or '0')} {one}"] if whole or not coins else []
    if coins:
        words.append(f"{cardinal(coins)} {coin}")
    return _signed(match, " ".join(words))


def _percent(match: Match) -> str:
    return _signed(match, f"{decimal(match['whole'], match['part'])} प्रतिशत")


def _measure(match: Match) -> str | None:
    if match.group()[-2:-1].isdecimal() and match["unit"] in ("B", "b"):
        return None  # 4B is more often a name than four bytes
    written, power, period = match["unit"], match["power"], match["period"]
    unit = UNITS[written]
    plain = not (power or period or match["scale"])
    part = match["part"]
    if plain and part and written in QUARTERED and (words := quarters(match["whole"], part)):
        return _signed(match, f"{words} {unit}")
    if written in YEARS and (part or len((match["whole"] or "").replace(",", "").lstrip("0")) > 3):
        unit = LONG_YEAR
    words = f"{_scaled(match)} {POWERS[power] + ' ' if power else ''}{unit}"
    return _signed(match, f"{words} प्रति {PERIODS[period]}" if period else words)


def _square(match: Match) -> str:
    return f"{decimal(match['whole'], match['part'])} वर्ग {UNITS[match['unit']]}"


def _per(match: Match) -> str:
    one = CURRENCIES[match["symbol"]][0]
    return f"{decimal(match['whole'], match['part'])} {one} प्रति {PERIODS[match['period']]}"


def _fraction(match: Match) -> str:
    whole, above, below = match["whole"], match["above"], match["below"]
    part = {("1", "2"): "5", ("1", "4"): "25", ("3", "4"): "75"}.get((above, below))
    if whole and part and (words := quarters(whole, part)):
        return _signed(match, words)
    words = f"{number(above)} बटा {number(below)}"
    return _signed(match, f"{number(whole)} और {words}" if whole else words)


def _ordinal(match: Match) -> str | None:
    return ordinal(match[1], match[2])


RULES: tuple[Rule, ...] = (
    (re.compile(rf"(?<!\d)(?<!\d\.)({_INTEGER}) ?({one_of(ORDINAL_SUFFIXES)}){END}"), _ordinal),
    (
        re.compile(rf"(?<![\w.])({_INTEGER})(?:st|nd|rd|th){END}", re.I),
        lambda match: english_ordinal(match[1]),
    ),
    range_rule(NUMBERS, "से"),
    (re.compile(rf"{_AMOUNT} ?(?P<symbol>[₹$€£]){_PER}"), _per),
    (re.compile(rf"(?P<symbol>[₹$€£]) ?{_AMOUNT}{_PER}"), _per),
    (re.compile(rf"{_SIGN}(?<![A-Za-z])(?P<symbol>{one_of(CURRENCIES)}) ?{_AMOUNT}{_SCALE}"), _money),
    (re.compile(rf"{_AMOUNT}{_SCALE} ?(?P<symbol>[₹₨$€£¥₩₺৳₦]|रु\.|रू\.|Rs\.?{END}|USD|INR|EUR)"), _money),
    (re.compile(rf"{_AMOUNT} ?[%％]"), _percent),
    (
        re.compile(
            rf"{MINUS}(?<![\d.])(?:(?P<whole>{_INTEGER}) )?(?P<above>\d+) ?/ ?(?P<below>\d+)(?![\w/]|\.\d)"
        ),
        _fraction,
    ),
    (re.compile(rf"{_AMOUNT} ?sq\.? ?(?P<unit>km|m|ft|in|yd|mi){END}"), _square),
    (
        re.compile(
            rf"(?<![A-Za-z]){_AMOUNT}{_SCALE}[ -]?(?P<unit>{one_of(UNITS)})(?P<power>[²³])?"
            rf"(?:/(?P<period>{one_of(PERIODS)}))?(?![\wऀ-ॣ²³/'’])"
        ),
        _measure,
    ),
    (re.compile(r"(?<=\d)(?: ?[xX×*] ?)(?=\d)"), lambda _: "बाई"),
    (
        re.compile(rf"{START}(?=[IVX]{{2}})(?!(?:IV|XX|XXX)[A-Z]){ROMAN}"),
        lambda m: cardinal(str(roman_value(m.group()))),
    ),
)

PLAIN: tuple[Rule, ...] = (
    (re.compile(_AMOUNT), lambda match: _signed(match, decimal(match["whole"], match["part"]))),
    named_signs(SYMBOLS),
)
"""What is left once codes of letters and digits are read."""

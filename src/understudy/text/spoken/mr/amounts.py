"""Marathi money, measures, fractions, ordinals, telephone numbers, ranges and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.devanagari import END, START, range_rule
from understudy.text.spoken.indian import SHAPE
from understudy.text.spoken.mr.numbers import (
    NUMBERS,
    ORDINAL_SUFFIXES,
    cardinal,
    decimal,
    fraction,
    number,
    ordinal,
    quarters,
    spelled,
)
from understudy.text.spoken.mr.tables import (
    CASES,
    CURRENCIES,
    PERIODS,
    PLURALS,
    POWERS,
    QUARTERED,
    SCALES,
    SYMBOLS,
    UNITS,
)
from understudy.text.spoken.numbers import MINUS, ROMAN, hundredths, roman_value
from understudy.text.spoken.rules import Match, Rule, named_signs, one_of

_AMOUNT = SHAPE.amount
_INTEGER = SHAPE.integer
_SCALE = rf"(?: ?(?P<scale>{one_of(SCALES)}){END})?"
_CASE = rf"(?P<case>(?:{one_of(CASES)}){END})"
_SIGN = MINUS.replace("minus", "sign")  # before a currency
_NUMBER_WORDS = "नंबर|क्रमांक|पिन|पिनकोड|कोड|ओटीपी|कार्ड|फोन|मोबाईल|मोबाइल|दूरध्वनी|संपर्क"


def _signed(match: Match, words: str) -> str:
    return f"उणे {words}" if match["minus"] or match.groupdict().get("sign") else words


def _scaled(match: Match) -> str:
    whole, part, scale = match["whole"], match["part"], match["scale"]
    if not scale:
        return decimal(whole, part)
    return f"{quarters(whole, part or '') or decimal(whole, part)} {SCALES[scale]}"


def _one(match: Match) -> bool:
    return SHAPE.is_one(match) and not match.groupdict().get("scale")


def _money(match: Match) -> str:
    one, many, coin, coins = CURRENCIES[match["symbol"]]
    small = hundredths(match["part"] or "")
    if match["scale"] or small is None:
        return _signed(match, f"{_scaled(match)} {many}")
    whole = SHAPE.digits(match["whole"]).lstrip("0")
    words = [f"{cardinal(whole or '0')} {one if whole == '1' else many}"] if whole or not small else []
    if small:
        words.append(f"{cardinal(small)} {coin if small == '01' else coins}")
    return _signed(match, " ".join(words))


def _percent(match: Match) -> str:
    words = quarters(match["whole"], match["part"] or "") or decimal(match["whole"], match["part"])
    return _signed(match, f"{words} {'टक्का' if _one(match) else 'टक्के'}")


def _measure(match: Match) -> str | None:
    written, power, period, part = match["unit"], match["power"], match["period"], match["part"]
    if written in ("B", "b") and match.group()[-2:-1].isdecimal():
        return None  # 4B is more often a name than four bytes
    unit = UNITS[written]
    halves = quarters(match["whole"], part) if part and written in QUARTERED and not match["scale"] else None
    if written.isascii() and not _one(match) and halves != "दीड":
        unit = PLURALS.get(unit, unit)
    words = f"{halves or _scaled(match)} {POWERS[power] + ' ' if power else ''}{unit}"
    return _signed(match, f"{words} प्रति {PERIODS[period]}" if period else words)


def _per(match: Match) -> str:
    many = CURRENCIES[match["symbol"]][1]
    return f"{decimal(match['whole'], match['part'])} {many} प्रति {PERIODS[match['period']]}"


def _scale(match: Match) -> str:
    return _signed(match, _scaled(match) + (match["case"] or ""))


def _fraction(match: Match) -> str:
    whole, above, below = match["whole"], match["above"], match["below"]
    part = {("1", "2"): "5", ("1", "4"): "25", ("3", "4"): "75"}.get((above, below))
    if whole and part and (words := quarters(whole, part)):
        return _signed(match, words)
    words = fraction(above, below)
    return _signed(match, f"{number(whole)} पूर्णांक {words}" if whole else words)


def _ordinal(match: Match) -> str | None:
    words = ordinal(match[1], match[2])
    return words + (match["case"] or "") if words else None


def _with_case(match: Match) -> str:
    return _signed(match, decimal(match["whole"], match["part"])) + match["case"]


def _digits(match: Match) -> str:
    return f"{'प्लस ' if match.group().startswith('+') else ''}{spelled(match.group())}"


TELEPHONES: tuple[Rule, ...] = (
    (re.compile(r"(?<!\w)\+\d[\d ()-]{5,18}\d(?![\d-])"), _digits),
    (re.compile(r"(?<![\w.,/+-])\(?0\d{2,4}\)?[- ]\d{6,8}(?![\w-]|[.,:]\d)"), _digits),
    (re.compile(r"(?<![\w.,/+-])0\d{2,4}(?:[ -]\d{3,4}){2}(?![\w-]|[.,:]\d)"), _digits),
    (re.compile(r"(?<![\w.,/+-])[6-9]\d{4}[- ]\d{5}(?![\w-]|[.,:]\d)"), _digits),
    (re.compile(r"(?<![\w.,+/-])0?[6-9]\d{9}(?![\w/-]|[.,:]\d)"), _digits),
    (
        re.compile(rf"(?:{_NUMBER_WORDS}){END}(?: [ऀ-ॣ]+)?[ :-]{{1,3}}(?P<code>\d{{4,}})(?![\d/-]|[.,:]\d)"),
        lambda match: match.group().replace(match["code"], spelled(match["code"])),
    ),
)

RULES: tuple[Rule, ...] = (
    (re.compile(rf"(?<!\d)(?<!\d\.)({_INTEGER}) ?({one_of(ORDINAL_SUFFIXES)})(?:{_CASE}|{END})"), _ordinal),
    range_rule(NUMBERS, "ते"),
    (re.compile(rf"{_AMOUNT} ?(?P<symbol>[₹$€£])/(?P<period>{one_of(PERIODS)}){END}"), _per),
    (re.compile(rf"(?P<symbol>[₹$€£]) ?{_AMOUNT}/(?P<period>{one_of(PERIODS)}){END}"), _per),
    (re.compile(rf"{_SIGN}(?<![A-Za-zऀ-ॣ])(?P<symbol>{one_of(CURRENCIES)}) ?{_AMOUNT}{_SCALE}"), _money),
    (re.compile(rf"{_AMOUNT}{_SCALE} ?(?P<symbol>[₹₨$€£¥₩₺৳₦₽]|रु\.|रू\.|Rs\.?{END}|USD|INR|EUR)"), _money),
    (re.compile(rf"{_AMOUNT} ?[%％]"), _percent),
    (
        re.compile(
            rf"{MINUS}(?<![\d.])(?:(?P<whole>{_INTEGER}) )?(?P<above>\d+) ?/ ?(?P<below>\d+)(?![\w/]|\.\d)"
        ),
        _fraction,
    ),
    (
        re.compile(
            rf"(?<![A-Za-z]){_AMOUNT}{_SCALE}[ -]?(?P<unit>{one_of(UNITS)})(?P<power>[²³])?"
            rf"(?:/(?P<period>{one_of(PERIODS)}))?(?![\wऀ-ॣ²³/'’])"
        ),
        _measure,
    ),
    (re.compile(rf"{_AMOUNT} ?(?P<scale>{one_of(SCALES)})(?:{_CASE}|{END})"), _scale),
    (re.compile(r"(?<=\d)(?: ?[xX×*] ?)(?=\d)"), lambda _: "बाय"),
    (re.compile(rf"{_AMOUNT}{_CASE}"), _with_case),
    (
        re.compile(rf"{START}(?=[IVX]{{2}})(?!(?:IV|XX|XXX)[A-Z]){ROMAN}"),
        lambda match: cardinal(str(roman_value(match.group()))),
    ),
)

PLAIN: tuple[Rule, ...] = (
    (re.compile(_AMOUNT), lambda match: _signed(match, decimal(match["whole"], match["part"]))),
    named_signs(SYMBOLS),
)
"""What is left once codes of letters and digits are read."""

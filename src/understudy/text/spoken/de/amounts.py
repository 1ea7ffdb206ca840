"""German money, measures, fractions, ordinals and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.de.inflection import ending, gender, governed
from understudy.text.spoken.de.numbers import cardinal, decimal, fraction, number, ordinal, spelled, year
from understudy.text.spoken.de.tables import CURRENCIES, CURRENCY_WORDS, SCALES, SYMBOLS, UNITS
from understudy.text.spoken.numbers import MINUS, NumberShape, hundredths
from understudy.text.spoken.ranges import to_a_greater
from understudy.text.spoken.rules import Match, Rule, named_signs, one_of

_SHAPE = NumberShape(group=".'’ ", decimal=",")
_AMOUNT = _SHAPE.amount
_SCALE = rf"(?:[ -]?(?P<scale>(?i:{one_of(SCALES)}))\b\.?)?"
# "128K" are thousands, "128 K" a temperature.
_UNIT = rf"(?P<unit>{one_of(UNITS.keys() - {'K'})}|(?<=\s)K)(?![\w²³°])"
_PER = rf"(?: ?/ ?(?P<per>{one_of(UNITS)})(?![\w²³]))?"
_SIGN = rf"(?P<symbol>{one_of(CURRENCIES)})"


def _amount(match: Match, one: str = "eins") -> str:
    whole, part = _SHAPE.digits(match["whole"]), match["part"]
    words = decimal(whole, part) if part else number(whole, one)
    return f"minus {words}" if match["minus"] else words


def _scaled(match: Match) -> str:
    """``1,2 Mio``: the number and its scale in words."""
    written = match["scale"].lower()
    name = SCALES[written]
    if name == "tausend":
        return f"{_amount(match, 'ein')} tausend"
    plural = name + ("n" if name.endswith("e") else "en")
    if written in (name, plural):
        plural = written
    return f"{_amount(match, 'eine')} {name if _SHAPE.is_one(match) else plural}"


def _plural(noun: str) -> str:
    """Nouns in -e are feminine and take -n; the others have one form for both."""
    first, per, rest = noun.partition(" pro ")
    if _feminine(first):
        return f"{first}n{per}{rest}" if first.endswith("e") else noun
    return noun.replace("ischer ", "ische ")


def _feminine(noun: str) -> bool:
    return noun.endswith(("e", "mark", "lira")) and not noun.endswith(("byte", "ampere"))


def _one(noun: str) -> str:
    return "eine" if _feminine(noun.partition(" pro ")[0]) else "ein"


def _money(match: Match) -> str | None:
    symbol = match["symbol"]
    name, cent, cents = CURRENCIES.get(symbol) or CURRENCY_WORDS[symbol]
    per = f"pro {UNITS[match['per']]}" if match["per"] else ""
    if match["scale"]:
        return f"{_scaled(match)} {_plural(name)} {per}"
    coins = hundredths(match["part"] or "")
    if coins is None:
        exact = decimal(_SHAPE.digits(match["whole"]), match["part"].rstrip("0"))
        return f"{'minus ' if match['minus'] else ''}{exact} {_plural(name)} {per}"
    whole = _SHAPE.digits(match["whole"]).lstrip("0")
    words = ["minus"] if match["minus"] else []
    if whole or not coins or not cent:
        words += [cardinal(whole, _one(name)), name if whole == "1" else _plural(name)]
    if coins:
        words += [cardinal(coins, "ein"), cent if coins == "01" else cents]
    return " ".join([*words, per])


def _unit(match: Match) -> str:
    return f" pro {UNITS[match['per']]}" if match["per"] else ""


def _measure(match: Match) -> str:
    name = UNITS[match["unit"]]
    if match["scale"]:
        return f"{_scaled(match)} {_plural(name)}{_unit(match)}"
    return f"{_amount(match, _one(name))} {name if _SHAPE.is_one(match) else _plural(name)}{_unit(match)}"


def _fraction(match: Match) -> str | None:
    words = fraction(match["above"], match["below"])
    if words is None:
        return None
    if match["whole"]:
        words = f"{cardinal(match['whole'], 'ein')} {words}"
    if match["minus"]:
        words = f"minus {words}"
    return f"{words} {_plural(UNITS[match['unit']])}" if match["unit"] else words


def _ordinal(match: Match) -> str | None:
    """``3.`` where it is no sentence's end: after an article, before a small letter, or all there is."""
    before, noun = match.string[: match.start()], match["noun"] or ""
    known = noun[:1].islower() or ending("", noun) != "er" or noun.endswith(("tag", "Geburtstag"))
    if not (
        governed(before)
        or known
        or (noun and not before.strip())
        or len(match.string.rstrip(" )]").lstrip()) == len(match[0])
    ):
        return None
    return ordinal(_SHAPE.digits(match["digits"]), ending(before, noun))


def _suffixed(match: Match) -> str:
    return ordinal(_SHAPE.digits(match[1]), match[2].removeprefix("s").removeprefix("t"))


def _tens(match: Match) -> str:
    return f"{number(match[1], 'ein')}er{match[2]}"


def _from(whole: str, part: str) -> str:
    return f"{decimal(whole, part) if part else number(whole)} bis"


def _pointed(match: Match) -> str:
    """A decimal point in an English hand: ``0.5 %``."""
    words = f"{'minus ' if match['minus'] else ''}{number(match['whole'])} punkt {spelled(match['part'])}"
    return f"{words} {_plural(UNITS[match['unit']])}" if match["unit"] else words


def _hundreds(match: Match) -> str | None:
    """In a sentence, ``1848`` is most often a year; counts are also read like years."""
    return (
        None if len(match.string.strip()) == 4 or match.string[match.start() - 1] in "-−" else year(match[0])
    )


def _one_noun(match: Match) -> str:
    return "eine" if gender(match[1].lower()) == "f" else "ein"


def _listed(match: Match) -> str:
    """``1,2,3``: in pairs from the end, as decimals."""
    numbers = match.group().split(",")
    pairs = [decimal(a, b) for a, b in zip(numbers[-2::-2], numbers[::-2], strict=False)]
    return " ".join([*([number(numbers[0])] if len(numbers) % 2 else []), *reversed(pairs)])


def _dotted(match: Match) -> str:
    return " punkt ".join(map(number, match.group().split(".")))


_WORDS = one_of(CURRENCY_WORDS)
_COUNTED = (
    "Stunde|Minute|Sekunde|Woche|Person|Seite|Meile|Tag|Monat|Jahr|Mal|Prozent|Grad|(?:Kilo|Zenti|Milli)?meter"
    "|Meter|Kilo(?:gramm)?|Gramm|Liter|Stück|Kind|Mann|Frau"
)

RULES: tuple[Rule, ...] = (
    (re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?![\w,])(?<!\.\d{3})"), _dotted),
    (
        re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3}){2,}(?![\d,])"),
        lambda match: cardinal(_SHAPE.digits(match.group())),
    ),
    (re.compile(r"(?<![\d,.])\d{1,9}(?:,\d{1,9}){2,}(?![\d,])"), _listed),
    (re.compile(r"(?<=\d) ?[x×*] ?(?=\d)"), lambda _: "mal"),
    (re.compile(r"(?<=\d) ?\^ ?(?=\d)"), lambda _: "hoch"),
    (re.compile(r"(?<!\d)24/7(?!\d)"), lambda _: "vier und zwanzig sieben"),
    (re.compile(r"(?<=[\w ])[-−] ?(?=[\w ]{1,20}=)"), lambda _: "minus"),
    to_a_greater(_SHAPE, _from),
    (
        re.compile(rf"(?<![\d.,]){MINUS}(?P<whole>\d+)\.(?P<part>\d{{1,2}}|\d{{4,}})(?!\.?\d)(?: ?{_UNIT})?"),
        _pointed,
    ),
    (re.compile(rf"(?<![\w)%])[-−](?={_SIGN.replace('P<symbol>', ':')} ?\d)"), lambda _: "minus"),
    (re.compile(rf"(?<![^\W\d_]){_SIGN} ?{_AMOUNT}{_SCALE}{_PER}"), _money),
    (re.compile(rf"{_AMOUNT}{_SCALE}[ -]?{_SIGN}(?![^\W_]){_PER}"), _money),
    (re.compile(rf"{_AMOUNT}{_SCALE} (?P<symbol>{_WORDS})\b(?P<per>(?!))?"), _money),
    (
        re.compile(
            rf"(?<![\d/.,]){MINUS}(?:(?P<whole>\d+) )?(?P<above>\d{{1,4}}) ?/ ?(?P<below>\d{{1,7}})"
            rf"(?![\d/.,]\d|\d|/)(?: ?{_UNIT})?"
        ),
        _fraction,
    ),
    (
        re.compile(rf"{_AMOUNT} ?%-?(?P<end>ig\w*)"),
        lambda match: f"{_amount(match, 'ein')} prozent{match['end']}",
    ),
    (re.compile(rf"{_AMOUNT}{_SCALE} ?{_UNIT}{_PER}"), _measure),
    (
        re.compile(rf"{_AMOUNT} ?/ ?(?P<per>{one_of(UNITS)})(?![\w²³])"),
        lambda match: _amount(match) + _unit(match),
    ),
    (re.compile(rf"{_AMOUNT}{_SCALE.removesuffix('?')}"), _scaled),
    (
        re.compile(
            rf"(?<![\w,.:/-])(?P<digits>{_SHAPE.integer})\.(?!\w)(?=\s*(?P<noun>[^\W\d_]*))(?![.,:;!?]\w)"
        ),
        _ordinal,
    ),
    (re.compile(rf"(?<![\w,.])({_SHAPE.integer})\.?(s?te[mnrs]?)\b"), _suffixed),
    (re.compile(r"(?<![\w,.])(\d+)-?er(n|in|innen|)\b"), _tens),
    (
        re.compile(r"(?<![\d:])(\d{1,3}):(\d{1,3})(?![\d:])"),
        lambda match: f"{number(match[1])} zu {number(match[2])}",
    ),
    (re.compile(r"#(?=\d)"), lambda _: "nummer"),
    (re.compile(rf"{MINUS}(?P<whole>{_SHAPE.integer}),(?P<part>\d+)"), _amount),
    (re.compile(rf"(?<![\w.,:])1 (?=({_COUNTED})\b)"), _one_noun),
    (re.compile(r"(?<=[^\d.,])1[1-9]\d\d(?![\d.,]\d|\d)|(?<![\d.,])1[1-9]\d\d(?=[^\d.,])"), _hundreds),
    (re.compile(rf"{MINUS}(?P<whole>{_SHAPE.integer})(?P<part>(?!))?"), _amount),
    named_signs(SYMBOLS),
)

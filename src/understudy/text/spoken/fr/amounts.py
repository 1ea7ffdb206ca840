"""French money, measures, fractions, ordinals and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.fr.names import FEMININE_NOUNS
from understudy.text.spoken.fr.numbers import cardinal, decimal, fraction, number, ordinal, spelled
from understudy.text.spoken.fr.tables import (
    CURRENCIES,
    CURRENCY_WORDS,
    SCALES,
    SYMBOLS,
    UNITS,
    is_feminine,
    plural,
)
from understudy.text.spoken.numbers import MINUS, NumberShape, hundredths
from understudy.text.spoken.ranges import to_a_greater
from understudy.text.spoken.rules import Match, Rule, named_signs, one_of

_SHAPE = NumberShape(group=" .", decimal=",", foreign=",")
_AMOUNT = _SHAPE.amount
_SCALE = rf"(?: ?(?P<scale>{one_of(SCALES)})(?![^\W_]|(?<=M)\.))?"
# "128K" are thousands, "128 K" a temperature.
_UNIT = rf"(?P<unit>{one_of(UNITS.keys() - {'K'})}|(?<=\s)K)(?![\w²³°'’])"
_PER = rf"(?: ?/ ?(?P<per>{one_of(UNITS)})(?![\w²³]))?"
_SIGN = rf"(?P<symbol>{one_of(CURRENCIES)})"
_ARTICLE = re.compile(r"(?:\b(?:le|la|les|au|du|un|une|chaque)\s|[Ll]['’])\s*\Z", re.I)


def _amount(match: Match, *, feminine: bool = False) -> str:
    whole, part = _SHAPE.digits(match["whole"]), match["part"]
    words = decimal(whole, part) if part else number(whole, feminine=feminine)
    return f"moins {words}" if match["minus"] else words


def _few(match: Match) -> bool:
    """Below two the singular stands, also in ``1,5 million``."""
    return int(_SHAPE.digits(match["whole"]) or "0") < 2


def _scaled(match: Match) -> str:
    """``1,2 Md``: the number and its scale in words."""
    name = SCALES[match["scale"]]
    if name == "mille":
        return name if _SHAPE.is_one(match) else f"{_amount(match)} {name}"
    written = match["scale"] in (name, f"{name}s")
    return f"{_amount(match)} {match['scale'] if written else name if _few(match) else name + 's'}"


def _of(match: Match, name: str) -> str:
    """What millions count: ``millions d'euros``, ``deux mille euros``."""
    if SCALES[match["scale"]] == "mille":
        return name
    return f"d'{name}" if name[0] in "aeéiouh" else f"de {name}"


def _per(match: Match) -> str:
    return f" par {UNITS[match['per']]}" if match["per"] else ""


def _money(match: Match) -> str:
    name, cent, cents = CURRENCIES.get(match["symbol"]) or CURRENCY_WORDS[match["symbol"]]
    if match["scale"]:
        return f"{_scaled(match)} {_of(match, plural(name))}{_per(match)}"
    coins = hundredths(match["part"] or "")
    named = name if _few(match) else plural(name)
    if coins is None:
        return f"{_amount(match)} {named}{_per(match)}"
    whole = _SHAPE.digits(match["whole"]).lstrip("0")
    words = ["moins"] if match["minus"] else []
    if whole or not coins or not cent:
        words += [cardinal(whole, feminine=is_feminine(name)), named, *([cardinal(coins)] if coins else [])]
    else:
        words += [cardinal(coins), cent if coins == "01" else cents]
    return " ".join(words) + _per(match)


def _old_money(match: Match) -> str:
    """``3 fr. 50`` -> trois francs cinquante."""
    return f"{cardinal(match[1])} franc{'' if int(match[1]) < 2 else 's'} {cardinal(match[2])}"


def _measure(match: Match) -> str:
    name = UNITS[match["unit"]]
    if match["scale"]:
        return f"{_scaled(match)} {_of(match, plural(name))}{_per(match)}"
    return (
        f"{_amount(match, feminine=is_feminine(name))} {name if _few(match) else plural(name)}{_per(match)}"
    )


def _fraction(match: Match) -> str | None:
    words = fraction(match["above"], match["below"])
    if words is None:
        return None
    if match["whole"]:
        words = f"{cardinal(match['whole'])} et {'demi' if words == 'un demi' else words}"
    if match["minus"]:
        words = f"moins {words}"
    return f"{words} {_of_unit(UNITS[match['unit']])}" if match["unit"] else words


def _of_unit(name: str) -> str:
    return f"d'{name}" if name[0] in "aeéiouh" else f"de {name}"


def _ordinal(match: Match) -> str:
    """``1re`` -> première, ``5es`` -> cinquièmes, ``2nd`` -> second."""
    digits, suffix = _SHAPE.digits(match["digits"]), match["suffix"].lower()
    many = "s" if suffix.endswith("s") else ""
    if suffix.startswith(("nd", "de")) and digits == "2":
        return f"second{'e' if 'e' in suffix else ''}{many}"
    feminine = suffix.startswith(("re", "ère", "ere"))
    return ordinal(digits, feminine=feminine, many=bool(many))


def _degree(match: Match) -> str | None:
    """``le 10°`` and ``10°`` alone are ordinals, ``à 10°`` is a temperature or an angle."""
    alone = match.string.strip() == match.group().strip()
    return ordinal(match[1]) if alone or _ARTICLE.search(match.string[: match.start()][-10:]) else None


def _from(whole: str, part: str) -> str:
    return f"{decimal(whole, part) if part else number(whole)} à"


def _pointed(match: Match) -> str:
    """A decimal point in an English hand: ``0.5%``."""
    words = f"{'moins ' if match['minus'] else ''}{number(match['whole'])} point {spelled(match['part'])}"
    if not match["unit"]:
        return words
    name = UNITS[match["unit"]]
    return f"{words} {name if int(match['whole']) < 2 else plural(name)}"


def _dotted(match: Match) -> str:
    return " point ".join(map(number, match.group().split(".")))


def _feminine(match: Match) -> str:
    return cardinal(_SHAPE.digits(match[1]), feminine=True)


_INTEGER = _SHAPE.integer

RULES: tuple[Rule, ...] = (
    (re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?![\w,])(?<!\.\d{3})"), _dotted),
    (re.compile(r"(?<=\d) ?[x×*] ?(?=\d)"), lambda _: "fois"),
    (re.compile(r"(?<=\d) ?\^ ?(?=\d)"), lambda _: "puissance"),
    (re.compile(r"(?<=années )80(?!\d)"), lambda _: "quatre-vingt"),
    (re.compile(r"(?<=[\w ])[-−] ?(?=[\w ]{1,20}=)"), lambda _: "moins"),
    to_a_greater(_SHAPE, _from),
    (
        re.compile(rf"(?<![\d.,]){MINUS}(?P<whole>\d+)\.(?P<part>\d{{1,2}}|\d{{4,}})(?!\.?\d)(?: ?{_UNIT})?"),
        _pointed,
    ),
    (re.compile(rf"(?<![\w)%])[-−](?=(?:{one_of(CURRENCIES)}) ?\d)"), lambda _: "moins"),
    (re.compile(r"(?<![\d.,])(\d{1,6}) fr\. (\d\d)(?!\d)"), _old_money),
    (re.compile(rf"{_AMOUNT}{_SCALE} ?{_SIGN}(?![^\W_]){_PER}"), _money),
    (re.compile(rf"(?<![^\W_]){_SIGN} ?{_AMOUNT}{_SCALE}{_PER}"), _money),
    (
        re.compile(rf"{_AMOUNT}(?P<scale>(?!))? (?P<symbol>{one_of(CURRENCY_WORDS)})\b(?P<per>(?!))?"),
        _money,
    ),
    (
        re.compile(
            rf"(?<![\d/.,]){MINUS}(?:(?P<whole>\d+) )?(?P<above>\d{{1,4}}) ?/ ?(?P<below>\d{{1,4}})"
            rf"(?![\d/.,]\d|\d|/)(?: ?{_UNIT})?"
        ),
        _fraction,
    ),
    (
        re.compile(
            rf"(?<![\w,.])(?P<digits>{_INTEGER}) ?"
            r"(?P<suffix>(?<! )(?:ers?|[èe]?res?|i?[èe]mes?|[èe]s?|nde?s?|des?|º))(?!\w)",
        ),
        _ordinal,
    ),
    (re.compile(rf"{_AMOUNT}{_SCALE} ?{_UNIT}{_PER}"), _measure),
    (
        re.compile(rf"{_AMOUNT} ?/ ?(?P<per>{one_of(UNITS)})(?![\w²³])"),
        lambda match: _amount(match) + _per(match),
    ),
    (re.compile(r"(?<![\w,.])(\d{1,9})°"), _degree),
    (re.compile(rf"{_AMOUNT}{_SCALE.removesuffix('?')}"), _scaled),
    (
        re.compile(r"(?<![\d:])(\d{1,3}):(\d{1,3})(?![\d:])"),
        lambda match: f"{number(match[1])} à {number(match[2])}",
    ),
    (re.compile(r"#(?=\d)"), lambda _: "numéro"),
    (re.compile(rf"(?<![\w.,:])({_INTEGER}) (?=(?:{one_of(FEMININE_NOUNS)})s?\b)"), _feminine),
    (re.compile(rf"{MINUS}(?P<whole>{_INTEGER}),(?P<part>\d+)"), _amount),
    (re.compile(rf"{MINUS}(?P<whole>{_INTEGER})(?P<part>(?!))?"), _amount),
    named_signs(SYMBOLS),
)

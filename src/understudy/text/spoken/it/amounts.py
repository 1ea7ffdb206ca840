"""Italian money, measures, fractions, ordinals and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.it.numbers import cardinal, decimal, fraction, number, ordinal, spelled
from understudy.text.spoken.it.tables import (
    CURRENCIES,
    FEMININE,
    SCALES,
    SYMBOLS,
    THOUSANDS,
    UNITS,
    one,
    plural,
)
from understudy.text.spoken.numbers import MINUS, NumberShape, hundredths
from understudy.text.spoken.ranges import to_a_greater
from understudy.text.spoken.rules import Match, Rule, named_signs, one_of

_SHAPE = NumberShape(group=". ", decimal=",", foreign=",")
_AMOUNT = _SHAPE.amount
_SCALE = rf"(?: ?(?P<scale>(?i:{one_of([THOUSANDS, *SCALES])}))\b\.?)?"
# "128K" are thousands, "128 K" a temperature; "ha" and "mi" are words more often.
_DOUBTFUL = r"(?<=\s)K|(?:ha|mi)(?=\s+di\b|\s*(?:[.,;:)]|\Z))"
_UNIT = rf"(?P<unit>{one_of(UNITS.keys() - {'K', 'ha', 'mi'})}|{_DOUBTFUL})(?![\w²³°'’])"
_PER = rf"(?: ?/ ?(?P<per>{one_of(UNITS)})(?![\w²³]))?"
_ARTICLE = re.compile(r"(?:\b(?:il|lo|la|un|una|(?:a|de|ne|da|su)l(?:l[oa])?)\s|[Ll]['’])\s*\Z", re.I)
_MEASURED = re.compile(r"\b(?:a|ai|di|da|circa)\s+\Z", re.I)
_SIGN = rf"(?P<symbol>{one_of(CURRENCIES)})"


def _amount(match: Match, single: str = "uno") -> str:
    whole, part = _SHAPE.digits(match["whole"]), match["part"]
    words = decimal(whole, part) if part else number(whole, single)
    return f"meno {words}" if match["minus"] else words


def _scaled(match: Match) -> str:
    """``1,2 mln``: the number and its scale in words."""
    written = match["scale"].lower()
    if written == THOUSANDS and not match["part"]:
        return f"{'meno ' if match['minus'] else ''}{cardinal(_SHAPE.digits(match['whole']) + '000')}"
    if written == THOUSANDS:
        return f"{_amount(match)} mila"
    single, many = SCALES[written]
    return f"{_amount(match, 'un')} {single if _SHAPE.is_one(match) else many}"


def _per(match: Match) -> str:
    return f" per {UNITS[match['per']]}" if match["per"] else ""


def _money(match: Match) -> str:
    name, names, cent, cents = CURRENCIES[match["symbol"]]
    if match["scale"]:
        of = "" if match["scale"].lower() == THOUSANDS else "di "
        return f"{_scaled(match)} {of}{names}{_per(match)}"
    coins = hundredths(match["part"] or "")
    if coins is None:
        return f"{_amount(match)} {names}{_per(match)}"
    whole = _SHAPE.digits(match["whole"]).lstrip("0")
    words = ["meno"] if match["minus"] else []
    if whole or not coins or not cent:
        words += [
            cardinal(whole, "una" if name.split()[0] in FEMININE else "un"),
            name if whole == "1" else names,
        ]
    if coins:
        words += [cardinal(coins, "un"), cent if coins == "01" else cents]
    return " ".join(words) + _per(match)


def _measure(match: Match) -> str:
    name = UNITS[match["unit"]]
    if match["scale"]:
        return f"{_scaled(match)} di {plural(name)}{_per(match)}"
    if _SHAPE.is_one(match):
        return f"{_amount(match, one(name))} {name}{_per(match)}".replace("' ", "'")
    return f"{_amount(match)} {plural(name)}{_per(match)}"


def _fraction(match: Match) -> str | None:
    words = fraction(match["above"], match["below"])
    if words is None:
        return None
    if match["whole"]:
        words = f"{cardinal(match['whole'])} e {'mezzo' if words == 'un mezzo' else words}"
    if match["minus"]:
        words = f"meno {words}"
    return f"{words} di {UNITS[match['unit']]}" if match["unit"] else words


def _ordinal(match: Match) -> str:
    return ordinal(_SHAPE.digits(match[1]), "a" if match[2] == "ª" else "o")


def _degree(match: Match) -> str | None:
    """``1° posto`` and ``il 20°`` are ordinals, ``a 20°`` is a temperature or an angle."""
    before, noun = match.string[: match.start()], (match["noun"] or "").lower()
    counted = noun and len(match["digits"]) < 3 and not _MEASURED.search(before[-10:])
    alone = match.string.strip() == match.group()
    if not (counted or alone or _ARTICLE.search(before[-10:])):
        return None
    return ordinal(match["digits"], "a" if noun.endswith("a") else "o")


def _suffixed(match: Match) -> str:
    return ordinal(match[1], match[2][-1])


def _from(whole: str, part: str) -> str:
    return decimal(whole, part) if part else number(whole)


def _pointed(match: Match) -> str:
    """A decimal point in an English hand: ``0.5%``."""
    words = f"{'meno ' if match['minus'] else ''}{number(match['whole'])} punto {spelled(match['part'])}"
    return f"{words} {plural(UNITS[match['unit']])}" if match["unit"] else words


def _dotted(match: Match) -> str:
    return " punto ".join(map(number, match.group().split(".")))


_ONE_FEMININE = "volta|settimana|persona|donna|pagina|tonnellata|libbra|lira|sterlina|bottiglia|tazza"
_ONE_MASCULINE = (
    "giorno|mese|anno|minuto|secondo|metro|chilometro|centimetro|chilo|chilogrammo|grammo|litro|milione|miliardo|euro"
    "|dollaro|percento|grado|uomo|bambino|franco"
)

RULES: tuple[Rule, ...] = (
    (re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?![\w,])(?<!\.\d{3})"), _dotted),
    (re.compile(r"(?<=\d) ?[x×*] ?(?=\d)"), lambda _: "per"),
    (re.compile(r"(?<!\d)24/7(?!\d)"), lambda _: "ventiquattro sette"),
    (re.compile(r"(?<=\d) ?\^ ?(?=\d)"), lambda _: "alla"),
    (re.compile(r"(?<=[\w ])[-−] ?(?=[\w ]{1,20}=)"), lambda _: "meno"),
    to_a_greater(_SHAPE, _from),
    (
        re.compile(rf"(?<![\d.,]){MINUS}(?P<whole>\d+)\.(?P<part>\d{{1,2}}|\d{{4,}})(?!\.?\d)(?: ?{_UNIT})?"),
        _pointed,
    ),
    (re.compile(rf"(?<![\w)%])[-−](?=(?:{one_of(CURRENCIES)}) ?\d)"), lambda _: "meno"),
    (re.compile(rf"(?<![^\W_]){_SIGN} ?{_AMOUNT}{_SCALE}{_PER}"), _money),
    (re.compile(rf"{_AMOUNT}{_SCALE} ?{_SIGN}(?![^\W_]){_PER}"), _money),
    (
        re.compile(
            rf"(?<![\d/.,]){MINUS}(?:(?P<whole>\d+) )?(?P<above>\d{{1,4}}) ?/ ?(?P<below>\d{{1,4}})"
            rf"(?![\d/.,]\d|\d|/)(?: ?{_UNIT})?"
        ),
        _fraction,
    ),
    (re.compile(rf"{_AMOUNT}{_SCALE} ?{_UNIT}{_PER}"), _measure),
    (
        re.compile(rf"{_AMOUNT} ?/ ?(?P<per>{one_of(UNITS)})(?![\w²³])"),
        lambda match: _amount(match) + _per(match),
    ),
    (re.compile(rf"{_AMOUNT}{_SCALE.removesuffix('?')}"), _scaled),
    (re.compile(rf"(?<![\w,.])({_SHAPE.integer}) ?([ºª])"), _ordinal),
    (re.compile(r"(?<![\w,.])(?P<digits>\d{1,4})°(?=(?: (?P<noun>[^\W\d_]{2,}))?)"), _degree),
    (re.compile(r"(?<![\w,.])(\d{1,6})[ -]?(esim[oaie])\b"), _suffixed),
    (re.compile(r"(?<![\w,.])(\d{1,3})[ -]?(enn[ei])\b"), lambda match: cardinal(match[1])[:-1] + match[2]),
    (
        re.compile(r"(?<![\d:])(\d{1,3}):(\d{1,3})(?![\d:])"),
        lambda match: f"{number(match[1])} a {number(match[2])}",
    ),
    (re.compile(r"#(?=\d)"), lambda _: "numero"),
    (re.compile(rf"(?<![\w.,:])1 (?=(?:{_ONE_FEMININE})\b)"), lambda _: "una"),
    (re.compile(r"(?<![\w.,:])1 ora\b"), lambda _: "un'ora"),
    (re.compile(rf"(?<![\w.,:])1 (?=(?:{_ONE_MASCULINE})\b)"), lambda _: "un"),
    (re.compile(rf"{MINUS}(?P<whole>{_SHAPE.integer}),(?P<part>\d+)"), _amount),
    (re.compile(rf"{MINUS}(?P<whole>{_SHAPE.integer})(?P<part>(?!))?"), _amount),
    named_signs(SYMBOLS),
)

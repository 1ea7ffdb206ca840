"""Spanish money, measures, fractions, ordinals and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.es.numbers import cardinal, decimals, fraction, number, ordinal
from understudy.text.spoken.es.tables import AMBIGUOUS, CURRENCIES, DEGREES, SYMBOLS, UNITS, feminine, many
from understudy.text.spoken.numbers import NumberShape, hundredths
from understudy.text.spoken.ranges import growing, of_one_unit
from understudy.text.spoken.rules import Match, Rule, named_signs, one_of

_SCALES = r"mil millones|mil|mill(?:ón|ones)|bill(?:ón|ones)|trill(?:ón|ones)"
_SCALE = rf"(?: (?P<scale>{_SCALES})\b| ?(?P<short>[Mk])(?![\w²³/]))?"
_SHORT = {"M": "millones", "k": "mil"}
PESOS = frozenset({"AR", "CL", "CO", "CU", "DO", "MX", "UY"})
_SUFFIX = (
    r"\.?(?:(?P<short>ᵉʳ|er)|(?P<masculine>[º°]|er?o|ro|[dtmv]o|no|o)"
    r"|(?P<feminine>ª|er?a|ra|[dtmvn]a|a)|(?P<plural>[oa]s))"
)
_MASCULINE = re.compile(r".*(?:ista|eta|ema|ama|oma|grama|ima)s?|d[ií]as?|mapas?|planetas?", re.I)
"""Nouns in -a that are masculine, or may be."""
_LITTLE_WORDS = frozenset(
    "a al ante como con contra cada cuando de del desde e el ella en entre era es esa esta fue ha hacia"  # noqa: SIM905
    " hasta la las lo los me mi más menos ni no nos o para pero por que se según ser si sin sobre su te tras"
    " tu u un una uno va y ya".split()
)
_OPERATOR = r"(?: ?[-−+*×·/÷x] ?[\w.,]{1,20}){0,9}"
_EQUATION = rf"(?<![\w.,])[\w.,]{{1,20}}{_OPERATOR} ?= ?[\w.,]{{1,20}}{_OPERATOR}"


class Amounts:
    """The rules for a region's separators; ``pesos`` where ``$`` means them."""

    def __init__(self, shape: NumberShape, *, pesos: bool) -> None:
        self.shape = shape
        self.dollar = ("peso", "centavo") if pesos else CURRENCIES["$"]

    def _amount(self, match: Match, form: str = "uno") -> str:
        """The words of an amount; *una* counts feminine things, *un* masculine ones."""
        whole, part = self.shape.digits(match["whole"]), match["part"]
        if part:
            sign = "coma" if match.string[match.start("part") - 1] == "," else "punto"
            first = "una" if form == "una" else "uno"
            words = f"{number(whole or '0', first)} {sign} {decimals(part, form)}"
        else:
            words = number(whole, form)
        return f"menos {words}" if match["minus"] else words

    def _counted(self, match: Match, name: str, scale: str | None) -> str:
        """So many of a thing: ``veintiuna libras``, ``un millón de euros``."""
        one = self.shape.is_one(match)
        if scale:
            return f"{self._amount(match, 'un')} {scale} {'' if scale == 'mil' else 'de'} {many(name)}"
        words = self._amount(match, "una" if feminine(name) else "un")
        link = "de" if words.endswith(("llón", "llones")) else ""
        return f"{words} {link} {name if one else many(name)}"

    def _money(self, match: Match) -> str | None:
        sign = match["symbol"].lower().rstrip(".")
        if sign not in CURRENCIES:
            return None
        whole, coin = self.dollar if sign == "$" else CURRENCIES[sign]
        before = match.start("symbol") < match.start("whole")
        if sign in AMBIGUOUS and before and not match["part"] and not match["symbol"].isupper():
            return None
        words = self._price(match, whole, coin)
        return f"{words} por {UNITS[match['per']]}" if match["per"] else words

    def _price(self, match: Match, whole: str, coin: str) -> str:
        scale = match["scale"] or _SHORT.get(match["short"] or "")
        coins = hundredths(match["part"] or "")
        if scale or coins is None:
            return self._counted(match, whole, scale)
        units = self.shape.digits(match["whole"]).lstrip("0")
        minus = "menos " if match["minus"] or match.groupdict().get("lead") else ""
        words = []
        if units or not coins:
            words.append(_so_many(units or "0", whole))
        if coins:
            words.append(_so_many(coins.lstrip("0"), coin))
        return minus + " ".join(words)

    def _percent(self, match: Match) -> str:
        return f"{self._amount(match)} {SYMBOLS[match['sign']]}"

    def _measure(self, match: Match) -> str:
        unit, per = UNITS[match["unit"]], match["per"]
        words = self._counted(match, unit, match["scale"])
        return f"{words} por {UNITS[per]}" if per else words

    def _degrees(self, match: Match) -> str:
        scale = match["degree"]
        name = "grado" + (f" {DEGREES[scale.lower()]}" if scale else "")
        return self._counted(match, name, None)

    def _fractional(self, match: Match) -> str:
        whole, above, below = (self.shape.digits(match[part]) for part in ("whole", "above", "below"))
        words = fraction(above, below)
        unit = UNITS.get(match["unit"] or "", "")
        if unit:
            half = words.endswith(("medio", "medios"))
            words = f"{words} {unit}" if half else f"{words} de {unit}"
            if feminine(unit) and half:
                words = words.replace("medio", "media")
        if whole:
            words = f"{cardinal(whole, 'una' if unit and feminine(unit) else 'uno')} y {words}"
        return f"menos {words}" if match["minus"] else words

    def _ordinal(self, match: Match) -> str:
        digits = self.shape.digits(match["digits"])
        endings = {"short": "er", "masculine": "o", "feminine": "a"}
        ending = next((ending for group, ending in endings.items() if match[group]), match["plural"])
        return ordinal(digits, ending) or cardinal(digits)

    def _to(self, first: str, last: str) -> str:
        return f"{cardinal(first)} a {cardinal(last)}"

    def _from(self, first: str) -> str:
        return f"{cardinal(first)} a"

    def _version(self, match: Match) -> str | None:
        if re.fullmatch(self.shape.integer, match.group()):
            return None
        return " punto ".join(map(number, match.group().split(".")))

    def _plain(self, match: Match) -> str:
        return self._amount(match, _form(match))

    def rules(self) -> tuple[Rule, ...]:
        """All rules on numbers that are no date, time or telephone number."""
        amount, integer = self.shape.amount, self.shape.integer
        words = [sign for sign in CURRENCIES if sign[-1].isalpha()]
        signs = [sign for sign in CURRENCIES if not sign[-1].isalpha()]
        symbol = rf"(?P<symbol>(?<![^\W\d_])(?:{one_of(words)})\.?|{one_of(signs)})"
        # Any word before a number, to look it up, is quicker than all codes.
        before = rf"(?P<symbol>(?<![^\W\d_])(?:[^\W\d_]{{1,4}}\$?[/.]?|{one_of(signs)}))"
        lead = r"(?P<lead>(?<![\w)%])[-−] ?)?"
        unit = rf"(?P<unit>{one_of(UNITS)})"
        per = rf"(?: ?/ ?(?P<per>{one_of(UNITS)}))?"
        scale = r"(?: (?P<scale>mil millones|mill(?:ón|ones)|bill(?:ón|ones)))?"
        parts = rf"(?:(?P<whole>{integer}) {{1,2}})?(?P<above>{integer}) ?/ ?(?P<below>{integer})"
        end = r"(?![\w²³'’/])"
        return (
            (re.compile(_EQUATION), _equation),
            of_one_unit(rf"[%‰€°]|(?:{one_of(UNITS)})(?![\w²³'’/])", self._from),
            (re.compile(rf"{lead}{before} ?{amount}{_SCALE}{per}(?!\w)"), self._money),
            (re.compile(rf"{amount}{_SCALE} ?(?i:{symbol}){per}(?!\w)"), self._money),
            (re.compile(rf"{amount} ?(?P<sign>[%‰])"), self._percent),
            (re.compile(r"(?<=por )100\b"), lambda _: "ciento"),
            (re.compile(rf"{amount} ?° ?(?P<degree>[CFKcfk])(?!\w)"), self._degrees),
            (re.compile(rf"(?=[-−]|\d+[.,]|\d{{3}}){amount} ?°(?P<degree>(?!))?(?!\w)"), self._degrees),
            (re.compile(rf"(?<![\w.,])(?P<minus>[-−])?{parts}(?: ?{unit})?(?![\w/])"), self._fractional),
            (re.compile(rf"{amount}{scale} ?{unit}{per}{end}"), self._measure),
            (re.compile(rf"(?<![\w.,])(?P<digits>{integer}){_SUFFIX}(?![\w°º])"), self._ordinal),
            (re.compile(r"(?<![\d.,])\d{1,4}(?:\.\d{1,4}){2,9}(?![\d.,])"), self._version),
            growing(self._to),
            (re.compile(r"(?<=\d) ?[x×] ?(?=\d)"), lambda _: "por"),
            (re.compile(r"(?<![\d:.,])(\d{1,3}):(\d{1,3})(?![\d:.,])"), _ratio),
            (re.compile(rf"{amount}(?=(?: (?:mil )?(?P<noun>[^\W\d_]+))?)(?P<alone>\s*\Z)?"), self._plain),
            named_signs(SYMBOLS),
        )


def _ratio(match: Match) -> str:
    return f"{cardinal(match[1])} a {cardinal(match[2])}"


def _so_many(digits: str, name: str) -> str:
    words = number(digits, "una" if feminine(name) else "un")
    link = "de" if words.endswith(("llón", "llones")) else ""
    return f"{words} {link} {name if digits == '1' else many(name)}"


def _equation(match: Match) -> str:
    names = {"-": "menos", "−": "menos", "+": "más", "/": "entre", "÷": "entre", "=": "es igual a"}
    words = re.sub(r"[-−+/÷=]", lambda sign: f" {names[sign.group()]} ", match.group())
    return re.sub(r" ?[*×·] ?|(?<=\d) ?x ?(?=\d)", " por ", words)


def _form(match: Match) -> str:
    """How a number that ends in one, or in hundreds, agrees with the noun that seems to follow it."""
    noun = (match["noun"] or "").lower()
    if match["alone"] is not None and match.start() == 0:
        return "un"
    if re.fullmatch(_SCALES, noun):
        return "un"
    if not noun or noun in _LITTLE_WORDS:
        return "uno"
    one = match["whole"] == "1" and not match["part"]
    if noun.endswith("a" if one else "as") and not _MASCULINE.fullmatch(noun):
        return "una"
    return "un" if noun.endswith("o" if one else "s") else "uno"

"""Portuguese money, measures, fractions, ordinals and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.numbers import NumberShape, hundredths
from understudy.text.spoken.pt.numbers import cardinal, fraction, number, ordinal, spelled
from understudy.text.spoken.pt.tables import CURRENCIES, DEGREES, SYMBOLS, UNITS, feminine, many
from understudy.text.spoken.ranges import growing, of_one_unit
from understudy.text.spoken.rules import Match, Rule, named_signs, one_of

_SCALES = r"mil milhões|mil|(?:m|b|tr|quatr)i(?:lhão|lhões|lião|liões)"
_SCALE = rf"(?: (?P<scale>{_SCALES})\b| ?(?P<short>mi|bi)\b)?"
_SHORT = {"mi": "milhões", "bi": "bilhões"}
_SUFFIX = r"\.?(?:(?P<plural>[oa]s)|(?P<masculine>[º°o])|(?P<feminine>[ªa]))"
_SHAPE = NumberShape(group=r". \u00a0\u202f", decimal=",.", foreign=",")
_OPERATOR = r"(?: ?[-−+*×·/÷x] ?[\w.,]{1,20}){0,9}"
_EQUATION = rf"(?<![\w.,])[\w.,]{{1,20}}{_OPERATOR} ?= ?[\w.,]{{1,20}}{_OPERATOR}"
_SIGNS = {"-": "menos", "−": "menos", "+": "mais", "/": "dividido por", "÷": "dividido por", "=": "igual a"}
_FEMININE = re.compile(
    r"(?!(?:.*(?:ema|ama|oma|grama|ista|eta|ima)|di|map|planet)a?s?\Z|dias?\Z|mapas?\Z|corações\Z|a\Z|para\Z|da\Z"
    r"|na\Z|uma\Z|era\Z|cada\Z|contra\Z|as\Z|das\Z|nas\Z|mas\Z)"
    r".*(?:as?|ção|ções|são|sões|gem|gens|dades?)|vez(?:es)?|mulher(?:es)?|noites?|tardes?|partes?|mães?|cor(?:es)?"
    r"|vozes|voz|chaves?|redes?|frases?|bases?|fases?|árvore?s?|flor(?:es)?|nações"
)


def _sign(match: Match) -> str:
    return "vírgula" if match.string[match.start("part") - 1] == "," else "ponto"


class Amounts:
    """The rules for a variety's words; ``european`` as in numbers."""

    def __init__(self, *, european: bool) -> None:
        self.european = european

    def _name(self, name: str) -> str:
        return name.replace("ômetro", "ómetro").replace("canadense", "canadiano") if self.european else name

    def _amount(self, match: Match, ending: str = "o") -> str:
        whole, part = _SHAPE.digits(match["whole"]) or "0", match["part"]
        words = number(whole, ending, self.european)
        if part:
            words = f"{words} {_sign(match)} {spelled(part)}"
        return f"menos {words}" if match["minus"] else words

    def _counted(self, match: Match, name: str, scale: str | None) -> str:
        name = self._name(name)
        if scale:
            return f"{self._amount(match)} {scale} {'' if scale == 'mil' else 'de'} {many(name)}"
        words = self._amount(match, "a" if feminine(name) else "o")
        link = "de" if words.endswith(("ão", "ões")) else ""
        return f"{words} {link} {name if _SHAPE.is_one(match) else many(name)}"

    def _so_many(self, digits: str, name: str) -> str:
        words = number(digits, "a" if feminine(name) else "o", self.european)
        link = "de" if words.endswith(("ão", "ões")) else ""
        return f"{words} {link} {name if digits == '1' else many(name)}"

    def _money(self, match: Match) -> str | None:
        if match["symbol"].lower() not in CURRENCIES:
            return None
        whole, coin = CURRENCIES[match["symbol"].lower()]
        if self.european:
            whole, coin = self._name(whole), "cêntimo" if whole == "euro" else coin
        scale = match["scale"] or _SHORT.get((match["short"] or "").lower())
        coins = hundredths(match["part"] or "")
        if scale or coins is None:
            words = self._counted(match, whole, scale)
        else:
            units = _SHAPE.digits(match["whole"]).lstrip("0")
            parts = [self._so_many(units or "0", whole)] if units or not coins else []
            if coins:
                parts.append(self._so_many(coins.lstrip("0"), coin))
            words = ("menos " if match["minus"] or match.groupdict().get("lead") else "") + " e ".join(parts)
        return f"{words} por {self._name(UNITS[match['per']])}" if match["per"] else words

    def _percent(self, match: Match) -> str:
        return f"{self._amount(match)} {SYMBOLS[match['sign']]}"

    def _measure(self, match: Match) -> str:
        words = self._counted(match, UNITS[match["unit"]], match["scale"])
        return f"{words} por {self._name(UNITS[match['per']])}" if match["per"] else words

    def _degrees(self, match: Match) -> str:
        scale = match["degree"]
        return self._counted(match, "grau" + (f" {DEGREES[scale.lower()]}" if scale else ""), None)

    def _fractional(self, match: Match) -> str:
        whole, above, below = (_SHAPE.digits(match[part]) for part in ("whole", "above", "below"))
        words = fraction(above, below, self.european)
        if match["unit"]:
            unit = self._name(UNITS[match["unit"]])
            half = words == "um meio"
            words = f"{'meia' if feminine(unit) else 'meio'} {unit}" if half else f"{words} de {unit}"
        if whole:
            words = f"{cardinal(whole, 'o', self.european)} e {words}"
        return f"menos {words}" if match["minus"] else words

    def _ordinal(self, match: Match) -> str:
        digits = _SHAPE.digits(match["digits"])
        ending = "o" if match["masculine"] else "a" if match["feminine"] else match["plural"]
        return ordinal(digits, ending) or cardinal(digits, ending[0], self.european)

    def _to(self, first: str, last: str) -> str:
        return f"{cardinal(first, 'o', self.european)} a {cardinal(last, 'o', self.european)}"

    def _ratio(self, match: Match) -> str:
        return f"{cardinal(match[1], 'o', self.european)} a {cardinal(match[2], 'o', self.european)}"

    def _from(self, first: str) -> str:
        return f"{cardinal(first, 'o', self.european)} a"

    def _version(self, match: Match) -> str | None:
        if re.fullmatch(_SHAPE.integer, match.group()):
            return None
        return " ponto ".join(number(part, "o", self.european) for part in match.group().split("."))

    def _plain(self, match: Match) -> str:
        noun = (match["noun"] or "").lower()
        return self._amount(match, "a" if noun and _FEMININE.fullmatch(noun) else "o")

    def rules(self) -> tuple[Rule, ...]:
        """All rules on numbers that are no date, time or telephone number."""
        amount, integer = _SHAPE.amount, _SHAPE.integer
        words = [sign for sign in CURRENCIES if sign[-1].isalpha()]
        signs = [sign for sign in CURRENCIES if not sign[-1].isalpha()]
        symbol = rf"(?P<symbol>(?<![^\W\d_])(?:{one_of(words)})|{one_of(signs)})"
        # Any word before a number, to look it up, is quicker than all codes.
        before = rf"(?P<symbol>(?<![^\W\d_])(?:[^\W\d_]{{1,4}}\$?[/.]?|{one_of(signs)}))"
        lead = r"(?P<lead>(?<![\w)%])[-−] ?)?"
        unit = rf"(?P<unit>{one_of(UNITS)})"
        per = rf"(?: ?/ ?(?P<per>{one_of(UNITS)}))?"
        scale = r"(?: (?P<scale>mil milhões|(?:m|b|tr)i(?:lhão|lhões|lião|liões)))?"
        parts = rf"(?:(?P<whole>{integer}) {{1,2}})?(?P<above>{integer}) ?/ ?(?P<below>{integer})"
        end = r"(?![\w²³'’/])"
        return (
            (re.compile(_EQUATION), _equation),
            of_one_unit(rf"[%‰€°]|(?:{one_of(UNITS)})(?![\w²³'’/])", self._from),
            (re.compile(rf"{lead}{before} ?{amount}{_SCALE}{per}(?!\w)"), self._money),
            (re.compile(rf"{amount}{_SCALE} ?(?i:{symbol}){per}(?!\w)"), self._money),
            (re.compile(rf"{amount} ?(?P<sign>[%‰])"), self._percent),
            (re.compile(rf"{amount} ?° ?(?P<degree>[CFKcfk])(?!\w)"), self._degrees),
            (re.compile(rf"{amount} ?(?P<degree>C)(?!\w)"), self._degrees),
            (re.compile(rf"(?=[-−]|\d+[.,]|\d{{3}}){amount} ?°(?P<degree>(?!))?(?!\w)"), self._degrees),
            (re.compile(rf"(?<![\w.,])(?P<minus>[-−])?{parts}(?: ?{unit})?(?![\w/])"), self._fractional),
            (re.compile(rf"{amount}{scale} ?{unit}{per}{end}"), self._measure),
            (re.compile(rf"(?<![\w.,])(?P<digits>{integer}){_SUFFIX}(?![\w°º])"), self._ordinal),
            (re.compile(r"(?<![\d.,])\d{1,4}(?:\.\d{1,4}){2,9}(?![\d.,])"), self._version),
            growing(self._to),
            (re.compile(r"(?<=\d) ?[x×] ?(?=\d)"), lambda _: "por"),
            (re.compile(r"(?<![\d:.,])(\d{1,3}):(\d{1,3})(?![\d:.,])"), self._ratio),
            (re.compile(rf"{amount}(?=(?: (?:mil )?(?P<noun>[^\W\d_]+))?)"), self._plain),
            named_signs(SYMBOLS),
        )


def _equation(match: Match) -> str:
    words = re.sub(r"[-−+/÷=]", lambda sign: f" {_SIGNS[sign.group()]} ", match.group())
    return re.sub(r" ?[*×·] ?|(?<=\d) ?x ?(?=\d)", " vezes ", words)

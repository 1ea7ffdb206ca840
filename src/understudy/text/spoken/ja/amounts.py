"""Japanese money, measures, fractions and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.ja.numbers import cardinal, spelled
from understudy.text.spoken.ja.tables import CURRENCIES, UNITS
from understudy.text.spoken.ja.tables import SIGNS as _SIGNS
from understudy.text.spoken.numbers import NumberShape
from understudy.text.spoken.rules import Match, Rule, one_of

_SHAPE = NumberShape(group=",", decimal=".")
_NUMBER = rf"{_SHAPE.integer}(?:\.\d+)?"
_SUM = rf"{_NUMBER}(?:[万億兆千百]{{1,2}}(?:{_NUMBER})?)*"
_CURRENCY = rf"(?P<currency>{one_of(CURRENCIES)})"

SIGNS = "".join(_SIGNS) + "〜~▲×"
"""Signs that some rule wants."""


def _money(match: Match) -> str:
    whole, hundredth = CURRENCIES[match["currency"]]
    coins = re.fullmatch(r"(.+)\.(\d\d?)", match["sum"])
    if not coins or not hundredth:
        return match["sum"].rstrip() + whole
    part = int(coins[2].ljust(2, "0"))
    return f"{coins[1]}{whole}" + (f"{part}{hundredth}" if part else "")


def _fraction(match: Match) -> str:
    mixed = "と" if match.string[: match.start()][-1:].isdecimal() else ""
    return f"{mixed}{match[2]}分の{match[1]}"


def _amount(match: Match) -> str:
    whole, part = _SHAPE.digits(match["whole"]), match["part"]
    following = match.string[match.end() : match.end() + 1]
    before_scale = not part and following != "" and following in "万億兆京"
    words = cardinal(whole or "0", before_scale=before_scale)
    return f"{words}点{spelled(part)}" if part else words


_TERM = rf"(√?{_NUMBER})"
_DEGREES_AHEAD = rf"(?={_NUMBER} ?(?:°|度))"
# After a letter or a Chinese character it is a hyphen, but 気温-5度.
_MINUS = rf"▲(?=[\d.])|(?:(?<![\w)%])|(?<=[ぁ-ゖ]))[-−](?=[√.]?\d)|(?<=[一-鿿])[-−]{_DEGREES_AHEAD}"

RULES: tuple[Rule, ...] = (
    (re.compile(rf"{_CURRENCY} ?(?P<sum>{_SUM})"), _money),
    (
        re.compile(rf"(?<=[\d万億兆千百]) ?{_CURRENCY}(?![A-Za-z])"),
        lambda match: CURRENCIES[match["currency"]][0],
    ),
    (re.compile(rf"(?<![\d.,])({_NUMBER}) ?°F"), lambda match: f"華氏{match[1]}度"),
    (re.compile(r"(?<=\d) ?° ?C?(?![A-Za-z])"), lambda _: "度"),
    (re.compile(r"(?<=\d) ?%"), lambda _: "パーセント"),
    (re.compile(rf"(?<=\d) ?(?:{one_of(UNITS)})(?![A-Za-z0-9²³/])"), lambda m: UNITS[m.group().strip()]),
    (re.compile(rf" ?(?<![\d/.,√]){_TERM}/{_TERM}(?![\d/])"), _fraction),
    (re.compile(r"(?<=\d) ?[×xX*] ?(?=\d)"), lambda _: "かける"),
    (re.compile(r"#(?=\d)"), lambda _: "ナンバー"),
    (re.compile(_MINUS), lambda _: "マイナス"),
    (re.compile(r"(?<=\w)[-–−](?=\d)|(?<=\d)[-–−](?=\w)"), lambda _: ""),
    (re.compile(r"(?<=[一-鿿]) (?=\d)|(?<=\d) (?=[一-鿿])"), lambda _: ""),
)

NUMBERS: tuple[Rule, ...] = (
    (
        re.compile(r"(?<![\d.])\d+(?:\.\d+){2,}(?!\d)"),
        lambda match: "点".join(map(cardinal, match.group().split("."))),
    ),
    (re.compile(rf"(?:(?=\d)|(?<!\w)(?=\.\d))(?P<whole>{_SHAPE.integer})?(?:\.(?P<part>\d+))?"), _amount),
    (re.compile(f"[{re.escape(''.join(_SIGNS))}]"), lambda match: _SIGNS[match.group()]),
)

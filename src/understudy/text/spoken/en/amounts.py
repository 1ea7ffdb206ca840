"""English money, measures, fractions, ordinals and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.en.numbers import cardinal, decimal, fraction, number, ordinal, paired, spelled
from understudy.text.spoken.en.tables import (
    COMPASS,
    CURRENCIES,
    MAGNITUDES,
    PERIODS,
    STREETS,
    SYMBOLS,
    UNITS,
)
from understudy.text.spoken.rules import Match, Rule, one_of

_NUM = r"\d{1,3}(?:,\d{3})+(?!\d)|\d+"
_MINUS = r"(?P<minus>(?<![\w)%])[-−])?"
_AMOUNT = rf"{_MINUS}(?=\.?\d)(?P<whole>{_NUM})?(?:\.(?P<part>\d+))?"
_SYMBOL = rf"(?P<symbol>{one_of(CURRENCIES)})"
_SCALE = rf"(?: ?(?P<scale>hundred|thousand|million|billion|trillion|(?i:{one_of(MAGNITUDES)}))\b)?"
_PERIOD = rf"(?:/(?P<period>{one_of(PERIODS)})\b)?"


def _amount(match: Match) -> str:
    whole, part = match["whole"] or "", match["part"]
    if part:
        words = decimal(whole, part)
    else:
        words = cardinal(whole, " " if match.groupdict().get("scale") else " and ")
    return f"minus {words}" if match["minus"] else words


def _is_one(match: Match) -> bool:
    return not match["part"] and (match["whole"] or "").lstrip("0") == "1"


def _money(match: Match) -> str:
    one, many, cent, cents = CURRENCIES[match["symbol"]]
    scale = match["scale"]
    if scale:
        words = [_amount(match), MAGNITUDES.get(scale.lower(), scale), many]
    else:
        words = _coins(match, one, many, cent, cents)
    if match["period"]:
        words += ["per", PERIODS[match["period"]]]
    return " ".join(words)


def _coins(match: Match, one: str, many: str, cent: str, cents: str) -> list[str]:
    whole = (match["whole"] or "0").replace(",", "").lstrip("0")
    part = (match["part"] or "").rstrip("0")
    if len(part) > 2:
        return [decimal(match["whole"] or "", part), many]
    part = part.ljust(2, "0") if part else ""
    words = [cardinal(whole), one if whole == "1" else many] if whole or not part else []
    if part:
        words += [cardinal(part), cent if part == "01" else cents]
    return ["minus", *words] if match["minus"] else words


def _percent(match: Match) -> str:
    return f"{_amount(match)} percent"


def _measure(match: Match) -> str:
    one, many = UNITS[match["unit"]]
    if match["half"]:
        return f"{_amount(match)} and a half {many}"
    return f"{_amount(match)} {match['scale'] or ''} {one if _is_one(match) and not match['scale'] else many}"


def _per_unit(match: Match) -> str:
    return f"{number(match[1])} per {UNITS[match[2]][0]}"


def _fraction(match: Match) -> str:
    whole, above, below = match.groups()
    words = fraction(above, below)
    if not whole:
        return words
    if above == "1" and "over" not in words:
        words = words.replace("one", "a", 1)
    return f"{cardinal(whole)} and {words}"


def _ordinal(match: Match) -> str:
    digits, suffix = match[1].replace(",", ""), match[2].lower()
    teen = digits[-2:-1] == "1"
    right = "th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th")
    return ordinal(digits) if suffix == right else f"{cardinal(digits)} {suffix}"


def _range(match: Match) -> str | None:
    first, second = match[1], match[2]
    if len(first) > len(second) or int(first) >= int(second) or first.startswith("0"):
        return None
    return f"{number(first)} to {number(second)}"


def _address(match: Match) -> str:
    street = STREETS[match["street"]]
    words = [COMPASS.get(word, word) for word in match["name"].split()]
    return " ".join([paired(match["house"]), *words, street])


def _serial(match: Match) -> str:
    """``C24`` -> c twenty four, ``ab9453`` -> ab nine four five three."""
    parts = re.findall(r"\d+|[^\W\d_]+", match.group())
    return " ".join(_short(part) if part[0].isdecimal() else part for part in parts)


def _short(digits: str) -> str:
    if digits.startswith("0") or len(digits) > 3:
        return spelled(digits)
    return paired(digits) if len(digits) == 3 else cardinal(digits)


def _symbol(match: Match) -> str:
    return SYMBOLS[match.group()]


RULES: tuple[Rule, ...] = (
    (re.compile(r"(?<=\d) x (?=\d)"), lambda _: "by"),
    (
        re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)"),
        lambda match: " point ".join(map(number, match.group().split("."))),
    ),
    (
        re.compile(
            r"\b(?P<house>\d{3,4}) (?P<name>(?:[NSEW] )?(?:[A-Z][a-z]+ ){1,3}?)"
            rf"(?P<street>{one_of(STREETS)})\b\.?"
        ),
        _address,
    ),
    (re.compile(rf"{_SYMBOL} ?{_AMOUNT}{_SCALE}{_PERIOD}"), _money),
    (re.compile(rf"{_AMOUNT}{_SCALE} ?(?P<symbol>[€£¥₹₩]){_PERIOD}"), _money),
    (re.compile(rf"{_AMOUNT} ?%"), _percent),
    (
        re.compile(
            rf"{_AMOUNT}(?P<half> 1/2)?(?: (?P<scale>thousand|million|billion))? ?(?P<unit>{one_of(UNITS)})"
            r"(?![\w²³'’])"
        ),
        _measure,
    ),
    (re.compile(rf"\b(\d+)/({one_of(UNITS)})(?![\w/])"), _per_unit),
    (re.compile(r"\b(24/7|9/11)\b"), lambda match: " ".join(map(number, match[1].split("/")))),
    (
        re.compile(rf"(?<![\d/.,])(?:({_NUM}) )?({_NUM}) ?/ ?({_NUM})(?:ths?|rds?|nds?|s)?(?![\w/])"),
        _fraction,
    ),
    (re.compile(rf"(?<![\w.])({_NUM})(st|nd|rd|th)\b", re.I), _ordinal),
    (re.compile(r"(?<=\d) ?[*×] ?(?=\d)"), lambda _: "times"),
    (re.compile(r"(?<=[\w ])[-−] ?(?=[\w ]{1,20}=)"), lambda _: "minus"),
    (re.compile(r"(?<![\w.,-])(\d{1,4}) ?[-–] ?(\d{1,4})(?![\w-]|[.,]\d)"), _range),
    (re.compile(r"(?<=\d)(?: ?[-–] ?)(?=\d)"), lambda _: ""),
    (re.compile(r"(?<![\d:])(\d{1,2}):(\d{1,2})(?![\d:])"), lambda m: f"{number(m[1])} to {number(m[2])}"),
    (re.compile(rf"{_MINUS}(?:(?P<whole>{_NUM})|(?<![\w.]))\.(?P<part>\d+)"), _amount),
    (re.compile(r"(?:[^\W\d_]+\d|\d+[^\W\d_])\w*"), _serial),
    (re.compile(r"(?:#|\bNo\. ?)(?=\d)", re.I), lambda _: "number"),
    (re.compile(r"(?<![\w)%])[-−](?=\d)"), lambda _: "minus"),
    (re.compile(rf"({_NUM})(['’]s\b)?"), lambda match: number(match[1]) + ("'s" if match[2] else "")),
    (re.compile(f"[{''.join(SYMBOLS)}]"), _symbol),
)

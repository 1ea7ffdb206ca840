"""English money, measures, fractions, ordinals and plain numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.en import codes
from understudy.text.spoken.en.numbers import SHAPE, cardinal, decimal, fraction, number, ordinal, spelled
from understudy.text.spoken.en.tables import SYMBOLS
from understudy.text.spoken.en.units import CODES, CURRENCIES, MAGNITUDES, PERIODS, UNITS
from understudy.text.spoken.numbers import MINUS
from understudy.text.spoken.ranges import growing
from understudy.text.spoken.rules import Match, Rule, named_signs, one_of

_NUM = SHAPE.integer
_AMOUNT = SHAPE.amount
_SYMBOL = rf"(?P<symbol>\b(?:{one_of(CODES)})(?= ?[\d.])|{one_of(CURRENCIES)})"
_SCALE = rf"(?: ?(?P<scale>hundred|thousand|million|billion|trillion|(?i:{one_of(MAGNITUDES)}))\b)?"
_PERIOD = rf"(?: ?/ ?(?P<period>{one_of(PERIODS)})\b)?"
_UNIT = rf"(?P<unit>{one_of(UNITS)})(?![\w²³'’&])"
_MEASURED = rf"{_NUM}(?:\.\d+)? ?(?:%|(?:{one_of(UNITS)})(?![\w²³'’-]))"


def _amount(match: Match) -> str:
    whole, part = match["whole"] or "", match["part"]
    if part:
        words = decimal(whole, part)
    else:
        words = cardinal(whole, " " if match.groupdict().get("scale") else " and ")
    return f"minus {words}" if match["minus"] else words


def _money(match: Match) -> str:
    one, many, cent, cents = CURRENCIES.get(match["symbol"]) or CODES[match["symbol"]]
    scale = match["scale"]
    if scale:
        words = [_amount(match), MAGNITUDES.get(scale.lower(), scale), many]
    else:
        words = _coins(match, one, many, cent, cents)
    if match["period"]:
        words.append(PERIODS[match["period"]])
    return " ".join(words)


def _coins(match: Match, one: str, many: str, cent: str, cents: str) -> list[str]:
    whole = SHAPE.digits(match["whole"] or "0").lstrip("0")
    part = (match["part"] or "").rstrip("0")
    if len(part) > 2 or (part and not cent):
        return [_amount(match), many]
    part = part.ljust(2, "0") if part else ""
    words = [cardinal(whole), one if whole == "1" else many] if whole or not part else []
    if part:
        words += [cardinal(part), cent if part == "01" else cents]
    return ["minus", *words] if match["minus"] else words


def _percent(match: Match) -> str:
    return f"{_amount(match)} percent"


def _measure(match: Match) -> str:
    one, many = UNITS[match["unit"]]
    is_one = SHAPE.is_one(match) and not match["scale"]
    return f"{_amount(match)} {match['scale'] or ''} {one if is_one else many}"


def _inches(match: Match) -> str | None:
    """``12"``, unless it closes a quotation."""
    if len(re.findall(r'(?<!\d)"', match.string[: match.start()])) % 2:
        return None
    feet = f"{cardinal(match[1])} {'foot' if match[1] == '1' else 'feet'} " if match[1] else ""
    return f"{feet}{cardinal(match[2])} {'inch' if match[2] == '1' else 'inches'}"


def _per_unit(match: Match) -> str:
    return f"{number(match[1])} per {UNITS[match[2]][0]}"


def _fraction(match: Match) -> str:
    words = fraction(match["above"], match["below"])
    if match["whole"]:
        words = f"{cardinal(match['whole'])} and {'a half' if words == 'one half' else words}"
    unit = UNITS[match["unit"]][1] if match["unit"] else ""
    return f"{'minus ' if match['minus'] else ''}{words} {unit}"


def _ordinal(match: Match) -> str:
    digits, suffix = SHAPE.digits(match[1]), match[2].lower()
    teen = digits[-2:-1] == "1"
    right = "th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th")
    if suffix == right:
        return ordinal(digits)
    return f"{cardinal(digits) if len(digits) < 3 else spelled(digits)} {suffix}"


RULES: tuple[Rule, ...] = (
    (re.compile(r"(?<=\d) x (?=\d)"), lambda _: "by"),
    (
        re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)"),
        lambda match: " point ".join(map(number, match.group().split("."))),
    ),
    (re.compile(r"\b(?:US|AU|CA|HK|NZ) (?=\$)"), lambda match: match.group().lower()),
    (re.compile(r"~ ?(?=[\d$£€])"), lambda _: "approximately"),
    (
        re.compile(rf"(?<![\w.,/:-])(\d+(?:\.\d+)?) ?[-–] ?(?={_MEASURED})"),
        lambda match: f"{match[1]} to",
    ),
    (
        re.compile(rf"(?<!\w)([$£€]) ?({_NUM}(?:\.\d+)?) ?[-–] ?(?:\1 ?)?(?=\d)"),
        lambda match: f"{match[2]} to {match[1]}",
    ),
    (re.compile(rf"(?<![A-Z]){_SYMBOL} ?{_AMOUNT}{_SCALE}{_PERIOD}"), _money),
    (re.compile(rf"{_AMOUNT}{_SCALE} ?(?P<symbol>[€£¥₹₩]){_PERIOD}"), _money),
    (re.compile(rf"{_AMOUNT} ?%"), _percent),
    (
        re.compile(rf"(?<![\w.+/])(?<!\+ ){_AMOUNT}(?: (?P<scale>thousand|million|billion))? ?{_UNIT}"),
        _measure,
    ),
    (re.compile(r"(?<![\w.,])(?:(\d{1,2})['’] ?)?(\d{1,3})[\"”″](?!\w)"), _inches),
    (re.compile(rf"\b(\d+)/({one_of(UNITS)})(?![\w/])"), _per_unit),
    (re.compile(r"\b(24/7|9/11)\b"), lambda match: " ".join(map(number, match[1].split("/")))),
    (
        re.compile(
            rf"(?<![\d/.,]){MINUS}(?:(?P<whole>{_NUM}) )?(?P<above>{_NUM}) ?/ ?(?P<below>{_NUM})"
            rf"(?: ?{_UNIT}|(?:ths?|rds?|nds?|s)?(?![\w/]))"
        ),
        _fraction,
    ),
    (re.compile(rf"(?<![\w.])({_NUM})(st|nd|rd|th)\b", re.I), _ordinal),
    codes.HYPHENATED,
    (re.compile(r"(?<=\d) ?\* ?(?=\d+ ?=)"), lambda _: "times"),
    (re.compile(r"(?<=\d) ?\* ?(?=\d)"), lambda _: "asterisk"),
    (re.compile(r"(?<=\d) ?× ?(?=\d)"), lambda _: "times"),
    (re.compile(r"(?<=\w)\^([23])\b"), lambda match: "squared" if match[1] == "2" else "cubed"),
    (re.compile(r"(?<=[\w ])[-−] ?(?=[\w ]{1,20}=)"), lambda _: "minus"),
    growing(lambda first, last: f"{number(first)} to {number(last)}"),
    (re.compile(r"(?<=\d)(?: ?[-–] ?)(?=\d)"), lambda _: ""),
    (re.compile(r"(?<![\d:])(\d{1,2}):(\d{1,2})(?![\d:])"), lambda m: f"{number(m[1])} to {number(m[2])}"),
    (re.compile(rf"{MINUS}(?:(?P<whole>{_NUM})|(?<![\w.]))\.(?P<part>\d+)"), _amount),
    codes.SERIAL,
    (re.compile(r"(?:#|\bNo\. ?)(?=\d)", re.I), lambda _: "number"),
    (re.compile(rf"(?<![\w)%])[-−]({_NUM})"), lambda match: f"minus {cardinal(match[1])}"),
    (re.compile(rf"({_NUM})(['’]s\b)?"), lambda match: number(match[1]) + ("'s" if match[2] else "")),
    named_signs(SYMBOLS),
)

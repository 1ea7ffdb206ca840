"""Japanese dates, weekdays, times of day and ranges."""

from __future__ import annotations

import re

from understudy.text.spoken.ja.tables import UNITS
from understudy.text.spoken.rules import Match, Rule, one_of

_ERAS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
_NAMED_ERA = "|".join(_ERAS.values())
_HALVES = {"a": "午前", "p": "午後"}

_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_HALF = r"[ap](?:\.m\.|m)"
_CLOCK = r"(?P<hour>[0-2]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])"
_WEEKDAY = r"(?:祝日?|[月火水木金土日](?:曜日?)?)"


def _written(*parts: str | None) -> str:
    """Numbers and what they count, without leading zeros: ``2024``, 年, ``01``, 月 -> 2024年1月."""
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return "".join(f"{int(number)}{unit}" for number, unit in pairs if number)


def _date(match: Match) -> str:
    year = match.groupdict().get("year")
    return _written(year, "年", match["month"], "月", match["day"], "日")


def _era(match: Match) -> str:
    # The first year of an era has a name of its own.
    year = "元" if int(match["year"]) == 1 else match["year"].lstrip("0")
    return f"{_ERAS[match['era']]}{year}年"


def _era_date(match: Match) -> str:
    return _era(match) + _written(match["month"], "月", match["day"], "日")


def _weekdays(match: Match) -> str:
    words = []
    for day, until in re.findall(r"([月火水木金土日祝])(?:曜日?)?|([〜~-])", match[1].replace("祝日", "祝")):
        words.append("から" if until else "祝日" if day == "祝" else f"{day}曜日")
    return "".join(words)


def _time(match: Match) -> str | None:
    hour, minute, second = match["hour"], match["minute"], match["second"]
    if int(hour) > 29:  # broadcasts go on until 29時
        return None
    half = match["before"] or match["after"]
    words = _HALVES[half[0].lower()] if half else ""
    return words + _written(hour, "時", minute if second or int(minute) else None, "分", second, "秒")


def _hour(match: Match) -> str:
    return f"{_HALVES[match['half'][0].lower()]}{match['hour']}時"


def _range(match: Match) -> str | None:
    """Numbers that rise; also 1957-58."""
    first, second = match[1], match[2]
    if len(first) == 4 and len(second) == 2 and second.isdecimal():
        rising = first[2:] < second
    else:
        rising = float(first) < float(second) and not first.startswith("00")
    return f"{first}から{second}" if rising else f"{first} {second}"


_TO = r" ?[〜~] ?"
_DASH = " ?[-–—−] ?"
_COUNTED = rf"年代?|世紀|[月日時分秒人円歳回度倍個本件枚台%]|°C?|{one_of(UNITS)}"
_AMOUNT_AHEAD = r"(?=(?:約|第|午[前後]|[#$€£¥-])?\.?\d)"

RULES: tuple[Rule, ...] = (
    (re.compile(r"(?<!\d)0(?=[1-9]月)"), lambda _: ""),
    (
        re.compile(rf"(?<![A-Za-z.])(?P<era>[RHSTM])\.? ?(?P<year>\d{{1,4}})([./-]){_MONTH}\3{_DAY}(?!\d)"),
        _era_date,
    ),
    (
        re.compile(r"(?<![A-Za-z.])(?P<era>[RHSTM])\. ?(?P<year>\d{1,4})年?(?![\d.A-Za-z])"),
        _era,
    ),
    (re.compile(r"(?<![A-Za-z.])(?P<era>[RHSTM])(?P<year>\d\d?)年"), _era),
    (re.compile(rf"(?<=(?:{_NAMED_ERA})) ?(?P<year>\d\d?)([./-]){_MONTH}\2{_DAY}(?!\d)"), _date),
    (re.compile(rf"(?<![\d/.-])(?P<year>\d{{4}})([./-]){_MONTH}\2{_DAY}(?![\d/-])"), _date),
    (re.compile(rf"(?<![\d/.-])(?P<year>\d\d)/{_MONTH}/{_DAY}(?![\d/])"), _date),
    (re.compile(rf"(?<![\d/.-]){_MONTH}([./-]){_DAY}\2(?P<year>\d{{4}})(?![\d/-])"), _date),
    (re.compile(rf"(?<![\d/.-]){_DAY}([./-]){_MONTH}\2(?P<year>\d{{4}})(?![\d/-])"), _date),
    (
        re.compile(r"(?<![\d/.-])(?P<year>(?:19|20)\d\d)/(?P<month>0[1-9]|1[0-2])(?P<day>)(?![\d/])"),
        _date,
    ),
    (re.compile(rf"(?<![\d/.-]){_MONTH}/{_DAY}(?= ?\({_WEEKDAY})"), _date),
    (
        re.compile(
            rf"(?<![^日年月週旬末頃\d曜祝]) ?\( ?({_WEEKDAY}(?: ?[・、,/〜~-]? ?{_WEEKDAY}){{0,6}}) ?\) ?"
        ),
        _weekdays,
    ),
    (
        re.compile(
            rf"(?:(?<![a-z])(?P<before>{_HALF}) ?)?(?<![\d:.]){_CLOCK}(?: ?(?P<after>{_HALF})(?![a-z]))?",
            re.I,
        ),
        _time,
    ),
    (re.compile(rf"(?<![\d.:])(?P<hour>1[0-2]|0?[1-9]) ?(?P<half>{_HALF})(?![a-z])", re.I), _hour),
    (re.compile(rf"(?<![a-z])(?P<half>{_HALF}) ?(?P<hour>\d\d?)(?:時|(?![\d.:]))", re.I), _hour),
    (re.compile(r"(?<![\d:])(\d+):(\d+)(?![\d:])"), lambda match: f"{match[1]}対{match[2]}"),
    (re.compile(rf"(?<=[\w%°)]){_TO}{_AMOUNT_AHEAD}"), lambda _: "から"),
    (
        re.compile(rf"(?<=[年月日時分秒朝昼夕夜晩旬末初頭半期前後頃代紀週曜中間]){_TO}(?=\w)"),
        lambda _: "から",
    ),
    (re.compile(r"(?<=\d[年月日時分秒人円歳]) ?[〜~]"), lambda _: "から"),
    (
        re.compile(rf"(\d ?(?:{_COUNTED})) ?[-–—−ー] ?(?=[$€£¥]?\d)"),
        lambda match: f"{match[1]}から",
    ),
    (
        re.compile(rf"(?<![A-Za-z\d.,/-])(\d{{1,4}}(?:\.\d+)?){_DASH}(\d{{1,4}}(?:\.\d+)?)(?![\d/-]|[.,]\d)"),
        _range,
    ),
    (re.compile(rf"(?<=\d){_DASH}(?=\d)"), lambda _: " "),
)

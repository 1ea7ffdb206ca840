"""Japanese readings of net addresses, telephone numbers, postal codes and house numbers."""

from __future__ import annotations

import re

from understudy.text.spoken.addresses import read_address
from understudy.text.spoken.ja.numbers import spelled
from understudy.text.spoken.rules import Match, Rule

_NAMES = {
    ".": "ドット",
    "@": "アットマーク",
    "/": "スラッシュ",
    ":": "コロン",
    "-": "ハイフン",
    "_": "アンダーバー",
    "&": "アンド",
    "+": "プラス",
    "=": "イコール",
    "?": "クエスチョン",
    "%": "パーセント",
    "#": "シャープ",
    "~": "チルダ",
}
_SPACED = re.compile(r" (?![a-z])|(?<![a-z]) ", re.I)


def _address(match: Match) -> str:
    written = match.group()
    kept = written.rstrip(".,;:!?)]}'\"")
    words = read_address(kept, _NAMES, str, spelled)
    return _SPACED.sub("", words) + written[len(kept) :]


def _digits(match: Match) -> str:
    return ("プラス" if match.group().startswith("+") else "") + spelled(match.group())


def _telephone(match: Match) -> str | None:
    return _digits(match) if 9 <= sum(map(str.isdecimal, match.group())) <= 11 else None


def _house(match: Match) -> str:
    return match.group().replace("-", "の")


_HOST = r"(?:[a-z0-9-]{1,63}\.){1,4}"
_PATH = r"(?:[/?#][!-~]*)?"

RULES: tuple[Rule, ...] = (
    (re.compile(r"\b(?:https?|ftp)://[!-~]+|(?<![a-z0-9])www\.[!-~]+", re.I | re.A), _address),
    (
        re.compile(rf"(?<![a-z0-9.+&-])[a-z0-9_][a-z0-9_.+&-]{{0,63}}@{_HOST}[a-z]{{2,}}{_PATH}", re.I),
        _address,
    ),
    (
        re.compile(
            rf"(?<![a-z0-9.@-]){_HOST}(?:com|org|net|edu|gov|info|io|jp|co|de|fr|uk|us|ai|tv|eu)\b{_PATH}",
            re.I | re.A,
        ),
        _address,
    ),
    (re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![.\d])"), _address),
    (re.compile(r"〒 ?(\d{3})[-−]?(\d{4})(?!\d)"), lambda match: "郵便番号" + spelled(match.group())),
    (re.compile(r"(?<![\w+])\+\d[\d ()-]{6,18}\d(?!\d)"), _digits),
    (re.compile(r"(?<![\d-])(?:\(0\d{1,4}\)|0\d{1,4})[ -]?\(?\d{1,4}[) -]\d{3,4}(?![\d-])"), _telephone),
    (re.compile(r"(?<![\d-])\d{4}(?:[ -]\d{4}){3}(?![\d-])"), _digits),
    (re.compile(r"(?<![\d.-])\d{3}-\d{4}(?![\d-]|[年月日人円回%])"), _digits),
    (re.compile(r"(?<![\d.a-zA-Z-])(?!\d{2,4}-\d\d?-\d\d?(?!\d))\d{1,4}(?:-\d{1,4}){2,}(?![\d-])"), _house),
)

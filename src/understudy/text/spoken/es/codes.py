"""Spanish addresses of the net, telephone numbers and other digits that are read one by one."""

from __future__ import annotations

import re

from understudy.text.spoken.addresses import addresses, read_address
from understudy.text.spoken.es.numbers import LONGEST, cardinal, spelled
from understudy.text.spoken.numbers import too_long
from understudy.text.spoken.rules import Match, Rule

_NAMES = {
    ".": "punto", "@": "arroba", "/": "barra", ":": "dos puntos", "-": "guión", "_": "barra baja",
    "&": "et", "+": "signo más", "=": "signo igual", "?": "signo de interrogación",
    "%": "signo de porcentaje",
    "#": "almohadilla", "~": "tilde", "|": "barra vertical", "!": "signo de exclamación", "'": "comilla",
    "$": "signo de dólar", "*": "asterisco", "^": "acento circunflejo", "`": "acento grave", ",": "coma",
    "{": "llave izquierda", "}": "llave derecha",
}  # fmt: skip
_WORDS = frozenset({
    "com", "net", "org", "gob", "gov", "info", "gmail", "nvidia", "outlook", "hotmail", "yahoo", "live",
    "yandex", "orange", "wanadoo", "web", "comcast",
})  # fmt: skip
"""Read as words in an address; all else letter by letter."""


def _word(letters: str) -> str:
    return letters if letters.lower() in _WORDS else " ".join(letters)


def _tag(match: Match) -> str:
    return read_address(match.group(), _NAMES, _word, spelled)


def _digits(text: str) -> str:
    return spelled(re.sub(r"\D", "", text))


def _phone(match: Match) -> str:
    words = [match["prompt"] or ""] if "prompt" in match.groupdict() else []
    code = match.groupdict().get("code")
    if code:
        words += ["más", cardinal(code) if len(code) < 3 else spelled(code)]
    words.append(_digits(match["number"]))
    if match["extension"]:
        words += ["extensión", spelled(match["extension"])]
    return " ".join(words)


def _plus(match: Match) -> str:
    return "más " + _digits(match.group())


def _vanity(match: Match) -> str:
    before = f"{cardinal(match[1])} " if match[1] else ""
    return f"{before}{cardinal(match[2])} {match[3].replace('-', ' ')}"


def _years(match: Match) -> str | None:
    """``1990-2000`` is no telephone number; the rule for ranges reads it."""
    first, second = match["number"].split("-") if match["number"].count("-") == 1 else ("", "")
    return None if len(first) == 4 and 1000 <= int(first) < int(second) <= 2100 else _phone(match)


_EXTENSION = r"(?:,? ?ext(?:\.|ensión)? ?(?P<extension>\d{1,5}))?(?![\w-]|[.,:]\d)"
_START = r"(?<![\w+.,-])"
_GROUPS = (
    r"\(\d{2,4}\)[ -]?\d{3,4}[ -]?\d{3,4}"
    r"|(?:\d[ -])?\d{3}-\d{3}-\d{3,4}|\d{3}\.\d{3}\.\d{4}"
    r"|(?:\d{3} )?\d{4}-\d{4}|\d{3}-\d{4}"
    r"|\d{2,3} \d{2,3} \d{2} \d{2}"
)
_PROMPT = (
    r"(?P<prompt>\b(?:tel[ée]fono|tel\.|m[óo]vil|celular|fax|whatsapp|ll[aá]m\w{1,6} al?"
    r"|marqu?\w{1,3}(?: el| al)?)(?: es)?(?: el)?:?) "
)

RULES: tuple[Rule, ...] = (
    too_long(LONGEST, spelled),
    *addresses(_NAMES, _word, spelled),
    (
        re.compile(r"(?<![\w.@-])[a-z]{3,40}\.(?:gob|gov|ru|in|de|cl|pe|ve|uy)\b(?:\.[a-z]{2}\b)?(?:/\S*)?"),
        _tag,
    ),
    (re.compile(r"(?<![\w.@])@\w[\w.]{0,40}(?<!\.)"), _tag),
    (re.compile(r"(?<![\w-])(?:(\d)-)?(\d00)-([^\W\d_][\w-]{0,30})"), _vanity),
    (
        re.compile(
            r"(?<!\w)\+(?P<code>\d{1,3})[ .-](?P<number>\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){1,5})" + _EXTENSION
        ),
        _phone,
    ),
    (re.compile(r"(?<!\w)\+\d{8,15}(?!\d)"), _plus),
    (re.compile(rf"{_PROMPT}(?P<number>\d(?:[ .-]?\d){{5,14}}){_EXTENSION}", re.I), _phone),
    (re.compile(rf"{_START}(?P<number>{_GROUPS}){_EXTENSION}"), _years),
)

"""Portuguese addresses of the net, telephone numbers and other digits that are read one by one."""

from __future__ import annotations

import re

from understudy.text.spoken.addresses import addresses, read_address
from understudy.text.spoken.numbers import too_long
from understudy.text.spoken.pt.numbers import LONGEST, spelled
from understudy.text.spoken.rules import Match, Rule

_NAMES = {
    ".": "ponto", "@": "arroba", "/": "barra", ":": "dois pontos", "-": "traço", "_": "underscore",
    "&": "e comercial", "+": "mais", "=": "igual", "?": "interrogação", "%": "por cento", "#": "cerquilha",
    "~": "til", "|": "barra vertical", "!": "exclamação", "'": "apóstrofo", "$": "dólar", "*": "asterisco",
    "^": "acento circunflexo", "`": "crase", ",": "vírgula", "{": "chave esquerda", "}": "chave direita",
}  # fmt: skip
_WORDS = frozenset({
    "com", "net", "org", "gov", "edu", "br", "pt", "gmail", "nvidia", "outlook", "hotmail", "yahoo", "live",
    "google", "usuario", "microsoft", "amazon", "facebook", "meta", "netflix", "spotify", "samsung", "apple",
    "linkedin", "instagram", "whatsapp", "oracle", "adobe", "paypal",
})  # fmt: skip
"""Read as words in an address; all else letter by letter."""


def _word(letters: str) -> str:
    return letters if letters.lower() in _WORDS else " ".join(letters)


def _tag(match: Match) -> str:
    return read_address(match.group(), _NAMES, _word, spelled)


def _digits(match: Match) -> str:
    """Digit by digit, with what was said before and after them."""
    words = []
    for part in re.findall(r"\d+|\+|[^\W\d_]+\.?", match.group()):
        name = {"+": "mais", "ext.": "extensão", "ext": "extensão"}.get(part.lower(), part)
        words.append(spelled(part) if part.isdecimal() else name)
    return " ".join(words)


def _years(match: Match) -> str | None:
    """``1990-2000`` is no telephone number; the rule for ranges reads it."""
    years = re.fullmatch(r"(\d{4})-(\d{4})", match.group())
    return None if years and 1000 <= int(years[1]) < int(years[2]) <= 2100 else _digits(match)


_EXTENSION = r"(?:,? ?(?:ramal|extensão|ext\.?) ?\d{1,5})?(?![\w-]|[.,:]\d)"
_START = r"(?<![\w+.,-])"
_PROMPT = r"\b(?:telefone|telem[óo]vel|celular|tel\.|fax|whatsapp|lig\w{1,4} para)(?: é)?(?: o)?:? "

RULES: tuple[Rule, ...] = (
    too_long(LONGEST, spelled),
    *addresses(_NAMES, _word, spelled),
    (re.compile(r"(?<![\w.@])@\w[\w.]{0,40}(?<!\.)"), _tag),
    (re.compile(rf"(?<!\w)\+\d{{1,3}}[ .-]?\(?\d{{1,4}}\)?(?:[ .-]?\d{{2,5}}){{1,5}}{_EXTENSION}"), _digits),
    (re.compile(rf"{_PROMPT}\d(?:[ .-]?\d){{5,14}}{_EXTENSION}", re.I), _digits),
    (
        re.compile(
            rf"{_START}(?:(?:\(\d{{2}}\) ?|\d{{2}} )?\d{{4,5}}-\d{{4}}|\d{{3}}-\d{{4}}"
            rf"|0[389]00[ -]?\d{{3}}[ -]?\d{{4}}|[29]\d{{2}} \d{{3}} \d{{3}}(?=$|\W*$)){_EXTENSION}"
        ),
        _years,
    ),
    # CPF, CNPJ and CEP
    (
        re.compile(
            rf"{_START}(?:\d{{3}}\.\d{{3}}\.\d{{3}}-\d{{2}}|\d{{2}}\.\d{{3}}\.\d{{3}}/\d{{4}}-\d{{2}})(?!\w)"
        ),
        _digits,
    ),
    (re.compile(rf"{_START}\d{{5}}-\d{{3}}(?![\w-])"), _digits),
)

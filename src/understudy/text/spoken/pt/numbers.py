"""Portuguese number words. Every function takes digits as they were written, without separators.

``european`` words are those of Portugal: dezasseis, mil milhões; others those of Brazil: dezesseis, bilhão.
"""

from __future__ import annotations

from functools import lru_cache

# fmt: off
_ONES = (
    "zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze",
    "treze", "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove",
)
_EUROPEAN = {16: "dezasseis", 17: "dezassete", 19: "dezanove"}
_TENS = ("-", "-", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa")
_HUNDREDS = (
    "-", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos",
    "oitocentos", "novecentos",
)
_SCALES = ("milhão", "bilhão", "trilhão", "quatrilhão", "quintilhão", "sextilhão")
_EUROPEAN_SCALES = ("milhão", "bilião", "trilião")

_FIRST = (
    "-", "primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono",
)
_TENTHS = (
    "-", "décimo", "vigésimo", "trigésimo", "quadragésimo", "quinquagésimo", "sexagésimo", "septuagésimo",
    "octogésimo", "nonagésimo",
)
_HUNDREDTHS = (
    "-", "centésimo", "ducentésimo", "trecentésimo", "quadringentésimo", "quingentésimo", "sexcentésimo",
    "septingentésimo", "octingentésimo", "noningentésimo",
)
# fmt: on
LONGEST = 24
"""Digits of the longest number with a name; longer ones are read digit by digit."""


def _small(n: int, ending: str, european: bool) -> str:
    if european and n in _EUROPEAN:
        return _EUROPEAN[n]
    if ending == "a" and n in (1, 2):
        return ("uma", "duas")[n - 1]
    return _ONES[n]


def _below_thousand(n: int, ending: str, european: bool) -> str:
    if n == 100:
        return "cem"
    words = []
    if n >= 100:
        hundred = _HUNDREDS[n // 100]
        words.append(f"{hundred[:-2]}as" if ending == "a" and n >= 200 else hundred)
        n %= 100
    if n >= 20:
        words.append(_TENS[n // 10])
        n %= 10
    if n:
        words.append(_small(n, ending, european))
    return " e ".join(words)


def _below_million(n: int, ending: str, european: bool) -> str:
    thousands, rest = divmod(n, 1000)
    if not thousands:
        return _below_thousand(rest, ending, european)
    words = "mil" if thousands == 1 else f"{_below_thousand(thousands, ending, european)} mil"
    return _joined([words, _below_thousand(rest, ending, european)], rest) if rest else words


def _joined(parts: list[str], last: int) -> str:
    """*E* stands before the last part where that is simple: ``mil e dez``, ``mil cento e dez``."""
    while last % 1000 == 0:
        last //= 1000
    link = " e " if last < 100 or (last < 1000 and last % 100 == 0) else " "
    return " ".join(parts[:-1]) + (link if len(parts) > 1 else "") + parts[-1]


@lru_cache(maxsize=8192)
def cardinal(digits: str, ending: str = "o", european: bool = False) -> str:
    """``1234`` -> mil duzentos e trinta e quatro; ``ending`` is ``a`` before feminine nouns."""
    digits = digits.lstrip("0") or "0"
    if digits == "0":
        return "zero"
    if len(digits) > LONGEST:
        return spelled(digits)
    n, parts, last = int(digits), [], 0
    scales, step = (_EUROPEAN_SCALES, 10**6) if european else (_SCALES, 1000)
    for scale in range(len(scales) - 1, -1, -1):
        group, n = divmod(n, 10**6 * step**scale)
        if group:
            name = scales[scale] if group == 1 else scales[scale].replace("ão", "ões")
            parts.append(f"{_below_million(group, 'o', european)} {name}")
            last = group
    if n:
        parts.append(_below_million(n, ending, european))
        last = n
    return _joined(parts, last)


def number(digits: str, ending: str = "o", european: bool = False) -> str:
    """As :func:`cardinal`, but ``007`` digit by digit."""
    if digits.startswith("0") and len(digits) > 1:
        return spelled(digits)
    return cardinal(digits, ending, european)


def spelled(digits: str) -> str:
    """Digit by digit: ``2018`` -> dois zero um oito."""
    return " ".join(_ONES[int(digit)] for digit in digits)


@lru_cache(maxsize=4096)
def ordinal(digits: str, ending: str = "o") -> str | None:
    """``21`` -> vigésimo primeiro; ``ending`` is ``o``, ``a``, ``os`` or ``as``.

    None from 2000 on, and for 0.
    """
    n = int(digits) if len(digits) <= 4 else 0
    if not 0 < n < 2000:
        return None
    words = ["milésimo"] if n >= 1000 else []
    for names, one in ((_HUNDREDTHS, 100), (_TENTHS, 10), (_FIRST, 1)):
        if n // one % 10:
            words.append(names[n // one % 10])
    return " ".join(word[:-1] + ending for word in words)


@lru_cache(maxsize=4096)
def fraction(above: str, below: str, european: bool = False) -> str:
    """``2/5`` -> dois quintos, ``3/11`` -> três onze avos."""
    part = _part(below)
    if part is None:
        return f"{cardinal(above, 'o', european)} {cardinal(below, 'o', european)} avos"
    return f"{cardinal(above, 'o', european)} {part}{'' if int(above) == 1 else 's'}"


def _part(digits: str) -> str | None:
    n = int(digits) if len(digits) <= LONGEST else 0
    if n in (2, 3):
        return "meio" if n == 2 else "terço"
    return {10: "décimo", 100: "centésimo", 1000: "milésimo", 10**6: "milionésimo"}.get(n) or (
        _FIRST[n] if 3 < n < 10 else None
    )

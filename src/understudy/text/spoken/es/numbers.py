"""Spanish number words. Every function takes digits as they were written, without separators."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# fmt: off
_ONES = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
    "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte",
    "veintiuno", "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete",
    "veintiocho", "veintinueve",
)
_TENS = ("-", "-", "-", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    "-", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos",
    "setecientos", "ochocientos", "novecientos",
)
_SCALES = ("-", "millón", "billón", "trillón")

_FIRST = (
    "-", "primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno",
    "décimo", "undécimo", "duodécimo",
)
_TENTHS = (
    "-", "décimo", "vigésimo", "trigésimo", "cuadragésimo", "quincuagésimo", "sexagésimo", "septuagésimo",
    "octogésimo", "nonagésimo",
)
_HUNDREDTHS = (
    "-", "centésimo", "ducentésimo", "tricentésimo", "cuadringentésimo", "quingentésimo", "sexcentésimo",
    "septingentésimo", "octingentésimo", "noningentésimo",
)
# fmt: on
LONGEST = 6 * len(_SCALES)
"""Digits of the longest number with a name; longer ones are read digit by digit."""

_ONE = {"uno": ("uno", "veintiuno"), "un": ("un", "veintiún"), "una": ("una", "veintiuna")}


def _below_thousand(n: int, form: str) -> str:
    if n == 100:
        return "cien"
    words = []
    if n >= 100:
        hundred = _HUNDREDS[n // 100]
        words.append(hundred.replace("ientos", "ientas") if form == "una" else hundred)
    rest = n % 100
    if rest in (1, 21):
        words.append(_ONE[form][rest // 21])
    elif 0 < rest < 30:
        words.append(_ONES[rest])
    elif rest:
        words.append(_TENS[rest // 10])
        if rest % 10:
            words += ["y", _ONE[form][0] if rest % 10 == 1 else _ONES[rest % 10]]
    return " ".join(words)


def _below_million(n: int, form: str) -> str:
    thousands, rest = divmod(n, 1000)
    words = []
    if thousands > 1:
        # "veintiún mil", but "doscientas mil páginas"
        before = _below_thousand(thousands, "un")
        words.append(before.replace("ientos", "ientas") if form == "una" else before)
    if thousands:
        words.append("mil")
    if rest:
        words.append(_below_thousand(rest, form))
    return " ".join(words)


@lru_cache(maxsize=8192)
def cardinal(digits: str, form: str = "uno") -> str:
    """``21`` -> veintiuno; ``form`` is ``un`` before a masculine noun and ``una`` before a feminine one."""
    digits = digits.lstrip("0") or "0"
    if digits == "0":
        return "cero"
    if len(digits) > LONGEST:
        return spelled(digits)
    n, words = int(digits), []
    for scale in range(len(_SCALES) - 1, 0, -1):
        group, n = divmod(n, 10 ** (6 * scale))
        if group:
            words.append(_below_million(group, "un"))
            words.append(_SCALES[scale] if group == 1 else _SCALES[scale].replace("ón", "ones"))
    if n:
        words.append(_below_million(n, form))
    return " ".join(words)


def number(digits: str, form: str = "uno") -> str:
    """As :func:`cardinal`, but ``007`` digit by digit."""
    return spelled(digits) if digits.startswith("0") and len(digits) > 1 else cardinal(digits, form)


def spelled(digits: str) -> str:
    """Digit by digit: ``2018`` -> dos cero uno ocho."""
    return " ".join(_ONES[int(digit)] for digit in digits)


def decimals(part: str, form: str = "uno") -> str:
    """What follows the comma, in pairs: ``33302`` -> treinta y tres treinta dos.

    ``form`` is the form of the last one; those before it stay *uno*.
    """
    if part.startswith("0") or len(part) > LONGEST:
        pairs = list(part)
    elif len(part) == 3 and part[-1] != "0":
        pairs = [part]
    else:
        pairs = [part[i : i + 2] for i in range(0, len(part), 2)]
    words = [number(pair) for pair in pairs[:-1]]
    return " ".join([*words, number(pairs[-1], form)])


_ACCENTS = dict(zip("áéíóú", "aeiou", strict=True))


def _merged(words: str) -> str:
    """A number as the first part of a word: ``treinta y dos`` -> treintaidos."""
    joined = words.replace(" y ", "i").replace(" ", "")
    return "".join(_ACCENTS.get(letter, letter) for letter in unicodedata.normalize("NFC", joined))


def _power(n: int, form: str = "un") -> str:
    """Ordinal of a round thousand or million: 2000 -> dosmilésimo."""
    million = n % 10**6 == 0
    n //= 10**6 if million else 10**3
    prefix = "" if n == 1 else _merged(_below_million(n, "un"))
    if form == "una":
        prefix = prefix.replace("ientos", "ientas")
    return prefix + ("millonésimo" if million else "milésimo")


@lru_cache(maxsize=4096)
def ordinal(digits: str, ending: str = "o") -> str | None:
    """``21`` -> vigesimoprimero; ``ending`` is ``o``, ``a``, ``os``, ``as`` or ``er`` (primer, tercer).

    None beyond 999 999 999, which have no ordinal.
    """
    n = int(digits) if len(digits) <= 9 else 0
    if n == 0:
        return None
    form = "una" if ending.startswith("a") else "un"
    words = []
    if n >= 10**6:
        words.append(_power(n // 10**6 * 10**6, form))
    if n % 10**6 >= 1000:
        words.append(_power(n % 10**6 // 1000 * 1000, form))
    n %= 1000
    if n >= 100:
        words.append(_HUNDREDTHS[n // 100])
    words += _below_hundredth(n % 100, plain_eleven=ending != "er")
    if ending == "er":
        words[-1] = words[-1].replace("primero", "primer").replace("tercero", "tercer")
    elif ending != "o":
        words = [word[:-1] + ending for word in words]
    return " ".join(words)


def _below_hundredth(n: int, *, plain_eleven: bool) -> list[str]:
    if n == 0:
        return []
    if n < 13 and (plain_eleven or n != 11):
        return [_FIRST[n]]
    tenth, one = _TENTHS[n // 10], _FIRST[n % 10] if n % 10 else ""
    if n < 30 and one:
        return [_merged(tenth) + one if one != "octavo" else _merged(tenth)[:-1] + one]
    return [tenth, one] if one else [tenth]


@lru_cache(maxsize=4096)
def fraction(above: str, below: str) -> str:
    """``2/5`` -> dos quintos, ``1/12`` -> un doceavo, ``3/101`` -> tres sobre ciento uno."""
    part = _part(below)
    if part is None:
        return f"{cardinal(above)} sobre {cardinal(below)}"
    if int(above) == 1:
        return part if part == "medio" else f"un {part}"
    return f"{cardinal(above, 'un')} {part}s"


def _part(digits: str) -> str | None:
    n = int(digits) if len(digits) <= LONGEST else 0
    if n in (2, 3):
        return "medio" if n == 2 else "tercio"
    if 3 < n <= 10:
        return _FIRST[n] if n < 10 else "décimo"
    if 10 < n < 100:
        stem = _merged(cardinal(digits, "un"))
        return (stem[:-1] if stem.endswith("a") else stem) + "avo"
    if 100 <= n < 1000 and n % 100 == 0:
        return _HUNDREDTHS[n // 100]
    if n and n % (10**6 if n >= 10**6 else 1000) == 0 and n < 10**12:
        return _power(n)
    return None

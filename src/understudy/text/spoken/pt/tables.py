"""Portuguese names of units and currencies, months, signs and abbreviations."""

from __future__ import annotations

import re

_MASCULINE = ("grama", "quilograma", "miligrama", "micrograma", "centigrama", "mega", "giga")
_SAME = frozenset({"celsius", "fahrenheit", "kelvin", "pence", "força", "yuan"})


def many(phrase: str) -> str:
    """The plural of a name: ``dólar americano`` -> dólares americanos."""
    if phrase.endswith("hertz"):
        return phrase
    head, *rest = re.split(r"(?= (?:de|por|hora|força)\b)", phrase, maxsplit=1)
    return " ".join(map(_many, head.split())) + "".join(rest)


def _many(word: str) -> str:
    if word in _SAME:
        return word
    if word == "penny":
        return "pence"
    if word.endswith("ção"):
        return word[:-2] + "ões"
    if word.endswith(("al", "el")):
        return word[:-1] + "is" if word.endswith("al") else word[:-2] + "éis"
    if word.endswith(("r", "n")):
        return word + "es" if word.endswith("r") else word + "s"
    if word.endswith("ês"):
        return word[:-2] + "eses"
    return word[:-1] + "ns" if word.endswith("m") else word + "s"


def feminine(phrase: str) -> bool:
    """Whether a currency or unit takes *uma* and *duas*."""
    noun = phrase.split()[0]
    return noun.endswith(("a", "ção")) and noun not in _MASCULINE


# Written form (several, by spaces): name of the whole, name of the hundredth. Case does not matter.
_MONEY = """
r$ brl | real | centavo
us$ usd | dólar americano | centavo
$ | dólar | centavo
€ eur | euro | centavo
£ gbp | libra esterlina | penny
¥ jpy | iene | centavo
₩ | won | centavo
₹ inr | rupia | centavo
chf | franco suíço | cêntimo
cad | dólar canadense | centavo
aud | dólar australiano | centavo
ars | peso argentino | centavo
clp | peso chileno | centavo
uyu | peso uruguaio | centavo
mxn | peso mexicano | centavo
cny | yuan | centavo
"""
CURRENCIES = {
    sign: (whole.strip(), part.strip())
    for signs, whole, part in (line.split("|") for line in _MONEY.strip().splitlines())
    for sign in signs.split()
}

_METRES = {"": "metro", "k": "quilômetro", "h": "hectômetro", "d": "decímetro", "c": "centímetro",
           "m": "milímetro", "µ": "micrômetro", "μ": "micrômetro", "n": "nanômetro"}  # fmt: skip
_SQUARE, _CUBE = ("²", "2", "^2"), ("³", "3", "^3")
_PREFIXES = {"": "", "k": "quilo", "K": "quilo", "M": "mega", "G": "giga", "T": "tera", "d": "deci",
             "c": "centi", "m": "mili", "µ": "micro", "μ": "micro", "n": "nano"}  # fmt: skip
# A unit, its name and the prefixes it is met with.
_METRIC = (
    ("g", "grama", "cmµμ"), ("l", "litro", "dcmµμ"), ("L", "litro", "dcm"), ("s", "ssegundo", "mµμn"),
    ("W", "watt", "kMGTm"), ("Wh", "watt hora", "kMGT"), ("V", "volt", "kMm"), ("Hz", " hertz", "kMGT"),
    ("cal", "caloria", "k"), ("B", "byte", "kKMGT"), ("A", "ampere", "m"),
)  # fmt: skip
UNITS = (
    {prefix + "m": name for prefix, name in _METRES.items()}
    | {f"{prefix}m{sign}": f"{name} quadrado" for prefix, name in _METRES.items() for sign in _SQUARE}
    | {f"{prefix}m{sign}": f"{name} cúbico" for prefix, name in _METRES.items() for sign in _CUBE}
    | {prefix + unit: _PREFIXES[prefix] + name for unit, name, used in _METRIC for prefix in used}
    | {
        "g": "grama", "G": "grama", "l": "litro", "L": "litro", "s": "segundo", "W": "watt",
        "Wh": "watt hora", "V": "volt", "A": "ampere", "Hz": "hertz", "cal": "caloria", "kg": "quilo",
        "Kg": "quilo", "KG": "quilo", "KM": "quilômetro", "Km": "quilômetro", "M": "metro",
        "ML": "mililitro", "M2": "metro quadrado", "M²": "metro quadrado", "M^2": "metro quadrado",
        "kgf": "quilograma força", "t": "tonelada", "h": "hora", "min": "minuto", "ha": "hectare",
        "mi": "milha", "ft": "pé", "lb": "libra", "oz": "onça", "mph": "milha por hora",
        "kph": "quilômetro por hora", "kmh": "quilômetro por hora", "rpm": "rotação por minuto",
        "dB": "decibel", "db": "decibel", "px": "pixel", "hPa": "hectopascal",
        "psi": "libra por polegada quadrada", "Mbps": "megabit por segundo", "Gbps": "gigabit por segundo",
    }
)  # fmt: skip
DEGREES = {"c": "celsius", "f": "fahrenheit", "k": "kelvin"}

MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
    "novembro", "dezembro",
)  # fmt: skip
MONTH_OF = {name: name for name in MONTHS} | {name[:3]: name for name in MONTHS}

# Read out only before a full stop.
ABBREVIATIONS = {
    "dr": "doutor", "dra": "doutora", "drs": "doutores", "sr": "senhor", "sra": "senhora",
    "srs": "senhores", "srta": "senhorita", "prof": "professor", "profa": "professora",
    "eng": "engenheiro", "exmo": "excelentíssimo", "exma": "excelentíssima", "ilmo": "ilustríssimo",
    "gen": "general", "cel": "coronel", "cap": "capítulo", "pág": "página", "págs": "páginas",
    "vol": "volume", "art": "artigo", "núm": "número", "etc": "etcétera", "aprox": "aproximadamente",
    "tel": "telefone", "av": "avenida", "pça": "praça", "depto": "departamento", "cia": "companhia",
    "ltda": "limitada", "obs": "observação", "sto": "santo", "sta": "santa",
}  # fmt: skip
PHRASES = {
    r"p\. ?ex\.": "por exemplo", r"n\.?[°º]s?\.?(?=\W{0,2}\d)": "número",
    r"prof\.?ª": "professora", r"dr\.?ª": "doutora", r"sr\.?ª": "senhora",
}  # fmt: skip

SYMBOLS = {
    "&": "e", "@": "arroba", "%": "por cento", "‰": "por mil", "+": "mais", "=": "igual a", "×": "vezes",
    "÷": "dividido por", "§": "parágrafo", "°": "graus", "$": "dólar", "£": "libra", "€": "euro", "¥": "iene",
    "²": "ao quadrado", "³": "ao cubo",
}  # fmt: skip

# Spelled letter by letter although they have a vowel one could read; without a vowel all are.
INITIALISMS = frozenset({
    "API", "CEO", "CPU", "DNA", "EUA", "FBI", "FMI", "GPU", "IBGE", "IBM", "IP", "OMS", "RNA", "SLA", "UE",
    "URL", "USB",
})  # fmt: skip

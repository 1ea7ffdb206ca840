"""French tables: what units, currencies, months and signs are called."""

from __future__ import annotations

import re

# fmt: off
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)
# fmt: on
MONTH_OF = {name: name for name in MONTHS} | {
    "janv": "janvier",
    "févr": "février",
    "fév": "février",
    "avr": "avril",
    "juil": "juillet",
    "sept": "septembre",
    "oct": "octobre",
    "nov": "novembre",
    "déc": "décembre",
    "fevrier": "février",
    "aout": "août",
    "decembre": "décembre",
}

_PREFIXES = {
    "G": "giga", "M": "méga", "k": "kilo", "h": "hecto", "d": "déci", "c": "centi", "m": "milli",
    "μ": "micro", "µ": "micro", "n": "nano", "p": "pico",
}  # fmt: skip
_METRIC = {
    "m": ("mètre", "khdcmμµnp"),
    "g": ("gramme", "khmμµn"),
    "l": ("litre", "hdcmμµ"),
    "L": ("litre", "dcm"),
    "s": ("seconde", "mμµnp"),
    "W": ("watt", "GMkm"),
    "Wh": ("wattheure", "GMk"),
    "V": ("volt", "Mkm"),
    "A": ("ampère", "kmμ"),
    "Hz": ("hertz", "GMk"),
    "N": ("newton", "Mk"),
    "Pa": ("pascal", "GMkh"),
    "J": ("joule", "GMk"),
    "Ω": ("ohm", "Mk"),
    "o": ("octet", "GMk"),
    "B": ("byte", "GMk"),
    "bit": ("bit", "GMk"),
    "cal": ("calorie", "k"),
    "bar": ("bar", "m"),
}
UNITS = {
    prefix + unit: _PREFIXES.get(prefix, "") + name
    for unit, (name, prefixes) in _METRIC.items()
    for prefix in ["", *prefixes]
    if prefix + unit not in ("B", "o", "bit")
}
UNITS |= {
    f"{length}m{sign}": f"{_PREFIXES.get(length, '')}mètre {power}"
    for length in ["", *"kdcmμ"]
    for sign, power in {"²": "carré", "2": "carré", "³": "cube", "3": "cube"}.items()
}
UNITS |= {
    "%": "pour cent",
    "‰": "pour mille",
    "°C": "degré celsius",
    "° C": "degré celsius",
    "℃": "degré celsius",
    "°F": "degré fahrenheit",
    "° F": "degré fahrenheit",
    "K": "kelvin",
    "h": "heure",
    "min": "minute",
    "mn": "minute",
    "sec": "seconde",
    "j": "jour",
    "ha": "hectare",
    "t": "tonne",
    "mi": "mille",
    "ft": "pied",
    "lb": "livre",
    "lbs": "livre",
    "oz": "once",
    "dB": "décibel",
    "KB": "kilobyte",
    "Ko": "kilooctet",
    "To": "téraoctet",
    "TB": "térabyte",
    "TW": "térawatt",
    "ch": "cheval",
    "px": "pixel",
    "km/h": "kilomètre heure",
    "kmh": "kilomètre heure",
    "km / h": "kilomètre heure",
    "Mbps": "mégabit par seconde",
    "Gbps": "gigabit par seconde",
    "hab": "habitant",
}
# Units are also found written all small, "5 khz", but not where that is a word: "ma".
UNITS |= {
    unit.lower(): name
    for unit, name in UNITS.items()
    if len(unit) > 1 and unit.lower() not in UNITS and not re.fullmatch("[a-z][aeiou]", unit.lower())
}
FEMININE = ("heure", "minute", "seconde", "tonne", "livre", "once", "calorie", "couronne", "roupie", "lire")
_PLAIN = ("hertz", "pour cent", "pour mille")


def plural(name: str) -> str:
    """``mètre carré par seconde`` -> mètres carrés par seconde; ``kilomètre heure`` -> kilomètres heure."""
    counted, per, rest = name.partition(" par ")
    if counted.endswith(_PLAIN):
        return name
    words = [
        word if word in ("celsius", "fahrenheit", "heure") else _plural_word(word) for word in counted.split()
    ]
    words[0] = _plural_word(counted.split()[0])
    return " ".join(words) + per + rest


def _plural_word(word: str) -> str:
    if word.endswith("al") and word != "pascal":
        return f"{word[:-1]}ux"
    return word if word.endswith(("s", "x", "z")) else f"{word}s"


def is_feminine(name: str) -> bool:
    """Whether ``une`` stands before the singular."""
    return name.split()[0].endswith(FEMININE) and not name.endswith("wattheure")


# Symbol or code -> one, hundredth, hundredths.
CURRENCIES: dict[str, tuple[str, str, str]] = {
    "€": ("euro", "centime", "centimes"),
    "EUR": ("euro", "centime", "centimes"),
    "$": ("dollar", "cent", "cents"),
    "US$": ("dollar américain", "cent", "cents"),
    "$US": ("dollar américain", "cent", "cents"),
    "USD": ("dollar américain", "cent", "cents"),
    "$CA": ("dollar canadien", "cent", "cents"),
    "CAD": ("dollar canadien", "cent", "cents"),
    "£": ("livre", "penny", "pence"),
    "GBP": ("livre sterling", "penny", "pence"),
    "CHF": ("franc suisse", "centime", "centimes"),
    "¥": ("yen", "", ""),
    "JPY": ("yen", "", ""),
    "CNY": ("yuan", "", ""),
    "₩": ("won", "", ""),
    "₽": ("rouble", "kopeck", "kopecks"),
    "RUB": ("rouble", "kopeck", "kopecks"),
    "₹": ("roupie", "", ""),
    "INR": ("roupie", "", ""),
    "₺": ("livre turque", "", ""),
    "₿": ("bitcoin", "", ""),
    "¢": ("centime", "", ""),
    "FF": ("franc français", "centime", "centimes"),
    "fr.": ("franc", "centime", "centimes"),
    "Fr.": ("franc", "centime", "centimes"),
    "FCFA": ("franc c. f. a.", "", ""),
    "SEK": ("couronne suédoise", "", ""),
    "NOK": ("couronne norvégienne", "", ""),
    "DKK": ("couronne danoise", "", ""),
}
CURRENCIES |= {code.lower(): names for code, names in CURRENCIES.items() if len(code) == 3 and code.isalpha()}
# Written out, only after the number.
CURRENCY_WORDS = {
    word + ending: CURRENCIES[symbol]
    for word, symbol in {"euro": "€", "dollar": "$", "franc": "fr."}.items()
    for ending in ("", "s")
}

SCALES = {
    name + ending: name
    for name in ("million", "milliard", "billion", "billiard", "trillion")
    for ending in ("", "s")
} | {"mille": "mille", "M": "million", "Md": "milliard", "Mds": "milliard", "k": "mille", "Mrd": "milliard"}

SYMBOLS = {
    "&": "et",
    "@": "arobase",
    "%": "pour cent",
    "‰": "pour mille",
    "+": "plus",
    "=": "égal",
    "±": "plus ou moins",
    "×": "fois",
    "÷": "divisé par",
    "§": "paragraphe",
    "°": "degrés",
    "€": "euros",
    "$": "dollars",
    "£": "livres",
    "¥": "yens",
    "₩": "wons",
    "₽": "roubles",
    "₹": "roupies",
    "²": "au carré",
    "³": "au cube",
}

NET_SIGNS = {
    ".": "point",
    "@": "arobase",
    ":": "deux points",
    "-": "tiret",
    "_": "tiret bas",
    "/": "slash",
    "&": "et",
    "#": "dièse",
    "%": "pour cent",
    "+": "plus",
    "=": "égal",
    "~": "tilde",
    "!": "point d'exclamation",
    "?": "interrogation",
    ",": "virgule",
}

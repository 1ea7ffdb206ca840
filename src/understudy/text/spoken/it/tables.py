"""Italian tables: what units, currencies, months and signs are called."""

from __future__ import annotations

import re

# fmt: off
MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
    "ottobre", "novembre", "dicembre",
)
# fmt: on
MONTH_OF = {name[:length]: name for name in MONTHS for length in (3, len(name))} | {"sett": "settembre"}

_PREFIXES = {
    "G": "giga", "M": "mega", "k": "kilo", "h": "etto", "d": "deci", "c": "centi", "m": "milli",
    "μ": "micro", "µ": "micro", "n": "nano", "p": "pico",
}  # fmt: skip
_METRIC = {
    "m": ("metro", "khdcmμµnp"),
    "g": ("grammo", "khmμµn"),
    "l": ("litro", "hdcmμµ"),
    "L": ("litro", "dcm"),
    "s": ("secondo", "mμµnp"),
    "W": ("watt", "GMkm"),
    "Wh": ("wattora", "GMk"),
    "V": ("volt", "Mkm"),
    "A": ("ampere", "kmμ"),
    "Hz": ("hertz", "GMk"),
    "N": ("newton", "Mk"),
    "Pa": ("pascal", "GMkh"),
    "J": ("joule", "GMk"),
    "Ω": ("ohm", "Mk"),
    "B": ("byte", "GMk"),
    "bit": ("bit", "GMk"),
    "cal": ("caloria", "k"),
    "bar": ("bar", "m"),
}
UNITS = {
    prefix + unit: _PREFIXES.get(prefix, "") + name
    for unit, (name, prefixes) in _METRIC.items()
    for prefix in ["", *prefixes]
    if prefix + unit != "B"
}
UNITS |= {
    f"{length}m{sign}": f"{_PREFIXES.get(length, '')}metro {power}"
    for length in ["", *"kdcmμ"]
    for sign, power in {"²": "quadrato", "2": "quadrato", "³": "cubo", "3": "cubo"}.items()
}
# Metric thousands are Italian where they are old.
UNITS = {
    unit: name.replace("kilo", "chilo", 1) if name[4:5] in "mgc" else name for unit, name in UNITS.items()
}
UNITS |= {
    "%": "percento",
    "‰": "per mille",
    "°C": "grado celsius",
    "° C": "grado celsius",
    "℃": "grado celsius",
    "°F": "grado fahrenheit",
    "° F": "grado fahrenheit",
    "K": "kelvin",
    "h": "ora",
    "min": "minuto",
    "sec": "secondo",
    "d": "giorno",
    "ha": "ettaro",
    "t": "tonnellata",
    "q": "quintale",
    "mi": "miglio",
    "ft": "piede",
    "yd": "iarda",
    "lb": "libbra",
    "lbs": "libbra",
    "oz": "oncia",
    "dB": "decibel",
    "KB": "kilobyte",
    "TB": "terabyte",
    "PB": "petabyte",
    "TW": "terawatt",
    "CV": "cavallo",
    "Mpx": "megapixel",
    "px": "pixel",
    "mph": "miglio per ora",
    "kmh": "chilometro per ora",
    "Mbps": "megabit per secondo",
    "Gbps": "gigabit per secondo",
    "v": "volt",
    "ω": "ohm",
}
# Units are also found written all small, "5 khz", but not where that is a word: "ma".
UNITS |= {
    unit.lower(): name
    for unit, name in UNITS.items()
    if len(unit) > 1 and unit.lower() not in UNITS and not re.fullmatch("[a-z][aeiou]", unit.lower())
}

_MASCULINE = ("metro", "grammo", "litro", "secondo", "minuto", "giorno", "grado", "ettaro", "quadrato",
              "cubo", "cavallo")  # fmt: skip
FEMININE = ("ora", "caloria", "tonnellata", "iarda", "libbra", "oncia", "sterlina", "rupia", "lira", "corona")
_INVARIABLE = ("wattora",)


def plural(name: str) -> str:
    """``chilometro quadrato per ora`` -> chilometri quadrati per ora."""
    counted, per, rest = name.partition(" per ")
    return " ".join(map(_plural_word, counted.split())) + per + rest


def _plural_word(word: str) -> str:
    if word.endswith(_INVARIABLE):
        return word
    if word in ("oncia", "miglio"):
        return {"oncia": "once", "miglio": "miglia"}[word]
    if word.endswith(_MASCULINE) or word in ("piede", "quintale"):
        return f"{word[:-1]}i"
    return f"{word[:-1]}e" if word.endswith(FEMININE) else word


def one(name: str) -> str:
    """The article before a singular: ``un``, ``una``, ``un'``."""
    if name == "ora":
        return "un'"
    return "una" if name.split()[0].endswith(FEMININE) and not name.endswith(_INVARIABLE) else "un"


# Symbol or code -> one, many, hundredth, hundredths.
_CENT = ("centesimo", "centesimi")
_NONE = ("", "")
CURRENCIES: dict[str, tuple[str, str, str, str]] = {
    "€": ("euro", "euro", *_CENT),
    "EUR": ("euro", "euro", *_CENT),
    "$": ("dollaro", "dollari", *_CENT),
    "US$": ("dollaro statunitense", "dollari statunitensi", *_CENT),
    "USD": ("dollaro statunitense", "dollari statunitensi", *_CENT),
    "CAD": ("dollaro canadese", "dollari canadesi", *_CENT),
    "AUD": ("dollaro australiano", "dollari australiani", *_CENT),
    "HKD": ("dollaro di hong kong", "dollari di hong kong", *_CENT),
    "CHF": ("franco svizzero", "franchi svizzeri", *_CENT),
    "£": ("sterlina", "sterline", "penny", "penny"),
    "GBP": ("sterlina", "sterline", "penny", "penny"),
    "¥": ("yen", "yen", *_NONE),
    "JPY": ("yen", "yen", *_NONE),
    "CNY": ("yuan", "yuan", *_NONE),
    "₩": ("won", "won", *_NONE),
    "₽": ("rublo", "rubli", "copeca", "copeche"),
    "RUB": ("rublo", "rubli", "copeca", "copeche"),
    "₹": ("rupia", "rupie", "paisa", "paise"),
    "Rs": ("rupia", "rupie", "paisa", "paise"),
    "INR": ("rupia", "rupie", "paisa", "paise"),
    "₺": ("lira turca", "lire turche", *_NONE),
    "₿": ("bitcoin", "bitcoin", *_NONE),
    "¢": ("centesimo", "centesimi", *_NONE),
    "SEK": ("corona svedese", "corone svedesi", *_NONE),
    "NOK": ("corona norvegese", "corone norvegesi", *_NONE),
    "DKK": ("corona danese", "corone danesi", *_NONE),
}
CURRENCIES |= {code.lower(): names for code, names in CURRENCIES.items() if code.isalpha()}

# Thousands are one word with what counts them: "10 mila" is diecimila.
THOUSANDS = "mila"
SCALES = {
    "milione": ("milione", "milioni"),
    "milioni": ("milione", "milioni"),
    "mln": ("milione", "milioni"),
    "miliardo": ("miliardo", "miliardi"),
    "miliardi": ("miliardo", "miliardi"),
    "mld": ("miliardo", "miliardi"),
    "bilione": ("bilione", "bilioni"),
    "bilioni": ("bilione", "bilioni"),
}

SYMBOLS = {
    "&": "e",
    "@": "chiocciola",
    "%": "percento",
    "‰": "per mille",
    "+": "più",
    "=": "uguale",
    "±": "più o meno",
    "×": "per",
    "÷": "diviso",
    "§": "paragrafo",
    "°": "gradi",
    "€": "euro",
    "$": "dollari",
    "£": "sterline",
    "¥": "yen",
    "₩": "won",
    "₽": "rubli",
    "₹": "rupie",
    "²": "al quadrato",
    "³": "al cubo",
}

NET_SIGNS = {
    ".": "punto",
    "@": "chiocciola",
    ":": "due punti",
    "-": "trattino",
    "_": "trattino basso",
    "!": "punto esclamativo",
    "#": "cancelletto",
    "$": "dollaro",
    "%": "percento",
    "&": "e commerciale",
    "'": "apostrofo",
    "*": "asterisco",
    "+": "più",
    "/": "slash",
    "=": "uguale",
    "?": "punto interrogativo",
    "^": "esponente",
    "`": "accento",
    "{": "apri graffa",
    "|": "barra verticale",
    "}": "chiudi graffa",
    "~": "tilde",
    ",": "virgola",
}
# Hosts and endings that are read as a word.
# fmt: off
NET_WORDS = {name: name for name in (
    "com", "org", "gov", "uk", "fr", "net", "html", "ru", "us", "de", "it", "edu", "eu", "info", "es", "ch",
    "at", "nvidia", "outlook", "hotmail", "yahoo", "live", "yandex", "orange", "wanadoo", "web", "comcast",
    "gmail",
)} | {"py": "python", "jpg": "jpeg"}
# fmt: on

"""German tables: what units, currencies, months and signs are called."""

from __future__ import annotations

import re

# fmt: off
MONTHS = (
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober",
    "november", "dezember",
)
# fmt: on
MONTH_OF = {name[:length]: name for name in MONTHS for length in (3, len(name))} | {
    "sept": "september",
    "jänner": "jänner",
    "jän": "jänner",
    "feber": "feber",
    "mrz": "märz",
}
ZONES = ("MEZ", "MESZ", "CET", "CEST", "UTC", "GMT", "CST", "PST", "EST", "PT", "ET", "MST")

# Nouns in -e but for byte are feminine, with a plural in -n; the others have one form for both.
_PREFIXES = {
    "G": "giga", "M": "mega", "k": "kilo", "h": "hekto", "d": "dezi", "c": "zenti", "m": "milli",
    "μ": "mikro", "µ": "mikro", "n": "nano", "p": "piko",
}  # fmt: skip
_METRIC = {
    "m": ("meter", "khdcmμµnp"),
    "g": ("gramm", "kmμµn"),
    "l": ("liter", "hdcmμµ"),
    "L": ("liter", "dcmμµ"),
    "s": ("sekunde", "mμµnp"),
    "W": ("watt", "GMkmμ"),
    "Wh": ("wattstunde", "GMk"),
    "V": ("volt", "Mkmμ"),
    "A": ("ampere", "kmμ"),
    "Hz": ("hertz", "GMk"),
    "N": ("newton", "Mk"),
    "Pa": ("pascal", "GMkh"),
    "J": ("joule", "GMk"),
    "Ω": ("ohm", "Mk"),
    "B": ("byte", "GMk"),
    "bit": ("bit", "GMk"),
    "Bit": ("bit", "GMk"),
    "t": ("tonne", "M"),
    "eV": ("elektronenvolt", "GMk"),
    "cal": ("kalorie", "k"),
    "bar": ("bar", "m"),
    "F": ("farad", "mμµnp"),
    "mol": ("mol", "m"),
    "C": ("coulomb", "m"),
}
UNITS = {
    prefix + unit: _PREFIXES.get(prefix, "") + name
    for unit, (name, prefixes) in _METRIC.items()
    for prefix in ["", *prefixes]
    if prefix + unit not in ("C", "F", "B")
}
UNITS |= {
    f"{length}m{sign}": f"{power} {_PREFIXES.get(length, '')}meter"
    for length in ["", *"kdcmμ"]
    for sign, power in {"²": "quadrat", "2": "quadrat", "³": "kubik", "3": "kubik"}.items()
}
UNITS |= {
    "%": "prozent",
    "‰": "promille",
    "°": "grad",
    "°C": "grad celsius",
    "° C": "grad celsius",
    "°F": "grad fahrenheit",
    "° F": "grad fahrenheit",
    "℃": "grad celsius",
    "K": "kelvin",
    "ha": "hektar",
    "mi": "meile",
    "ft": "fuß",
    "yd": "yard",
    "lb": "pfund",
    "lbs": "pfund",
    "oz": "unze",
    "cwt": "zentner",
    "Ztr": "zentner",
    "gr": "korn",
    "dr": "drachme",
    "h": "stunde",
    "Std": "stunde",
    "min": "minute",
    "Min": "minute",
    "sec": "sekunde",
    "sek": "sekunde",
    "Sek": "sekunde",
    "ds": "dezisekunde",
    "PS": "p. s.",
    "dB": "dezibel",
    "KB": "kilobyte",
    "TB": "terabyte",
    "PB": "petabyte",
    "TW": "terawatt",
    "THz": "terahertz",
    "TWh": "terawattstunde",
    "pg": "petagramm",
    "ω": "ohm",
    "hz": "hertz",
    "v": "volt",
    "mph": "meile pro stunde",
    "kmh": "kilometer pro stunde",
    "km/h": "kilometer pro stunde",
    "m/s²": "meter pro quadrat sekunde",
    "l/100 km": "liter auf hundert kilometer",
    "U/min": "umdrehungen pro minute",
    "Mbps": "megabit pro sekunde",
    "Gbps": "gigabit pro sekunde",
    "kbps": "kilobit pro sekunde",
    "dpi": "d. p. i.",
    "Mp": "megapixel",
    "MP": "megapixel",
    "Ct": "cent",
    "ct": "cent",
    "Stk": "stück",
}
# Units are also found written all small, "5 khz", but not where that is a word: "ma".
UNITS |= {
    unit.lower(): name
    for unit, name in UNITS.items()
    if len(unit) > 1 and unit.lower() not in UNITS and not re.fullmatch("[a-z][aeiou]", unit.lower())
}

# Symbol or code -> one, hundredth, hundredths.
_CENT = ("cent", "cent")
_NONE = ("", "")
CURRENCIES: dict[str, tuple[str, str, str]] = {
    "€": ("euro", *_CENT),
    "EUR": ("euro", *_CENT),
    "$": ("dollar", *_CENT),
    "US$": ("us dollar", *_CENT),
    "USD": ("us dollar", *_CENT),
    "£": ("pfund", "penny", "pence"),
    "GBP": ("pfund", "penny", "pence"),
    "CHF": ("schweizer franken", *_NONE),
    "sFr": ("schweizer franken", *_NONE),
    "¥": ("yen", *_NONE),
    "JPY": ("yen", *_NONE),
    "₩": ("won", *_NONE),
    "₽": ("rubel", "kopeke", "kopeken"),
    "₹": ("rupie", *_NONE),
    "Rs": ("rupie", *_NONE),
    "₺": ("türkische lira", *_NONE),
    "₿": ("bitcoin", *_NONE),
    "¢": ("cent", *_NONE),
    "DM": ("deutsche mark", "pfennig", "pfennig"),
    "NZD": ("neuseeland dollar", *_NONE),
    "HKD": ("hong kong dollar", *_NONE),
    "CAD": ("kanadischer dollar", *_NONE),
    "AUD": ("australischer dollar", *_NONE),
    "DKK": ("dänische krone", *_NONE),
    "NOK": ("norwegische krone", *_NONE),
    "SEK": ("schwedische krone", *_NONE),
    "CZK": ("tschechische krone", *_NONE),
    "FIM": ("finnische mark", *_NONE),
    "AED": ("dirham", *_NONE),
    "PKR": ("pakistanische rupie", *_NONE),
    "NPR": ("nepalesische rupie", *_NONE),
    "INR": ("indische rupie", *_NONE),
    "CRC": ("colon", *_NONE),
    "AWG": ("aruba florin", *_NONE),
    "TZS": ("tansania schilling", *_NONE),
    "CYP": ("zypern pfund", *_NONE),
    "MRO": ("ouguiya", *_NONE),
    "PLN": ("zloty", *_NONE),
}
CURRENCIES |= {code.lower(): names for code, names in CURRENCIES.items() if code.isalpha()}
# Written out, only after the number.
CURRENCY_WORDS = {
    "Euro": CURRENCIES["€"],
    "Dollar": CURRENCIES["$"],
    "US-Dollar": CURRENCIES["US$"],
    "Pfund": CURRENCIES["£"],
    "Franken": ("franken", "rappen", "rappen"),
    "Mark": ("mark", "pfennig", "pfennig"),
}

SCALES = {
    "tausend": "tausend",
    "tsd": "tausend",
    "mio": "million",
    "mrd": "milliarde",
    "bio": "billion",
    "mill": "million",
} | {
    f"{name}{plural}": name
    for name in ("million", "milliarde", "billion", "billiarde", "trillion", "trilliarde")
    for plural in ("", "en" if name.endswith("n") else "n")
}

SYMBOLS = {
    "&": "und",
    "@": "at",
    "%": "prozent",
    "‰": "promille",
    "+": "plus",
    "=": "gleich",
    "±": "plus minus",
    "×": "mal",
    "§": "paragraph",
    "°": "grad",
    "€": "euro",
    "$": "dollar",
    "£": "pfund",
    "¥": "yen",
    "₩": "won",
    "₽": "rubel",
    "₹": "rupie",
    "²": "quadrat",
    "³": "hoch drei",
}

NET_SIGNS = {
    ".": "punkt",
    "@": "at",
    ":": "doppelpunkt",
    "-": "bindestrich",
    "_": "unterstrich",
    "!": "ausrufezeichen",
    "#": "raute",
    "$": "dollar zeichen",
    "%": "prozent zeichen",
    "&": "und",
    "'": "apostroph",
    "*": "asterisk",
    "+": "plus",
    "/": "slash",
    "=": "gleichheitszeichen",
    "?": "fragezeichen",
    "^": "zirkumflex",
    "{": "linke klammer auf",
    "}": "rechte klammer zu",
    "~": "tilde",
    ",": "komma",
}
# Hosts and endings that are read as a word.
# fmt: off
NET_WORDS = {name: name for name in (
    "com", "net", "org", "jp", "de", "uk", "fr", "br", "it", "ru", "es", "me", "gov", "pl", "ca", "au",
    "cn", "co", "in", "nl", "edu", "info", "eu", "ch", "at", "biz", "tv", "io", "us", "be", "se", "html",
    "nvidia", "outlook", "hotmail", "yahoo", "live", "yandex", "orange", "wanadoo", "web", "comcast", "aol",
    "amazon", "google", "signup",
)} | {"gmail": "g mail"}
# fmt: on

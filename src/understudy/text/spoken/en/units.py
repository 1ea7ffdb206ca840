"""What English units, currencies and periods are called."""

from __future__ import annotations

# One of a unit -> how it is written. Case matters where it tells units apart.
_WRITTEN = {
    "kilogram": "kg, KG, Kg, kgs",
    "gram": "g, gr",
    "milligram": "mg",
    "microgram": "μg, µg, mcg",
    "pound": "lb, lbs",
    "ounce": "oz",
    "kilometer": "km, KM, Km, kms",
    "meter": "m",
    "decimeter": "dm",
    "centimeter": "cm, CM",
    "millimeter": "mm, MM",
    "micrometer": "μm, µm",
    "nanometer": "nm",
    "foot": "ft, FT",
    "yard": "yd, yds",
    "mile": "mi",
    "hectare": "ha",
    "square kilometer": "km², km2, sq km",
    "square meter": "m², m2, sq m",
    "square centimeter": "cm², cm2",
    "square millimeter": "mm², mm2",
    "square mile": "mi², mi2, sq mi",
    "square foot": "ft², ft2, sq ft",
    "cubic kilometer": "km³, km3",
    "cubic meter": "m³, m3",
    "cubic decimeter": "dm³, dm3",
    "cubic centimeter": "cm³, cm3",
    "cubic foot": "ft³, ft3, cu ft",
    "cubic mile": "mi³, mi3, cu mi",
    "liter": "l, L",
    "deciliter": "dl, dL",
    "centiliter": "cl, cL",
    "milliliter": "ml, mL, ML",
    "gallon": "gal",
    "tablespoon": "tbsp",
    "teaspoon": "tsp",
    "kilometer per hour": "km/h, kmh, kph, KPH",
    "mile per hour": "mph, MPH, mi/h",
    "meter per second": "m/s",
    "foot per second": "ft/s",
    "revolution per minute": "rpm, RPM",
    "beat per minute": "bpm, BPM",
    "hour": "h, hr, hrs",
    "minute": "min, mins",
    "second": "sec, secs",
    "week": "wk, wks",
    "month": "mo, mos",
    "year": "yr, yrs",
    "millisecond": "ms",
    "microsecond": "μs, µs",
    "nanosecond": "ns",
    "bit per second": "bps",
    "kilobit per second": "kbps, Kbps",
    "megabit per second": "mbps, Mbps",
    "gigabit per second": "gbps, Gbps",
    "kilobyte": "kB, KB, kb",
    "megabyte": "MB, mb",
    "gigabyte": "GB, gb",
    "terabyte": "TB, tb",
    "petabyte": "PB",
    "hertz": "Hz, hz",
    "kilohertz": "kHz, KHz, khz",
    "megahertz": "MHz, mhz",
    "gigahertz": "GHz, Ghz, ghz",
    "watt": "W",
    "kilowatt": "kW, kw, KW",
    "megawatt": "MW, mW",
    "gigawatt": "GW, gw",
    "kilowatt hour": "kWh, kwh, KWH",
    "gigawatt hour": "GWh, gwh",
    "volt": "V, v",
    "kilovolt": "kV",
    "milliampere": "mA",
    "ohm": "Ω, ω",
    "joule": "J",
    "kilojoule": "kJ",
    "calorie": "cal",
    "kilocalorie": "kcal",
    "horsepower": "hp, HP",
    "decibel": "dB, db",
    "pascal": "Pa",
    "kilopascal": "kPa",
    "megapascal": "MPa",
    "mole": "mol",
    "radian": "rad",
    "degree celsius": "°C, ºC, °c, ºc, ° C, º C",
    "degree fahrenheit": "°F, ºF, °f, ºf, ° F, º F",
    "degree": "°, º",
}
_MANY = {"foot": "feet", "square foot": "square feet", "cubic foot": "cubic feet", "horsepower": "horsepower"}


def _many(one: str) -> str:
    """One degree celsius -> degrees celsius, mile per hour -> miles per hour."""
    head, per, rest = one.partition(" per ")
    if head.startswith("degree"):
        return head.replace("degree", "degrees")
    many = _MANY.get(head) or (head if head.endswith("hertz") else head + "s")
    return many + per + rest


UNITS = {
    written: (one, _many(one)) for one, all_written in _WRITTEN.items() for written in all_written.split(", ")
}
"""Written -> one, many."""

# Symbol -> one, many, hundredth, hundredths.
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "", ""),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₩": ("won", "won", "", ""),
    "₽": ("ruble", "rubles", "kopek", "kopeks"),
    "₺": ("lira", "lira", "kurus", "kurus"),
    "₪": ("shekel", "shekels", "agora", "agorot"),
    "฿": ("thai baht", "thai bahts", "", ""),
    "R$": ("real", "reais", "centavo", "centavos"),
} | {
    symbol: (f"{country} dollar", f"{country} dollars", "cent", "cents")
    for symbol, country in {
        "US$": "us",
        "HK$": "hong kong",
        "hk$": "hong kong",
        "NZ$": "new zealand",
        "A$": "australian",
        "AU$": "australian",
        "C$": "canadian",
        "CA$": "canadian",
        "S$": "singapore",
    }.items()
}

_CODES = {
    "usd": "us dollar",
    "cad": "canadian dollar",
    "aud": "australian dollar",
    "nzd": "new zealand dollar",
    "hkd": "hong kong dollar",
    "sgd": "singapore dollar",
    "eur": "euro",
    "gbp": "pound",
    "cyp": "cypriot pound",
    "chf": "swiss franc",
    "inr": "indian rupee",
    "pkr": "pakistani rupee",
    "npr": "nepalese rupee",
    "scr": "seychelles rupee",
    "mxn": "mexican peso",
    "php": "philippine peso",
    "aed": "arab emirates dirham",
    "sar": "saudi riyal",
    "rsd": "serbian dinar",
    "tzs": "tanzanian shilling",
    "kes": "kenyan shilling",
    "czk": "czech koruna",
    "crc": "costa rican colon",
    "cve": "cape verde escudo",
    "awg": "aruban florin",
    "mvr": "maldivian rufiyaa",
    "rs": "rupee",
    "dh": "dirham",
}
_ONLY_MANY = {
    "jpy": "yen",
    "krw": "won",
    "dkk": "danish kroner",
    "nok": "norwegian kroner",
    "sek": "swedish kronor",
}
CODES = {
    spelling: (one, many, "", "")
    for code, one, many in [
        *((code, one, one + "s") for code, one in _CODES.items()),
        *((code, many, many) for code, many in _ONLY_MANY.items()),
    ]
    for spelling in (code, code.upper(), code.title())
}
"""As CURRENCIES, for codes of letters; their coins are read as decimals."""

MAGNITUDES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "mln": "million",
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
    "tn": "trillion",
}

_PERIODS = {
    "second": "sec",
    "minute": "min",
    "hour": "hr, h",
    "day": "d",
    "night": "",
    "week": "wk",
    "month": "mo",
    "year": "yr, y",
    "kilogram": "kg",
    "gram": "g",
    "pound": "lb",
    "ounce": "oz",
    "liter": "l, L",
    "gallon": "gal",
    "meter": "m",
    "kilometer": "km",
    "foot": "ft",
    "inch": "in",
    "yard": "yd",
    "mile": "mi",
    "square meter": "m², sq m",
    "square foot": "ft², sq ft",
    "gigabyte": "GB",
    "megabyte": "MB",
    "unit": "",
    "user": "usr",
    "person": "",
    "visit": "",
    "page": "pg",
    "word": "wd",
    "session": "",
    "dozen": "",
}
PERIODS = {
    written: f"per {name}"
    for name, all_written in _PERIODS.items()
    for written in (name, *all_written.split(", "))
    if written
} | {"ea": "each", "each": "each"}
"""What comes after a price and a slash."""

"""English tables: what abbreviations and symbols are called."""

from __future__ import annotations

# fmt: off
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)
# fmt: on

MONTH_OF = {name[:length]: name for name in MONTHS for length in (3, len(name))} | {"sept": "september"}

# Written -> one, many. Case matters where it tells units apart.
UNITS = {
    "kg": ("kilogram", "kilograms"),
    "KG": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "km": ("kilometer", "kilometers"),
    "m": ("meter", "meters"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "ft": ("foot", "feet"),
    "yd": ("yard", "yards"),
    "mi": ("mile", "miles"),
    "km²": ("square kilometer", "square kilometers"),
    "m²": ("square meter", "square meters"),
    "l": ("liter", "liters"),
    "L": ("liter", "liters"),
    "ml": ("milliliter", "milliliters"),
    "km/h": ("kilometer per hour", "kilometers per hour"),
    "kmh": ("kilometer per hour", "kilometers per hour"),
    "kph": ("kilometer per hour", "kilometers per hour"),
    "mph": ("mile per hour", "miles per hour"),
    "m/s": ("meter per second", "meters per second"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "mins": ("minute", "minutes"),
    "sec": ("second", "seconds"),
    "secs": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"),
    "kB": ("kilobyte", "kilobytes"),
    "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "mbps": ("megabit per second", "megabits per second"),
    "Mbps": ("megabit per second", "megabits per second"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "V": ("volt", "volts"),
    "°C": ("degree celsius", "degrees celsius"),
    "°F": ("degree fahrenheit", "degrees fahrenheit"),
    "°": ("degree", "degrees"),
}

# Symbol -> one, many, hundredth, hundredths.
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₩": ("won", "won", "jeon", "jeon"),
    "US$": ("us dollar", "us dollars", "cent", "cents"),
}

MAGNITUDES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
    "tn": "trillion",
}

PERIODS = {
    "hr": "hour",
    "h": "hour",
    "d": "day",
    "day": "day",
    "wk": "week",
    "week": "week",
    "mo": "month",
    "month": "month",
    "yr": "year",
    "y": "year",
    "year": "year",
}

# Read out only before a full stop, except those of TITLES, which British text writes without one.
ABBREVIATIONS = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "prof": "professor",
    "vs": "versus",
    "etc": "et cetera",
    "jr": "junior",
    "sr": "senior",
    "approx": "approximately",
    "dept": "department",
    "capt": "captain",
    "lt": "lieutenant",
    "sgt": "sergeant",
    "gen": "general",
    "gov": "governor",
    "sen": "senator",
    "rev": "reverend",
    "ave": "avenue",
    "blvd": "boulevard",
    "rd": "road",
}
TITLES = ("Mr", "Mrs", "Dr", "Prof")

STREETS = {
    "St": "street",
    "Ave": "avenue",
    "Rd": "road",
    "Blvd": "boulevard",
    "Dr": "drive",
    "Ln": "lane",
    "Expy": "expressway",
    "Hwy": "highway",
    "Ct": "court",
    "Pl": "place",
    "Sq": "square",
}
COMPASS = {"N": "north", "S": "south", "E": "east", "W": "west"}

SYMBOLS = {
    "&": "and",
    "@": "at",
    "%": "percent",
    "+": "plus",
    "=": "equals",
    "§": "section",
    "°": "degrees",
    "$": "dollar",
    "£": "pound",
    "€": "euro",
    "¥": "yen",
    "₹": "rupee",
    "₩": "won",
    "²": "squared",
    "³": "cubed",
}

# Spelled letter by letter although they have a vowel one could read; without a vowel all are.
# fmt: off
INITIALISMS = frozenset(
    {
        "AC", "AI", "API", "ATM", "AOL", "BMI", "CEO", "CFO", "CIA", "CTO", "DIY", "DOB", "EST",
        "ETA", "EU", "FAQ", "FBI", "GDP", "GPA", "HIV", "IBM", "ID", "IMDB", "IP", "IQ", "IRS",
        "LA", "MIT", "MSNBC", "NBA", "NYC", "SUV", "UAE", "UFO", "UK", "UN", "URL", "US", "USA",
        "USB", "USD", "VIP", "VP",
    }
)

ROMAN_BEFORE = (
    "chapter", "part", "section", "volume", "book", "act", "scene", "war", "phase", "type", "class",
    "title", "stage", "level", "appendix", "article",
)
# fmt: on

"""English tables: what abbreviations, signs and capitals are called."""

from __future__ import annotations

# fmt: off
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)
# fmt: on

MONTH_OF = {name[:length]: name for name in MONTHS for length in (3, len(name))} | {"sept": "september"}

# Read out only before a full stop, except those of TITLES, which British text writes without one.
ABBREVIATIONS = {
    "mr": "mister",
    "mrs": "misses",
    "dr": "doctor",
    "prof": "professor",
    "vs": "versus",
    "etc": "etcetera",
    "e.g": "for example",
    "i.e": "that is",
    "jr": "junior",
    "sr": "senior",
    "esq": "esquire",
    "co": "company",
    "ltd": "limited",
    "approx": "approximately",
    "dept": "department",
    "bldg": "building",
    "apt": "apartment",
    "vol": "volume",
    "capt": "captain",
    "col": "colonel",
    "lt": "lieutenant",
    "maj": "major",
    "sgt": "sergeant",
    "gen": "general",
    "gov": "governor",
    "hon": "honorable",
    "sen": "senator",
    "rev": "reverend",
    "ph.d": "p. h. d.",
    "ave": "avenue",
    "blvd": "boulevard",
    "rd": "road",
}
TITLES = frozenset({"mr", "mrs", "dr", "prof"})
"""Only with a capital; with or without a full stop."""

BEFORE_NAMES = {"St": "saint", "Mt": "mount", "Ft": "fort"}

STREETS = {
    "St": "street",
    "Ave": "avenue",
    "Av": "avenue",
    "Rd": "road",
    "Blvd": "boulevard",
    "Cir": "circle",
    "Dr": "drive",
    "Ln": "lane",
    "Expy": "expressway",
    "Fwy": "freeway",
    "Hwy": "highway",
    "Jct": "junction",
    "Ct": "court",
    "Pl": "place",
    "Pkwy": "parkway",
    "Sq": "square",
}
COMPASS = {"N": "north", "S": "south", "E": "east", "W": "west"}

# fmt: off
STATES = {
    "AL": "alabama", "AK": "alaska", "AZ": "arizona", "AR": "arkansas", "CA": "california",
    "CO": "colorado", "CT": "connecticut", "DE": "delaware", "FL": "florida", "GA": "georgia",
    "HI": "hawaii", "ID": "idaho", "IL": "illinois", "IN": "indiana", "IA": "iowa", "KS": "kansas",
    "KY": "kentucky", "LA": "louisiana", "ME": "maine", "MD": "maryland", "MA": "massachusetts",
    "MI": "michigan", "MN": "minnesota", "MS": "mississippi", "MO": "missouri", "MT": "montana",
    "NE": "nebraska", "NV": "nevada", "NH": "new hampshire", "NJ": "new jersey", "NM": "new mexico",
    "NY": "new york", "NC": "north carolina", "ND": "north dakota", "OH": "ohio", "OK": "oklahoma",
    "OR": "oregon", "PA": "pennsylvania", "RI": "rhode island", "SC": "south carolina",
    "SD": "south dakota", "TN": "tennessee", "TX": "texas", "UT": "utah", "VT": "vermont",
    "VA": "virginia", "WA": "washington", "WV": "west virginia", "WI": "wisconsin", "WY": "wyoming",
}
# fmt: on
DOUBTFUL_STATES = frozenset({"HI", "ID", "IN", "LA", "MA", "ME", "OH", "OK", "OR", "PA"})
"""Words too: "Fine, OK"."""

SYMBOLS = {
    "&": "and",
    "@": "at",
    "#": "hash",
    "%": "percent",
    "+": "plus",
    "=": "equals",
    "§": "section",
    "©": "copyright",
    "±": "plus or minus",
    "÷": "divided by",
    "°": "degree",
    "º": "degree",
    "$": "dollar",
    "¢": "cents",
    "£": "pound",
    "€": "euro",
    "¥": "yen",
    "₹": "rupee",
    "₩": "won",
    "₽": "ruble",
    "₺": "lira",
    "₪": "shekel",
    "฿": "thai baht",
    "²": "squared",
    "³": "cubed",
}

NET_SIGNS = {
    ".": "dot",
    "@": "at",
    "/": "slash",
    ":": "colon",
    "-": "dash",
    "_": "underscore",
    "&": "ampersand",
    "+": "plus",
    "=": "equal sign",
    "?": "question mark",
    "!": "exclamation mark",
    "%": "percent",
    "#": "number sign",
    "$": "dollar sign",
    "*": "asterisk",
    ",": "comma",
    "~": "tilde",
}

# Spelled letter by letter although they have a vowel one could read; without a vowel all are.
# fmt: off
INITIALISMS = frozenset(
    {
        "AC", "AI", "API", "ATM", "AOL", "BMI", "CEO", "CFO", "CIA", "CTO", "DIY", "DOB", "EST",
        "ETA", "EU", "FAQ", "FBI", "GDP", "GPA", "HIV", "IBM", "ID", "IMDB", "IQ", "IRS",
        "LA", "MIT", "MSNBC", "NBA", "NYC", "SUV", "UAE", "UFO", "UK", "UN", "URL", "US", "USA",
        "USB", "USD", "VIP", "VP",
    }
)

ROMAN_BEFORE = (
    "chapter", "part", "section", "paragraph", "volume", "book", "act", "scene", "war", "phase", "type",
    "class", "title", "stage", "level", "appendix", "article", "bowl", "figure", "table", "unit", "grade",
)
RULERS = (
    "Alfonso", "Charles", "Christian", "Edward", "Ferdinand", "Frederick", "George", "Gustav", "Henry",
    "James", "Leo", "Louis", "Mohammed", "Paul", "Philip", "Pius", "Ramses",
)
"""Whose V or X is a number; after other names one letter is more often an initial."""
NO_NAMES = frozenset(
    {
        "And", "Are", "But", "Can", "Could", "Did", "Does", "Had", "Has", "Have", "How", "May", "Might",
        "Must", "Nor", "Not", "Said", "Says", "Shall", "Should", "Than", "That", "The", "Then", "Think",
        "Though", "Thought", "Was", "Were", "What", "When", "Where", "While", "Who", "Why", "Will", "With",
        "Would", "Because", "Since", "Until", "Yes", "Well", "Now", "Once", "Maybe", "Perhaps", "Type",
    }
)
"""Words before an "I" that is the speaker's."""
# fmt: on

"""Spanish names of units and currencies, months, signs and abbreviations."""

from __future__ import annotations

import re

_ACCENTED = {"ón": "ones", "ín": "ines", "án": "anes", "és": "eses", "ás": "ases"}
_SAME = frozenset({"kelvin", "fahrenheit", "chon", "øre", "öre", "kuruş"})


def many(phrase: str) -> str:
    """The plural of a name: ``dólar de hong kong`` -> dólares de hong kong."""
    head, *rest = re.split(r"(?= (?:de|por|hora)\b)", phrase, maxsplit=1)
    return " ".join([*map(_many, head.split())]) + "".join(rest)


def _many(word: str) -> str:
    if word in _SAME or len(word) == 1:
        return word
    if word == "paisa":
        return "paise"
    if word[-2:] in _ACCENTED:
        return word[:-2] + _ACCENTED[word[-2:]]
    if word.endswith("bit"):
        return word + "s"
    if word.endswith("z"):
        return word[:-1] + "ces"
    return word + ("s" if word[-1] in "aeoué" else "es")


def feminine(phrase: str) -> bool:
    """Whether a currency or unit takes *una*: it ends in -a or -dad, but for a few."""
    noun = phrase.split()[0]
    return noun not in ("balboa", "córdoba", "lempira") and noun.endswith(("a", "dad", "gourde"))


# Written form (several, by spaces): name of the whole, name of the hundredth. Case does not matter.
_MONEY = """
$ | dólar | centavo
us$ usd | dólar estadounidense | centavo
€ eur | euro | céntimo
£ | libra | penique
gbp | libra esterlina | penique
¥ jpy | yen | centavo
₡ | colón | céntimo
crc | colón costarricense | céntimo
svc | colón salvadoreño | centavo
₩ krw | won | chon
₧ ptas pta | peseta | céntimo
₲ pyg | guaraní | céntimo
q gtq | quetzal | centavo
r$ | real | centavo
brl | real brasileño | centavo
ar$ ars arp | peso argentino | centavo
mex$ mxn mxp | peso mexicano | centavo
rd$ dop | peso dominicano | centavo
clp | peso chileno | centavo
cop | peso colombiano | centavo
cup | peso cubano | centavo
uyu | peso uruguayo | centésimo
bop | peso boliviano | centavo
bob | boliviano | centavo
uyw | unidad previsional uruguaya | centésimo
awg | florín arubeño | centavo
cad ca$ | dólar canadiense | centavo
aud | dólar australiano | centavo
nzd | dólar neozelandés | centavo
gyd | dólar guyanés | centavo
hkd | dólar de hong kong | centavo
sgd | dólar de singapur | centavo
ttd | dólar de trinidad y tobago | centavo
chf | franco suizo | céntimo
fr frs | franco | céntimo
mk | marco | céntimo
cny | yuan chino | jiao
hnl | lempira | centavo
htg | gourde | céntimo
rs ₹ | rupia | paisa
inr | rupia india | paisa
kr | corona | øre
sek | corona sueca | öre
nok | corona noruega | øre
dkk | corona danesa | øre
nio | córdoba | centavo
pab | balboa | centésimo
s/ | sol | céntimo
pen | sol | céntimo
peh | sol de oro | centavo
ves | bolívar soberano | céntimo
veb | bolívar venezolano | céntimo
vef | bolívar fuerte | céntimo
cle | escudo chileno | centésimo
ecs | sucre ecuatoriano | centavo
rub ₽ | rublo | kopek
₺ | lira turca | kuruş
php ₱ | peso filipino | céntimo
"""
CURRENCIES = {
    sign: (whole.strip(), part.strip())
    for signs, whole, part in (line.split("|") for line in _MONEY.strip().splitlines())
    for sign in signs.split()
}
AMBIGUOUS = frozenset({"ves", "q"})
"""Currency codes that are also words or letters: before a number, only with decimals or in capitals."""

_METRES = {"": "metro", "k": "kilómetro", "h": "hectómetro", "d": "decímetro", "c": "centímetro",
           "m": "milímetro", "µ": "micrómetro", "μ": "micrómetro", "n": "nanómetro"}  # fmt: skip
_SQUARE, _CUBE = ("²", "2", "^2"), ("³", "3", "^3")
_PREFIXES = {"": "", "k": "kilo", "K": "kilo", "M": "mega", "G": "giga", "T": "tera", "h": "hecto",
             "d": "deci", "c": "centi", "m": "mili", "µ": "micro", "μ": "micro", "n": "nano"}  # fmt: skip
# A unit, its name and the prefixes it is met with.
_METRIC = (
    ("g", "gramo", "kcmµμ"), ("l", "litro", "hdcmµμ"), ("L", "litro", "hdcm"), ("s", "segundo", "mµμn"),
    ("W", "vatio", "kMGTm"), ("Wh", "vatio hora", "kMGT"), ("V", "voltio", "kMm"), ("Hz", "hercio", "kMGT"),
    ("cal", "caloría", "k"), ("B", "byte", "kKMGT"),
)  # fmt: skip
UNITS = (
    {prefix + "m": name for prefix, name in _METRES.items()}
    | {f"{prefix}m{sign}": f"{name} cuadrado" for prefix, name in _METRES.items() for sign in _SQUARE}
    | {f"{prefix}m{sign}": f"{name} cúbico" for prefix, name in _METRES.items() for sign in _CUBE}
    | {prefix + unit: _PREFIXES[prefix] + name for unit, name, used in _METRIC for prefix in used}
    | {unit: name for unit, name, _ in _METRIC if unit != "B"}
    | {
        "h": "hora", "min": "minuto", "seg": "segundo", "ha": "hectárea", "t": "tonelada", "mi": "milla",
        "ft": "pie", "yd": "yarda", "lb": "libra", "oz": "onza", "gal": "galón", "mph": "milla por hora",
        "kph": "kilómetro por hora", "kmh": "kilómetro por hora", "gsm": "gramo por metro cuadrado",
        "psi": "p s i", "rpm": "revolución por minuto", "dB": "decibelio", "Mbps": "megabit por segundo",
        "Gbps": "gigabit por segundo", "mAh": "miliamperio hora", "mA": "miliamperio", "px": "píxel",
    }
)  # fmt: skip
DEGREES = {"c": "centígrado", "f": "fahrenheit", "k": "kelvin"}

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
MONTH_OF = {name: name for name in MONTHS} | {"setiembre": "septiembre"} | {
    short: MONTHS[month]
    for month, shorts in enumerate((
        "ene en", "feb febr", "mar mzo", "abr", "may my", "jun", "jul", "ago ag agt", "sep sept set setbre",
        "oct", "nov novbre", "dic dicbre",
    ))
    for short in shorts.split()
}  # fmt: skip
WEEKDAYS = {
    "lun": "lunes", "mar": "martes", "mié": "miércoles", "miér": "miércoles", "mie": "miércoles",
    "jue": "jueves", "vie": "viernes", "vier": "viernes", "sáb": "sábado", "sab": "sábado", "dom": "domingo",
}  # fmt: skip
ZONES = {
    "adt": "hora de verano del atlántico", "amt": "hora estándar del amazonas",
    "art": "hora estándar de argentina", "ast": "hora estándar del atlántico", "bot": "hora de bolivia",
    "brt": "hora estándar de brasilia", "clst": "hora de verano de chile", "clt": "hora estándar de chile",
    "cot": "hora estándar de colombia", "ect": "hora de ecuador", "eest": "hora de verano de europa oriental",
    "eet": "hora estándar de europa oriental", "jst": "hora estándar de japón",
    "pyst": "hora de verano de paraguay", "pyt": "hora estándar de paraguay",
    "uyst": "hora de verano de uruguay", "uyt": "hora de uruguay", "vet": "hora de venezuela",
} | {
    zone: " ".join(f"{letter}." for letter in zone)
    for zone in (
        "utc", "gmt", "cst", "cdt", "cet", "cest", "pst", "pdt", "est", "edt", "mst", "mdt", "pt", "et", "mt",
        "ct", "bst",
    )
}  # fmt: skip

# Read out only before a full stop.
ABBREVIATIONS = {
    "dr": "doctor", "dra": "doctora", "sr": "señor", "sra": "señora", "srta": "señorita", "sres": "señores",
    "ud": "usted", "uds": "ustedes", "vd": "usted", "vds": "ustedes", "dña": "doña",
    "prof": "profesor", "profa": "profesora", "lic": "licenciado", "ing": "ingeniero", "arq": "arquitecto",
    "gral": "general", "gob": "gobierno", "excmo": "excelentísimo", "ilmo": "ilustrísimo", "sto": "santo",
    "sta": "santa", "hnos": "hermanos", "cía": "compañía", "dpto": "departamento", "depto": "departamento",
    "pág": "página", "págs": "páginas", "cap": "capítulo", "vol": "volumen", "núm": "número",
    "etc": "etcétera", "aprox": "aproximadamente", "admón": "administración", "tel": "teléfono",
    "tfno": "teléfono", "esq": "esquina", "avd": "avenida", "avda": "avenida", "av": "avenida",
    "blvr": "bulevar", "blvd": "bulevar", "ctra": "carretera", "carret": "carretera", "cta": "cuenta",
    "pje": "pasaje", "pza": "plaza", "plza": "plaza", "rbla": "rambla", "vda": "vereda",
    "urb": "urbanización",
}  # fmt: skip
PHRASES = {
    r"ee[\W_]*uu(?![^\W_])\.?": "estados unidos",
    r"p\. ?ej\.": "por ejemplo", r"c/": "calle", r"c\.[°º]": "camino",
    r"p\.[°º]": "paseo", r"arr\.º": "arroyo", r"carr\.ª": "carrera",
    r"n\.?[°º]s?\.?(?=\W{0,2}\d)": "número",
}  # fmt: skip

SYMBOLS = {
    "&": "y", "@": "arroba", "%": "por ciento", "‰": "por mil", "+": "más", "=": "es igual a", "×": "por",
    "÷": "entre", "§": "sección", "°": "grados", "$": "dólar", "£": "libra", "€": "euro", "¥": "yen",
    "²": "al cuadrado", "³": "al cubo",
}  # fmt: skip

# Spelled letter by letter although they have a vowel one could read; without a vowel all are.
INITIALISMS = frozenset({
    "ADN", "ARN", "DNI", "API", "CEO", "CPU", "GPU", "CIA", "CNI", "EAU", "ESO", "FBI", "FMI", "IBM", "IP",
    "IRPF", "ONG", "OMS", "PIB", "UCI", "UE", "URL", "USB", "VIH",
})  # fmt: skip

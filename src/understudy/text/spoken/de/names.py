"""German abbreviations, and the names that stand before Roman numerals."""

from __future__ import annotations

# Read out only before a full stop; case does not matter.
ABBREVIATIONS = {
    "z.B": "zum beispiel",
    "d.h": "das heißt",
    "u.a": "unter anderem",
    "u.U": "unter umständen",
    "z.T": "zum teil",
    "z.Z": "zur zeit",
    "z.Zt": "zur zeit",
    "i.d.R": "in der regel",
    "i.A": "im auftrag",
    "o.ä": "oder ähnliches",
    "u.ä": "und ähnliches",
    "s.o": "siehe oben",
    "s.u": "siehe unten",
    "v.a": "vor allem",
    "v.Chr": "vor christus",
    "n.Chr": "nach christus",
    "a.D": "außer dienst",
    "m.E": "meines erachtens",
    "u.s.w": "und so weiter",
    "usw": "und so weiter",
    "usf": "und so fort",
    "etc": "et cetera",
    "bzw": "beziehungsweise",
    "bspw": "beispielsweise",
    "beisp": "beispiel",
    "ca": "circa",
    "vgl": "vergleiche",
    "evtl": "eventuell",
    "ggf": "gegebenenfalls",
    "ggfs": "gegebenenfalls",
    "inkl": "inklusive",
    "exkl": "exklusive",
    "einschl": "einschließlich",
    "zzgl": "zuzüglich",
    "abzgl": "abzüglich",
    "mind": "mindestens",
    "sog": "sogenannte",
    "insb": "insbesondere",
    "insbes": "insbesondere",
    "geb": "geboren",
    "gest": "gestorben",
    "gem": "gemäß",
    "vs": "versus",
    "dr": "doktor",
    "prof": "professor",
    "hr": "herr",
    "hrn": "herrn",
    "fr": "frau",
    "frl": "fräulein",
    "mr": "mister",
    "mrs": "misses",
    "ms": "miss",
    "dipl": "diplom",
    "ing": "ingenieur",
    "nr": "nummer",
    "nrn": "nummern",
    "str": "straße",
    "tel": "telefon",
    "abb": "abbildung",
    "abs": "absatz",
    "anm": "anmerkung",
    "aufl": "auflage",
    "bd": "band",
    "bde": "bände",
    "jh": "jahrhundert",
    "jhd": "jahrhundert",
    "jhdt": "jahrhundert",
    "hrsg": "herausgeber",
    "verf": "verfasser",
    "std": "stunden",
    "stk": "stück",
}
# Only as they are written here: the small letters would be words.
CASED_ABBREVIATIONS = {
    "St": "sankt",
    "max": "maximal",
    "Art": "artikel",
    "Min": "minuten",
    "Sek": "sekunden",
}

# fmt: off
# Spelled letter by letter although they have a vowel one could read; without a vowel all are.
INITIALISMS = frozenset({
    "AG", "AI", "API", "ADAC", "AFD", "AGB", "AOK", "ARD", "BIP", "BKA", "CDU", "CEO", "CIA", "CPU", "CSU",
    "DNA", "EDV", "EKG", "EU", "EZB", "FAQ", "FBI", "GPU", "HIV", "IBM", "ICE", "ID", "IP", "IQ", "IT",
    "KI", "KGB", "LED", "NPU", "PIN", "TU", "UK", "UKW", "UN", "UNHCR", "URL", "US", "USA", "USB", "VIP",
    "WG", "WM", "EM", "BRD", "DDR",
})

# Before a Roman numeral that is read as a plain number; and after one that is read as an ordinal.
NUMBERED = (
    "Teil", "Kapitel", "Band", "Akt", "Szene", "Artikel", "Abschnitt", "Buch", "Phase", "Stufe",
    "Weltkrieg", "Klasse", "Typ", "Anhang", "Gesang", "Hartz", "Windows",
)
QUEENS = ("Elisabeth", "Katharina", "Maria", "Margarethe", "Viktoria", "Isabella", "Anna", "Christine")
RULERS = (
    *QUEENS, "Karl", "Ludwig", "Friedrich", "Wilhelm", "Heinrich", "Otto", "Philipp", "Pius", "Leo",
    "Johannes", "Napoleon", "Franz", "Georg", "Peter", "Nikolaus", "Alexander", "Rudolf", "Leopold",
    "Maximilian", "Benedikt", "Paul", "Innozenz", "Gregor", "Konrad", "Joseph", "Josef", "Albrecht",
    "August", "Gustav", "Ferdinand", "Clemens", "Urban", "Richard",
)
# fmt: on

"""Italian abbreviations, nouns that numerals stand beside, and initials."""

from __future__ import annotations

# Read out only before a full stop; case does not matter.
ABBREVIATIONS = {
    "dr": "dottor",
    "dott": "dottor",
    "dott.ssa": "dottoressa",
    "dott.sa": "dottoressa",
    "dottssa": "dottoressa",
    "prof": "professore",
    "proff": "professori",
    "prof.ssa": "professoressa",
    "sig": "signore",
    "sigg": "signori",
    "avv": "avvocato",
    "arch": "architetto",
    "rag": "ragioniere",
    "geom": "geometra",
    "ing": "ingegnere",
    "ingg": "ingegneri",
    "fam": "famiglia",
    "rev": "reverendo",
    "mons": "monsignore",
    "onn": "onorevoli",
    "c.v.d": "come volevasi dimostrare",
    "p.es": "per esempio",
    "es": "esempio",
    "ecc": "eccetera",
    "etc": "eccetera",
    "loc": "località",
    "ist": "istituto",
    "segr": "segreteria",
    "uff": "ufficio",
    "dip": "dipartimento",
    "div": "divisione",
    "tel": "telefono",
    "cell": "cellulare",
    "pag": "pagina",
    "pagg": "pagine",
    "cap": "capitolo",
    "vol": "volume",
    "art": "articolo",
    "artt": "articoli",
    "fig": "figura",
    "nr": "numero",
    "num": "numero",
    "ed": "edizione",
    "sec": "secolo",
    "ca": "circa",
    "max": "massimo",
    "cfr": "confronta",
    "gent.mo": "gentilissimo",
    "gent.ma": "gentilissima",
    "egr": "egregio",
    "spett": "spettabile",
    "ill.mo": "illustrissimo",
}
# With what follows their stop: "sig.ra".
CONTRACTIONS = {
    "dott.ssa": "dottoressa",
    "dott.sa": "dottoressa",
    "prof.ssa": "professoressa",
    "sig.na": "signorina",
    "sig.ra": "signora",
    "sig.re": "signore",
    "sig.ri": "signori",
    "sig.rina": "signorina",
    "f.lli": "fratelli",
    "v.le": "viale",
    "p.za": "piazza",
    "p.zza": "piazza",
    "c.so": "corso",
    "l.go": "largo",
    "gent.mo": "gentilissimo",
    "gent.ma": "gentilissima",
    "ill.mo": "illustrissimo",
    "ill.ma": "illustrissima",
}
# Only as they are written here: in other letters they would be words, or letters read one by one.
CASED = {
    r"a\. ?C\.": "avanti cristo",
    r"d\. ?C\.": "dopo cristo",
    r"[Oo]n\.(?= [A-Z]|\Z)": "onorevole",
    r"Min\.(?= [A-Z]|\Z)": "ministro",
    r"Sen\.(?= [A-Z]|\Z)": "senatore",
    r"set\.(?= [a-z])|\Aset\.\Z": "settore",
    r"[Nn][.°º] ?(?=\d)": "numero",
    r"[Pp]\. ?(?=\d)": "pagina",
    r"[Pp]p\. ?(?=\d)": "pagine",
    r"S\. (?=[A-Z][a-z])": "san",
}
# Also read out without a stop, wherever no letter touches them.
STOPLESS = {"dr": "dottor", "sig": "signore", "ecc": "eccetera"}

# fmt: off
# Spelled letter by letter although they have a vowel one could read; without a vowel all are.
INITIALISMS = frozenset({
    "AI", "API", "CIA", "CPU", "DNA", "FBI", "GPU", "IA", "IBM", "IP", "IT", "NPU", "UE", "URL",
    "USB", "ATM", "CEO", "HIV", "ID", "OMS", "ONG", "SUV", "UK", "VIP", "IQ",
})

# Nouns a Roman numeral beside them makes an ordinal of.
MASCULINE_NOUNS = (
    "secolo", "millennio", "capitolo", "atto", "volume", "libro", "tomo", "titolo", "articolo",
    "canto", "congresso", "concilio", "premio", "reggimento", "municipio", "governo",
)
FEMININE_NOUNS = (
    "parte", "sezione", "scena", "fase", "classe", "guerra", "edizione", "legislatura", "dinastia",
    "legione", "olimpiade", "appendice", "tavola", "repubblica", "crociata", "divisione", "serie",
)
QUEENS = (
    "Elisabetta", "Caterina", "Maria", "Margherita", "Vittoria", "Isabella", "Anna", "Cristina", "Giovanna",
)
RULERS = (
    *QUEENS, "Emanuele", "Luigi", "Carlo", "Enrico", "Pio", "Leone", "Paolo", "Giovanni", "Benedetto",
    "Napoleone", "Federico", "Filippo", "Umberto", "Vittorio", "Amedeo", "Ferdinando", "Francesco",
    "Guglielmo", "Giorgio", "Gregorio", "Innocenzo", "Clemente", "Urbano", "Alessandro", "Giulio", "Sisto",
    "Martino", "Nicola", "Riccardo", "Alfonso", "Giacomo", "Edoardo", "Ottone", "Pietro", "Leopoldo",
    "Massimiliano", "Eugenio", "Bonifacio", "Felice", "Alberto", "Tolomeo", "Ramses", "Ramsete",
)
# fmt: on

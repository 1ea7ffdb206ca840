"""French abbreviations, names of rulers and initials."""

from __future__ import annotations

# Patterns, case and all: in other letters they would be words. No letter and no stop stands before them.
ABBREVIATIONS = {
    r"av(?:ant|\.)? J\. ?-? ?C\.": "avant jésus-christ",
    r"apr(?:ès|\.)? J\. ?-? ?C\.": "après jésus-christ",
    r"MM\.?(?= [A-ZÉÈÀ])": "messieurs",
    r"M\. (?=[A-ZÉÈÀ][a-zéèêëïôA-Z])": "monsieur",
    r"M\. (?=(?:le|la|les|de|du|l['’])\b)": "monsieur",
    r"Mr\.?(?!\w)": "monsieur",
    r"Mmes\.?(?!\w)": "mesdames",
    r"Mme\.?(?!\w)": "madame",
    r"Mlles\.?(?!\w)": "mesdemoiselles",
    r"Mlle\.?(?!\w)": "mademoiselle",
    r"Drs\.?(?!\w)": "docteurs",
    r"Dres\.?(?!\w)": "docteures",
    r"Dre\.?(?!\w)": "docteure",
    r"Dr\.?(?!\w)": "docteur",
    r"Prs\.?(?!\w)": "professeurs",
    r"Pr\.?(?= [A-ZÉ]|\Z)": "professeur",
    r"Prof\.": "professeur",
    r"Mgr\.?(?!\w)": "monseigneur",
    r"Me (?=[A-ZÉ][a-zé])": "maître",
    r"Vve(?!\w)": "veuve",
    r"Cie\.?(?!\w)": "compagnie",
    r"Sté\.?(?!\w)": "société",
    r"Stes?(?=[ -][A-ZÉ])": "sainte",
    r"Sts?\.?(?=[ -][A-ZÉ])": "saint",
    r"[Ll]e très hon\.": "le très honorable",
    r"[Ll]e hon\.": "l'honorable",
    r"hon\.": "honorable",
    r"c\.-à-d\.": "c'est-à-dire",
    r"p\. ?ex\.": "par exemple",
    r"[Pp]ar ex\.": "par exemple",
    r"[Ee]x\.(?= ?:)": "exemple",
    r"[Cc]f\.": "confer",
    r"[Ee]nv\.": "environ",
    r"[Tt]él\.": "téléphone",
    r"[Cc]hap\.": "chapitre",
    r"[Ff]ig\.": "figure",
    r"[Vv]ol\. ?(?=\d|[IVX])": "volume",
    r"[Aa]rt\. ?(?=\d)": "article",
    r"[Éé]d\.": "édition",
    r"[Pp]p\. ?(?=\d)": "pages",
    r"[Pp]\. ?(?=\d)": "page",
    r"[Tt]\. ?(?=\d|[IVX])": "tome",
    r"[Nn][°º]s ?": "numéros",
    r"n[°º] ?(?=\d)|N[°º] ?(?=\d)|n° |N° ": "numéro",
    r"no\.? ?(?=\d)|No\.? ?(?=\d)": "numéro",
    r"[Ii]n-8[°ºo](?!\w)": "in-octavo",
    r"[Ii]n-4[°ºo](?!\w)": "in-quarto",
    r"[Ii]n-f[°ºo]\.?(?!\w)": "in-folio",
    r"[Bb](?:oul|l?v?d)\.(?= [A-ZÉd])": "boulevard",
    r"[Aa]v\.(?= (?:[A-ZÉ]|d[eu']))": "avenue",
}

# Also read out without a stop, wherever no letter touches them.
STOPLESS = {"etc": "et cetera", "rdv": "rendez-vous", "svp": "s'il vous plaît", "s.v.p": "s'il vous plaît"}

# fmt: off
# Spelled letter by letter although they have a vowel one could read; without a vowel all are.
INITIALISMS = frozenset({
    "ADN", "AOC", "API", "ARN", "CAP", "CEO", "CIA", "CPU", "EDF", "FBI", "GPU", "HIV", "IA", "IBM", "IGN",
    "IP", "IRM", "NPU", "ONG", "PDG", "PIB", "PME", "RATP", "TVA", "UE", "UK", "UMP", "URL", "URSS", "USA",
    "USB", "UV", "VIP", "AI", "OGM", "ISF", "EPR", "ATP", "QI",
})
RULERS = (
    "Louis", "Charles", "Henri", "François", "Philippe", "Napoléon", "Élisabeth", "Elisabeth", "Catherine",
    "Pie", "Léon", "Paul", "Jean", "Jean-Paul", "Benoît", "Guillaume", "Frédéric", "Nicolas", "Alexandre",
    "Pierre", "Édouard", "Edouard", "Georges", "Richard", "Jacques", "Albert", "Baudouin", "Léopold",
    "Innocent", "Grégoire", "Clément", "Urbain", "Boniface", "Jules", "Sixte", "Ferdinand", "Joseph",
    "Rodolphe", "Othon", "Clovis", "Hugues", "Robert", "Marie", "Victor-Emmanuel", "Humbert", "Amédée",
    "Alphonse", "Isabelle", "Ramsès", "Ptolémée",
)
NUMBERED = (
    "tome", "chapitre", "livre", "volume", "acte", "scène", "titre", "partie", "section", "article", "type",
    "phase", "niveau", "classe", "chant", "annexe", "planche", "figure", "page",
)
# After "1", "21" and the like these make it feminine.
FEMININE_NOUNS = (
    "heure", "minute", "seconde", "fois", "semaine", "personne", "page", "année", "journée", "nuit",
    "livre", "tonne", "femme", "fille", "place", "tasse", "cuillère", "cuillerée", "bouteille", "lieue",
    "voiture", "maison", "voix", "langue", "ligne", "étoile", "pièce", "chambre", "table", "carte",
    "question", "réponse", "chanson", "photo",
)
# fmt: on

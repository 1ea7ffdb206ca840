"""Which ending a German ordinal takes: by the words before it and the noun after it."""

from __future__ import annotations

import re

# fmt: off
_NEUTER = frozenset({
    "jahrhundert", "jahrtausend", "jahrzehnt", "jahr", "mal", "kapitel", "buch", "quartal", "semester",
    "spiel", "kind", "tor", "rennen", "stockwerk", "obergeschoss", "bataillon", "regiment", "lebensjahr",
    "haus", "gebot", "halbjahr", "album", "viertel", "drittel", "wort", "zimmer", "treffen", "konzert",
    "gebäude",
})
_FEMININE = frozenset({
    "klasse", "auflage", "etage", "liga", "bundesliga", "minute", "stunde", "woche", "runde", "symphonie",
    "sinfonie", "person", "stelle", "reihe", "seite", "zeile", "spalte", "folge", "phase", "stufe", "reise",
    "armee", "welle", "nacht", "hand", "hilfe", "frau", "tochter", "zeit", "legislaturperiode", "sekunde",
    "wahl", "generation", "staffel", "ausgabe", "gruppe", "straße", "strophe", "szene", "division",
    "amtszeit", "wiese",
})
_DATIVE = frozenset({
    "ab", "seit", "mit", "nach", "von", "zu", "bei", "aus", "in", "an", "auf", "vor", "unter", "über",
    "neben", "zwischen", "hinter", "während", "außer", "gegenüber",
})
# fmt: on
_FEMININE_ENDINGS = (
    "ung",
    "heit",
    "keit",
    "tion",
    "tät",
    "schaft",
    "ie",
    "ik",
    "etage",
    "klasse",
    "ei",
    "runde",
)
_NEUTER_ENDINGS = ("chen", "lein", "um", "ment", "jahr", "hundert", "kapitel", "spiel")

_STRONG = frozenset({"ein", "kein", "mein", "dein", "sein", "unser", "ihr", "euer"})
_DETERMINER = re.compile(
    r"d(?:er|ie|as|e[mns])|(?:dies|jen|jed|welch|manch|beid|[kmds]?ein|unser|ihr|eur)e[mnsr]?"
    r"|euer|(?:a|i|vo|zu|bei)m|zur|[ai]ns"
)
_BEFORE = re.compile(
    r"(?:(?P<outer>[^\W\d_]+)\s+)?(?<![\d.] )(?<![\d.]  )\b(?P<inner>[^\W\d_]+),?\s+"
    r"(?:[\d.]{1,6}\s*(?:[^\W\d_]+\s+)?(?:bis|und|oder|sowie|[-–,/])\s*)*\Z"
)
_REACH = 60


def governed(before: str) -> bool:
    """Whether an article or preposition before makes an ordinal of ``17.``, which else may end a sentence."""
    found = _BEFORE.search(before[-_REACH:])
    inner = found["inner"].lower() if found else ""
    return inner not in ("ein", "eins") and bool(_DETERMINER.fullmatch(inner))


def ending(before: str, noun: str) -> str:
    """The ending of an ordinal: ``er`` in ``erster mai``, ``en`` in ``am ersten mai``.

    Args:
        before: the text before the ordinal.
        noun: the noun after it, or nothing; masculine unless known otherwise, as months and days are.
    """
    kind = gender(noun.lower())
    found = _BEFORE.search(before[-_REACH:])
    inner = found["inner"].lower() if found else ""
    if inner in _DATIVE:
        return "er" if kind == "f" else "em"
    if inner == "bis":
        return "en"
    if inner in _STRONG or not _DETERMINER.fullmatch(inner):
        return {"m": "er", "f": "e", "n": "es"}[kind]
    if inner.endswith(("e", "as", "ns")):
        return "e"
    if inner in ("der", "dieser", "jener", "jeder"):
        outer = (found["outer"] or "").lower() if found else ""
        return "en" if outer in _DATIVE or kind == "f" else "e"
    return "en"


def gender(noun: str) -> str:
    """``m``, ``f`` or ``n`` of a noun in small letters."""
    if noun in _FEMININE or noun.endswith(_FEMININE_ENDINGS):
        return "f"
    return "n" if noun in _NEUTER or noun.endswith(_NEUTER_ENDINGS) else "m"

"""French: et un, the s of cents and vingts, plural from two, premier; septante in two countries."""

from __future__ import annotations

import pytest

from understudy.text.spoken import spoken

CASES = {
    # cardinals
    "21 chats": "vingt et un chats",
    "21 pages": "vingt et une pages",
    "71 et 81": "soixante et onze et quatre-vingt-un",
    "80": "quatre-vingts",
    "200": "deux cents",
    "80 200": "quatre-vingt mille deux cents",
    "200 000 000": "deux cents millions",
    "1.234.567": "un million deux cent trente-quatre mille cinq cent soixante-sept",
    "-5": "moins cinq",
    "1 000 000 000": "un milliard",
    "5,1001": "cinq virgule dix zéro un",
    "5,340 et 5,341": "cinq virgule trente-quatre zéro et cinq virgule trois cent quarante et un",
    "007": "zéro zéro sept",
    "années 80": "années quatre-vingt",
    # decimals and scales
    "3,14": "trois virgule quatorze",
    "0,05": "zéro virgule zéro cinq",
    "1,5 million": "un virgule cinq million",
    "2,5 Md": "deux virgule cinq milliards",
    # ordinals
    "la 1re fois": "la première fois",
    "1ers": "premiers",
    "2nde": "seconde",
    "le 21e": "le vingt et unième",
    "80e": "quatre-vingtième",
    "19ème": "dix-neuvième",
    "les 5es": "les cinquièmes",
    "1000e": "millième",
    "XIXe siècle": "dix-neuvième siècle",
    "Ier siècle": "premier siècle",
    "la Ve République": "la cinquième république",
    "Vers midi, il vint": "vers midi il vint",
    # fractions
    "1/2": "un demi",
    "2/3": "deux tiers",
    "3/4 l": "trois quarts de litre",
    "4 1/2": "quatre et demi",
    "5/8": "cinq huitièmes",
    # dates
    "le 1er mai 2003": "le premier mai deux mille trois",
    "1 janvier": "premier janvier",
    "l'11 nov. 1918": "l'onze novembre mille neuf cent dix-huit",
    "12/05/2013": "douze mai deux mille treize",
    "2024-12-31": "trente et un décembre deux mille vingt-quatre",
    "17/06": "dix-sept juin",
    "du 3 au 5 mai": "du trois au cinq mai",
    "52 av. J.-C.": "cinquante-deux avant jésus-christ",
    # times
    "à 14 h 30": "à quatorze heures trente",
    "14h": "quatorze heures",
    "1h05": "une heure cinq",
    "7:30": "sept heures trente",
    "21:21:01": "vingt et une heures vingt et une minutes une seconde",
    "24h/24": "vingt-quatre heures sur vingt-quatre",
    # money
    "2,50 €": "deux euros cinquante",
    "1,50 €": "un euro cinquante",
    "0,01 €": "un centime",
    "$3": "trois dollars",
    "5 M€": "cinq millions d'euros",
    "2 millions €": "deux millions d'euros",
    "1 £": "une livre",
    "3 fr. 50": "trois francs cinquante",
    "5 €/kg": "cinq euros par kilogramme",
    # measures
    "1,5 km": "un virgule cinq kilomètre",
    "100 m²": "cent mètres carrés",
    "90 km/h": "quatre-vingt-dix kilomètres heure",
    "-5 °C": "moins cinq degrés celsius",
    "20\u00a0000\u202fkm/h": "vingt mille kilomètres heure",
    "à 180°": "à cent quatre-vingts degrés",
    "0,5 %": "zéro virgule cinq pour cent",
    "10-12 ans": "dix à douze ans",
    "1 234,5-2 000 m": "mille deux cent trente-quatre virgule cinq à deux mille mètres",
    # telephones and addresses
    "06 12 34 56 78": "zéro six douze trente-quatre cinquante-six soixante-dix-huit",
    "+33 6 12 34 56 78": "plus trente-trois six douze trente-quatre cinquante-six soixante-dix-huit",
    "contact@exemple.fr": "contact arobase exemple point fr",
    # abbreviations, rulers, letters
    "M. Dupont et Mˡˡᵉ Roy": "monsieur dupont et mademoiselle roy",
    "Mᵐᵉ la Dʳᵉ": "madame la docteure",
    "n° 5, p. 12": "numéro cinq page douze",
    "in-8º": "in-octavo",
    "Louis XIV": "louis quatorze",
    "François Ier": "françois premier",
    "chapitre IV": "chapitre quatre",
    "la SNCF et la TVA": "la s. n. c. f. et la t. v. a.",
    "d'1 km": "d'un kilomètre",
}


@pytest.mark.parametrize(("written", "due"), CASES.items())
def test_french(written: str, due: str) -> None:
    assert spoken(written, "fr-FR") == due
    assert spoken(due, "fr-FR") == due


@pytest.mark.parametrize("locale", ["fr-BE", "fr-CH"])
def test_regions(locale: str) -> None:
    assert spoken("71, 76 et 80", locale) == "septante et un septante-six et quatre-vingts"
    assert spoken("le 91e et 99", locale) == "le nonante et unième et nonante-neuf"
    assert spoken("1970", locale) == "mille neuf cent septante"
    assert spoken("soixante-dix", locale) == "soixante-dix"

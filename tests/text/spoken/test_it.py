"""Italian: tens in one word, hundreds apart, un'ora and l'undici, ordinals by the noun's gender."""

from __future__ import annotations

import pytest

from understudy.text.spoken import spoken

CASES = {
    # cardinals
    "21 e 28": "ventuno e ventotto",
    "il 2024 ha 12 mesi, ma 5 ha.": "il duemila ventiquattro ha dodici mesi ma cinque ettari",
    "HTML 4.01.": "h. t. m. l. quattro punto zero uno",
    "83 case": "ottantatre case",
    "1908": "mille novecento otto",
    "2.345": "duemila trecento quarantacinque",
    "1 000 000": "un milione",
    "2000000000": "duemila milioni",
    "-5": "meno cinque",
    "007": "zero zero sette",
    "10mila euro": "diecimila euro",
    "1 volta": "una volta",
    "1 ora": "un'ora",
    "1 milione": "un milione",
    # decimals
    "1,05": "uno virgola zero cinque",
    "3,1415": "tre virgola quattordici quindici",
    "1,5 milioni": "uno virgola cinque milioni",
    # ordinals
    "3° posto": "terzo posto",
    "la 3ª edizione": "la terza edizione",
    "il 20º": "il ventesimo",
    "23ª": "ventitreesima",
    "26º": "ventiseiesimo",
    "1000º": "millesimo",
    "a 20°": "a venti gradi",
    # Roman numerals
    "nel XIX secolo": "nel diciannovesimo secolo",
    "la II guerra mondiale": "la seconda guerra mondiale",
    "Vittorio Emanuele II": "vittorio emanuele secondo",
    "Elisabetta II": "elisabetta seconda",
    "capitolo IV": "capitolo quarto",
    # fractions
    "1/2": "un mezzo",
    "2/3": "due terzi",
    "2 3/4": "due e tre quarti",
    "1 1/2": "uno e mezzo",
    # dates
    "l'11 settembre 2001": "l'undici settembre duemila uno",
    "1 maggio": "primo maggio",
    "il 1° gen. 2020": "il primo gennaio duemila venti",
    "25/04/1945": "venticinque aprile mille novecento quarantacinque",
    "2024-12-31": "trentuno dicembre duemila ventiquattro",
    "anni '80": "anni ottanta",
    # times
    "alle 16:00": "alle sedici",
    "7:30": "sette e mezza",
    "12:15": "dodici e un quarto",
    "ore 18.05": "ore diciotto e cinque minuti",
    "1:01": "una e un minuto",
    "10:20:30": "dieci e venti minuti e trenta secondi",
    # money
    "2,50 €": "due euro cinquanta centesimi",
    "€1": "un euro",
    "1 £": "una sterlina",
    "0,01 €": "un centesimo",
    "3 CHF": "tre franchi svizzeri",
    "1,5 mln €": "uno virgola cinque milioni di euro",
    "5 €/kg": "cinque euro per chilogrammo",
    # measures
    "1 h": "un'ora",
    "100 m²": "cento metri quadrati",
    "50 km/h": "cinquanta chilometri per ora",
    "-2,5 °C": "meno due virgola cinque gradi celsius",
    "10 kWh": "dieci kilowattora",
    "la 35enne": "la trentacinquenne",
    "5 %": "cinque percento",
    "10 x 20 cm": "dieci per venti centimetri",
    "1.234,5-2.000 m": "mille duecento trentaquattro virgola cinque duemila metri",
    # telephones and addresses
    "+39 06 123456": "più trentanove zero sei uno due tre quattro cinque sei",
    "333 123 4567": "tre tre tre uno due tre quattro cinque sei sette",
    "a.b@rai.it": "a punto b chiocciola r a i punto it",
    # abbreviations and letters
    "il prof. Bianchi": "il professore bianchi",
    "la dott.ssa Neri": "la dottoressa neri",
    "300 a.C.": "trecento avanti cristo",
    "una chiavetta USB": "una chiavetta u. s. b.",
    "la S.p.A.": "la s. p. a.",
    "n. 5, pag. 12": "numero cinque pagina dodici",
}


@pytest.mark.parametrize(("written", "due"), CASES.items())
def test_italian(written: str, due: str) -> None:
    assert spoken(written, "it-IT") == due
    assert spoken(due, "it-IT") == due

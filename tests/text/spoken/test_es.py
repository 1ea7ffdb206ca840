"""Spoken Spanish: cases of each kind of rule (forms as in the RAE's *Ortografía*, chapter 8)."""

from __future__ import annotations

import pytest

from understudy.text.spoken import spoken
from understudy.text.spoken.es.numbers import cardinal, fraction, ordinal
from understudy.text.spoken.es.tables import many

CASES = (
    # cardinals agree with the noun that follows
    ("tengo 21 años", "tengo veintiún años"),
    ("leí 200 páginas", "leí doscientas páginas"),
    ("vinieron 31 personas", "vinieron treinta y una personas"),
    ("hay 200 problemas", "hay doscientos problemas"),
    ("el capítulo 21", "el capítulo veintiuno"),
    ("500 mil personas", "quinientas mil personas"),
    ("1 niño y 1 niña", "un niño y una niña"),
    ("-8", "menos ocho"),
    ("el agente 007", "el agente cero cero siete"),
    # ordinals
    ("el 2.º piso", "el segundo piso"),
    ("la 3.ª vez", "la tercera vez"),
    ("el 1er lugar", "el primer lugar"),
    ("la 5ta avenida", "la quinta avenida"),
    ("13.ª", "decimotercera"),
    # decimals and percent
    ("mide 1,75 metros", "mide uno coma setenta y cinco metros"),
    ("1,05", "uno coma cero cinco"),
    ("creció un 3,5 %", "creció un tres coma cinco por ciento"),
    ("el 15 por 100", "el quince por ciento"),
    ("2,5 millones", "dos coma cinco millones"),
    # fractions
    ("1/2", "medio"),
    ("3 1/2", "tres y medio"),
    ("¾ de hora", "tres cuartos de hora"),
    ("5/12", "cinco doceavos"),
    ("1/2 h", "media hora"),
    ("3/4 kg", "tres cuartos de kilogramo"),
    # dates
    ("el 5/11/2021", "el cinco de noviembre de dos mil veintiuno"),
    ("2021-11-05", "cinco de noviembre de dos mil veintiuno"),
    ("1 de mayo", "primero de mayo"),
    ("25 dic. 1999", "veinticinco de diciembre de mil novecientos noventa y nueve"),
    ("5 de marzo del 2000", "cinco de marzo del dos mil"),
    ("44 a. C.", "cuarenta y cuatro antes de cristo"),
    ("los años 80", "los años ochenta"),
    # times
    ("a las 7:30", "a las siete y media"),
    ("a las 7:30AM", "a las siete y media de la mañana"),
    ("a la 1:15 p. m.", "a la una y cuarto de la tarde"),
    ("9 p. m.", "nueve de la noche"),
    ("12:00 pm", "doce del mediodía"),
    ("21:05 h", "veintiuna y cinco"),
    ("a las 18.45", "a las dieciocho y cuarenta y cinco"),
    ("9:00-14:00", "nueve a catorce"),
    # money
    ("20,50 €", "veinte euros cincuenta céntimos"),
    ("21 £", "veintiuna libras"),
    ("1.000.000 €", "un millón de euros"),
    ("5 M€", "cinco millones de euros"),
    ("US$2,5 millones", "dos coma cinco millones de dólares estadounidenses"),
    ("5 €/kg", "cinco euros por kilogramo"),
    # measures
    ("200 km", "doscientos kilómetros"),
    ("1 h", "una hora"),
    ("90 km/h", "noventa kilómetros por hora"),
    ("16GB", "dieciséis gigabytes"),
    ("-5 °C", "menos cinco grados centígrados"),
    ("30 m²", "treinta metros cuadrados"),
    # telephones, addresses, versions, ranges, arithmetic
    ("llame al 612 345 678", "llame al seis uno dos tres cuatro cinco seis siete ocho"),
    ("+34 91 123 45 67", "más treinta y cuatro nueve uno uno dos tres cuatro cinco seis siete"),
    ("ana@gmail.com", "a n a arroba gmail punto com"),
    ("10.0.0.1", "uno cero punto cero punto cero punto uno"),
    ("versión 2.0.1", "versión dos punto cero punto uno"),
    ("12-15 años", "doce a quince años"),
    ("1990-2000", "mil novecientos noventa a dos mil"),
    ("4x4", "cuatro por cuatro"),
    ("3 + 4 = 7", "tres más cuatro es igual a siete"),
    # Roman numerals: ordinals up to ten, as of kings
    ("el siglo XXI", "el siglo veintiuno"),
    ("Isabel II y Felipe VI", "isabel segunda y felipe sexto"),
    ("Luis XIV", "luis catorce"),
    ("la II Guerra Mundial", "la segunda guerra mundial"),
    ("capítulo IV", "capítulo cuarto"),
    ("mi vida", "mi vida"),
    ("Si V. viene en Windows ML", "si v viene en windows m. l."),
    # abbreviations and letters
    ("El Sr. Pérez y la Dra. Gil", "el señor pérez y la doctora gil"),
    ("D. Juan vive en EE. UU.", "don juan vive en estados unidos"),
    ("Da. Ana me lo da.", "doña ana me lo da"),
    ("pág. 5, n.º 3", "página cinco número tres"),
    ("la U.E. y el DNI", "la u. e. y el d. n. i."),
    ("¡TODO EL DNI GPT AQUÍ!", "todo el dni gpt aquí"),
)


@pytest.mark.parametrize(("written", "expected"), CASES)
def test_spanish(written: str, expected: str) -> None:
    assert spoken(written, "es-ES") == expected


@pytest.mark.parametrize(
    ("written", "locale", "expected"),
    [
        ("1.234,5", "es-ES", "mil doscientos treinta y cuatro coma cinco"),
        ("1,234.5", "es-MX", "mil doscientos treinta y cuatro punto cinco"),
        ("1,234.5", "es-ES", "mil doscientos treinta y cuatro punto cinco"),
        ("1.250", "es-ES", "mil doscientos cincuenta"),
        ("1.250", "es-MX", "uno punto veinticinco cero"),
        ("$50.50", "es-MX", "cincuenta pesos cincuenta centavos"),
        ("$50.50", "es-US", "cincuenta dólares cincuenta centavos"),
        ("$1.500", "es-AR", "mil quinientos pesos"),
        ("12.15", "es-ES", "doce y cuarto"),
        ("12.15", "es-MX", "doce punto quince"),
    ],
)
def test_separators_and_dollars_hang_on_the_region(written: str, locale: str, expected: str) -> None:
    assert spoken(written, locale) == expected


def test_number_words() -> None:
    assert cardinal("21000", "una") == "veintiún mil"
    assert cardinal("200200", "una") == "doscientas mil doscientas"
    assert cardinal("1" + "0" * 24) == "uno" + " cero" * 24
    assert ordinal("18") == "decimoctavo"
    assert ordinal("1999", "a") == "milésima noningentésima nonagésima novena"
    assert ordinal("0") is None
    assert fraction("2", "45") == "dos cuarentaicincoavos"
    assert fraction("1", "10000") == "un diezmilésimo"


def test_plurals() -> None:
    names = ("dólar de hong kong", "colón", "rupia india", "milla por hora", "guaraní", "florín", "yen")
    plurals = ["dólares de hong kong", "colones", "rupias indias", "millas por hora", "guaraníes", "florines"]
    assert [many(name) for name in names] == [*plurals, "yenes"]

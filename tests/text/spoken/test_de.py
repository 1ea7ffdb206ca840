"""German: number words apart, endings by article and noun, comma and stop, Austria's January."""

from __future__ import annotations

import pytest

from understudy.text.spoken import spoken

CASES = {
    # cardinals
    "21 Kinder": "ein und zwanzig kinder",
    "1.001": "ein tausend eins",
    "30 000 Mann": "dreißig tausend mann",
    "30\u00a0000\u202fkm": "dreißig tausend kilometer",
    "1'250'000": "eine million zwei hundert fünfzig tausend",
    "-12": "minus zwölf",
    "Agent 007": "agent null null sieben",
    "1 Stunde, 1 Tag": "eine stunde ein tag",
    # decimals and scales
    "3,05": "drei komma null fünf",
    "1.234,5": "ein tausend zwei hundert vier und dreißig komma fünf",
    "1,3 Milliarden": "eins komma drei milliarden",
    "1 Mio. Euro": "eine million euro",
    "Llama 3.2 ist neu": "llama drei punkt zwei ist neu",
    # ordinals
    "die 3. Klasse": "die dritte klasse",
    "in der 3. Klasse": "in der dritten klasse",
    "das 20. Jahrhundert": "das zwanzigste jahrhundert",
    "im 20. Jahrhundert": "im zwanzigsten jahrhundert",
    "2. Kapitel": "zweites kapitel",
    "in 7. Auflage": "in siebter auflage",
    "am 8ten Tag": "am achten tag",
    "Haus Nr. 17. Dann rechts.": "haus nummer siebzehn dann rechts",
    "16-mal": "sechzehn mal",
    "die 90er Jahre": "die neunziger jahre",
    "in den 1960ern": "in den neunzehn hundert sechzigern",
    # fractions
    "3/2": "drei halbe",
    "2 3/4 Stunden": "zwei drei viertel stunden",
    "½ l": "ein halb liter",
    "1/1000": "ein ein tausendstel",
    # dates and years
    "am 24. Juli 1985": "am vier und zwanzigsten juli neunzehn fünf und achtzig",
    "Montag, den 12. Juli": "montag den zwölften juli",
    "vom 2. bis 4. Mai": "vom zweiten bis vierten mai",
    "1.–3. Mai": "erster bis dritter mai",
    "der 1.1.2000": "der erste januar zwei tausend",
    "2024-12-31": "ein und dreißigster dezember zwei tausend vier und zwanzig",
    "3. Okt. 1990": "dritter oktober neunzehn neunzig",
    "im Jahr 1848": "im jahr achtzehn hundert acht und vierzig",
    "1914–1918": "neunzehn hundert vierzehn bis neunzehn hundert achtzehn",
    # times
    "um 7:30 Uhr": "um sieben uhr dreißig",
    "1 Uhr": "ein uhr",
    "0:05": "null uhr fünf",
    "12:01:30 Uhr": "zwölf uhr eine minute dreißig sekunden",
    "8-10 Uhr": "acht bis zehn uhr",
    "14.15 Uhr MEZ": "vierzehn uhr fünfzehn m. e. z.",
    # money
    "2,50 €": "zwei euro fünfzig cent",
    "€1": "ein euro",
    "0,01 £": "ein penny",
    "-5 $": "minus fünf dollar",
    "1 DKK": "eine dänische krone",
    "3 DKK": "drei dänische kronen",
    "2,5 Mrd. US-Dollar": "zwei komma fünf milliarden us dollar",
    "5 €/kg": "fünf euro pro kilogramm",
    "3,20 Mark": "drei mark zwanzig pfennig",
    # measures
    "1 kWh": "eine kilowattstunde",
    "5 kWh": "fünf kilowattstunden",
    "90 km/h": "neunzig kilometer pro stunde",
    "-5 °C": "minus fünf grad celsius",
    "12 m²": "zwölf quadrat meter",
    "3 l/100 km": "drei liter auf hundert kilometer",
    "100 %": "ein hundert prozent",
    "100%ige": "ein hundert prozentige",
    "70-80%": "siebzig bis achtzig prozent",
    "1.234,5-2.000 m": "ein tausend zwei hundert vier und dreißig komma fünf bis zwei tausend meter",
    "10 x 20 cm": "zehn mal zwanzig zentimeter",
    # telephones and addresses
    "030 1234567": "null drei null eins zwei drei vier fünf sechs sieben",
    "+1 555 1234": "plus eins fünf fünf fünf eins zwei drei vier",
    "a@web.de": "a at web punkt de",
    "www.ab.org/x": "w w w punkt a b punkt org slash x",
    # Roman numerals, abbreviations, letters
    "Ludwig XIV.": "ludwig der vierzehnte",
    "Elisabeth II.": "elisabeth die zweite",
    "Kapitel IV": "kapitel vier",
    "im XIX. Jahrhundert": "im neunzehnten jahrhundert",
    "z. B. Dr. Müller": "zum beispiel doktor müller",
    "300 v. Chr.": "drei hundert vor christus",
    "Hauptstr. 5": "hauptstraße fünf",
    "KI-Modelle der USA": "k. i. modelle der u. s. a.",
    "§ 5 Abs. 2": "paragraph fünf absatz zwei",
}


@pytest.mark.parametrize(("written", "due"), CASES.items())
def test_german(written: str, due: str) -> None:
    assert spoken(written, "de-DE") == due
    assert spoken(due, "de-DE") == due


def test_regions() -> None:
    assert spoken("am 6.1.", "de-AT") == "am sechsten jänner"
    assert spoken("am 6.1.", "de-CH") == "am sechsten januar"

"""Spoken Portuguese: cases of each kind of rule, in the words of Brazil and of Portugal."""

from __future__ import annotations

import pytest

from understudy.text.spoken import spoken
from understudy.text.spoken.pt.numbers import cardinal, fraction, ordinal
from understudy.text.spoken.pt.tables import many

CASES = (
    # cardinals agree with the noun that follows
    ("tenho 2 filhas e 2 filhos", "tenho duas filhas e dois filhos"),
    ("200 páginas", "duzentas páginas"),
    ("200 mil pessoas", "duzentas mil pessoas"),
    ("200 problemas", "duzentos problemas"),
    ("3 vezes 2 canções", "três vezes duas canções"),
    ("1 criança", "uma criança"),
    ("em 1999", "em mil novecentos e noventa e nove"),
    ("1.500.000 votos", "um milhão e quinhentos mil votos"),
    ("o agente 007", "o agente zero zero sete"),
    ("-8", "menos oito"),
    # ordinals
    ("o 2º andar", "o segundo andar"),
    ("a 21.ª edição", "a vigésima primeira edição"),
    ("os 1os lugares", "os primeiros lugares"),
    # decimals, percent, fractions
    ("1,75 m", "um vírgula sete cinco metros"),
    ("cresceu 3,5%", "cresceu três vírgula cinco por cento"),
    ("70-80%", "setenta a oitenta por cento"),
    ("2/3", "dois terços"),
    ("5/12", "cinco doze avos"),
    ("2 1/4", "dois e um quarto"),
    ("1/2 kg", "meio quilo"),
    ("1/2 h", "meia hora"),
    # dates and times
    ("25/12/2023", "vinte e cinco de dezembro de dois mil e vinte e três"),
    ("2023-12-25", "vinte e cinco de dezembro de dois mil e vinte e três"),
    ("1º de maio", "primeiro de maio"),
    ("7 set 1822", "sete de setembro de mil oitocentos e vinte e dois"),
    ("às 14h30", "às catorze horas e trinta"),
    ("às 21:02", "às vinte e uma horas e dois"),
    ("1h", "uma hora"),
    ("15h da tarde", "três horas da tarde"),
    ("2:30 p.m.", "duas horas e trinta da tarde"),
    ("8h às 18h", "oito horas às dezoito horas"),
    ("01:01:01", "uma hora e um minuto e um segundo"),
    # money
    ("R$ 1,01", "um real e um centavo"),
    ("R$ 2.000.000", "dois milhões de reais"),
    ("US$ 5,45 bilhões", "cinco vírgula quatro cinco bilhões de dólares americanos"),
    ("£2", "duas libras esterlinas"),
    ("R$ 5/kg", "cinco reais por quilo"),
    ("-R$ 5", "menos cinco reais"),
    # measures
    ("90 km/h", "noventa quilômetros por hora"),
    ("2 mph", "duas milhas por hora"),
    ("10 m²", "dez metros quadrados"),
    ("-5 °C", "menos cinco graus celsius"),
    ("16GB", "dezesseis gigabytes"),
    ("200 g", "duzentos gramas"),
    # telephones, addresses, documents
    ("(11) 98765-4321", "um um nove oito sete seis cinco quatro três dois um"),
    ("+55 1 3456-7890 ramal 1", "mais cinco cinco um três quatro cinco seis sete oito nove zero ramal um"),
    ("CEP 01310-100", "cep zero um três um zero um zero zero"),
    ("ana@gmail.com", "a n a arroba gmail ponto com"),
    ("api.netflix.com.br", "a p i ponto netflix ponto com ponto br"),
    ("versão 2.0.1", "versão dois ponto zero ponto um"),
    ("1990-2000", "mil novecentos e noventa a dois mil"),
    ("3 + 4 = 7", "três mais quatro igual a sete"),
    # Roman numerals, abbreviations, letters
    ("D. Pedro II e D. Maria I", "dom pedro segundo e dona maria primeira"),
    ("século XX", "século vinte"),
    ("século V", "século quinto"),
    ("a I Guerra Mundial", "a primeira guerra mundial"),
    ("Luís XIV", "luís catorze"),
    ("o Dr. João e a Sra. Silva", "o doutor joão e a senhora silva"),
    ("pág. 5, nº 3", "página cinco número três"),
    ("os EUA e o CNPJ", "os e. u. a. e o c. n. p. j."),
)  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), CASES)
def test_brazilian(written: str, expected: str) -> None:
    assert spoken(written, "pt-BR") == expected


@pytest.mark.parametrize(
    ("written", "brazil", "portugal"),
    [
        ("16, 17, 19", "dezesseis dezessete dezenove", "dezasseis dezassete dezanove"),
        ("1.500.000.000", "um bilhão e quinhentos milhões", "mil e quinhentos milhões"),
        ("1000000000000", "um trilhão", "um bilião"),
        ("5 km", "cinco quilômetros", "cinco quilómetros"),
        ("€ 1,50", "um euro e cinquenta centavos", "um euro e cinquenta cêntimos"),
        ("século XVI", "século dezesseis", "século dezasseis"),
        ("às 16h", "às dezesseis horas", "às dezasseis horas"),
    ],
)
def test_brazil_and_portugal(written: str, brazil: str, portugal: str) -> None:
    assert spoken(written, "pt-BR") == spoken(written, "pt") == brazil
    assert spoken(written, "pt-PT") == portugal


def test_number_words() -> None:
    # "e" before the last part where that is below a hundred or a round hundred
    assert cardinal("1200") == "mil e duzentos"
    assert cardinal("1201") == "mil duzentos e um"
    assert cardinal("2002", "a") == "duas mil e duas"
    assert cardinal("1001001") == "um milhão mil e um"
    assert cardinal("1000000000001") == "um trilhão e um"
    assert cardinal("1" + "0" * 24) == "um" + " zero" * 24
    assert ordinal("999", "a") == "noningentésima nonagésima nona"
    assert ordinal("0") is None
    assert fraction("1", "100") == "um centésimo"


def test_plurals() -> None:
    names = ("dólar americano", "real", "rotação por minuto", "decibel", "yuan", "giga hertz")
    plurals = ["dólares americanos", "reais", "rotações por minuto", "decibéis", "yuan", "giga hertz"]
    assert [many(name) for name in names] == plurals

"""Marathi number words. Every function takes digits as they were written."""

from __future__ import annotations

import re

from understudy.text.spoken.devanagari import listed
from understudy.text.spoken.indian import IndianNumbers

NUMBERS = IndianNumbers(
    """
    शून्य एक दोन तीन चार पाच सहा सात आठ नऊ
    दहा अकरा बारा तेरा चौदा पंधरा सोळा सतरा अठरा एकोणीस
    वीस एकवीस बावीस तेवीस चोवीस पंचवीस सव्वीस सत्तावीस अठ्ठावीस एकोणतीस
    तीस एकतीस बत्तीस तेहतीस चौतीस पस्तीस छत्तीस सदतीस अडतीस एकोणचाळीस
    चाळीस एक्केचाळीस बेचाळीस त्रेचाळीस चव्वेचाळीस पंचेचाळीस सेहेचाळीस सत्तेचाळीस अठ्ठेचाळीस एकोणपन्नास
    पन्नास एक्कावन्न बावन्न त्रेपन्न चोपन्न पंचावन्न छप्पन्न सत्तावन्न अठ्ठावन्न एकोणसाठ
    साठ एकसष्ट बासष्ट त्रेसष्ट चौसष्ट पासष्ट सहासष्ट सदुसष्ट अडुसष्ट एकोणसत्तर
    सत्तर एकाहत्तर बाहत्तर त्र्याहत्तर चौऱ्याहत्तर पंच्याहत्तर शहात्तर सत्त्याहत्तर अठ्ठ्याहत्तर एकोणऐंशी
    ऐंशी एक्क्याऐंशी ब्याऐंशी त्र्याऐंशी चौऱ्याऐंशी पंच्याऐंशी शहाऐंशी सत्त्याऐंशी अठ्ठ्याऐंशी एकोणनव्वद
    नव्वद एक्याण्णव ब्याण्णव त्र्याण्णव चौऱ्याण्णव पंच्याण्णव शहाण्णव सत्त्याण्णव अठ्ठ्याण्णव नव्व्याण्णव
    """,
    hundred="शे",
    one_hundred="शंभर",
    scales=("हजार", "लाख", "कोटी", "अब्ज", "खर्व"),
    point="दशांश",
)
cardinal, spelled, number, decimal, year = (
    NUMBERS.cardinal,
    NUMBERS.spelled,
    NUMBERS.number,
    NUMBERS.decimal,
    NUMBERS.year,
)

_OWN_ORDINALS = {"1": ("ल", "पहिल"), "2": ("र", "दुसर"), "3": ("र", "तिसर"), "4": ("थ", "चौथ")}
_PLAIN_STEMS = {"पाच": "पाच", "सात": "सात", "आठ": "आठ", "नऊ": "नव"}
ORDINAL_SUFFIXES = listed("ला ली ले लं ल्या रा री रे रं ऱ्या र्‍या था थी थे थं थ्या वा वी वे वं व्या वां वीं वें")

_PARTS = dict(
    zip(
        listed("2 3 4 5 6 7 8 9 10 100 1000"),
        listed("द्वितीयांश तृतीयांश चतुर्थांश पंचमांश षष्ठांश सप्तमांश अष्टमांश नवमांश दशांश शतांश सहस्रांश"),
        strict=True,
    )
)


def ordinal(digits: str, suffix: str) -> str | None:
    """``1``, ``ली`` -> पहिली; ``20``, ``व्या`` -> विसाव्या; nothing where the suffix is not the number's.

    After a consonant the suffix takes ा, and a long i before it is shortened.
    """
    value = digits.replace(",", "").lstrip("0")
    ending = suffix[1:].removeprefix("‍").rstrip("ं") if suffix[0] == "व" else suffix[1:]
    if suffix[0] != "व":
        first, stem = _OWN_ORDINALS.get(value, ("", ""))
        if suffix[0] in ("र", "ऱ") and suffix.endswith("्या"):
            return stem[:-1] + "ऱ्या" if first == "र" else None
        return stem + ending if first == suffix[0] else None
    if value in _OWN_ORDINALS:
        return None
    head, _, last = cardinal(value).rpartition(" ")
    if head == "एक" and set(value[1:]) == {"0"}:
        head = ""  # हजारावा, not एक हजारावा
    return f"{head} {_stem(last)}व{ending}".strip()


def _stem(word: str) -> str:
    if word in _PLAIN_STEMS:
        return _PLAIN_STEMS[word]
    if not re.search("[क-ह]$", word):
        return word  # ends in a vowel: दहावा, ऐंशीवा, दोनशेवा
    return re.sub("ीस$", "िस", word) + "ा"


def fraction(above: str, below: str) -> str:
    """``2``, ``3`` -> दोन तृतीयांश; denominators without a name of their own: पाच छेद अकरा."""
    name = _PARTS.get(below.lstrip("0"))
    return f"{number(above)} {name}" if name else f"{number(above)} छेद {number(below)}"


def quarters(whole: str | None, part: str) -> str | None:
    """``1``, ``5`` -> दीड; ``3``, ``25`` -> सव्वातीन; ``3``, ``75`` -> पावणेचार; or None."""
    count = (whole or "0").replace(",", "").lstrip("0") or "0"
    if len(count) > 2:
        return None
    special = {("0", "75"): "पाऊण", ("1", "25"): "सव्वा", ("1", "5"): "दीड", ("2", "5"): "अडीच"}
    if (count, part) in special:
        return special[count, part]
    if part in ("25", "5"):
        return ("सव्वा" if part == "25" else "साडे") + cardinal(count) if count != "0" else None
    return f"पावणे{cardinal(str(int(count) + 1))}" if part == "75" else None

"""Hindi telephone numbers, codes and postal addresses: what makes digits be read one by one."""

from __future__ import annotations

import re

from understudy.text.spoken.devanagari import END, START, listed
from understudy.text.spoken.devanagari_words import HINDI_LETTERS
from understudy.text.spoken.hi.numbers import ORDINAL_SUFFIXES, english_ordinal, ordinal, spelled
from understudy.text.spoken.rules import Match, Rule, one_of

_REACH = 5  # how many words a telling word reaches

_PLACES = listed(
    """आंध्र प्रदेश,अरुणाचल प्रदेश,असम,बिहार,छत्तीसगढ़,गोवा,गुजरात,हरियाणा,हिमाचल प्रदेश,झारखंड,कर्नाटक,केरल,मध्य प्रदेश,
महाराष्ट्र,मणिपुर,मेघालय,मिज़ोरम,नागालैंड,ओडिशा,पंजाब,राजस्थान,सिक्किम,तमिलनाडु,तेलंगाना,त्रिपुरा,उत्तर प्रदेश,उत्तराखंड,
पश्चिम बंगाल,निकोबार द्वीप समूह,चंडीगढ़,दमन और दीव,दिल्ली,जम्मू और कश्मीर,लद्दाख,लक्षद्वीप,पुडुचेरी,अमरावती,ईटानगर,दिसपुर,
पटना,रायपुर,पणजी,गांधीनगर,शिमला,रांची,बेंगलुरु,बैंगलोर,तिरुवनंतपुरम,भोपाल,मुंबई,इम्फाल,शिलांग,आइजोल,कोहिमा,भुवनेश्वर,जयपुर,
गंगटोक,चेन्नई,हैदराबाद,अगरतला,लखनऊ,देहरादून,कोलकाता,पोर्ट ब्लेयर,दमन,श्रीनगर,जम्मू,लेह,कारगिल,कवरत्ती,पुणे,नागपुर,अहमदाबाद,
सूरत,इंदौर,कानपुर,वाराणसी,आगरा,फरीदाबाद,नोएडा,गुरुग्राम""".replace("\n", ""),
    ",",
)
"""States and the larger cities."""
_PLACE = rf"{START}(?:{one_of(_PLACES)}){END}"

_HOUSE_AND_PLACE = re.compile(rf"\d{{1,4}},? (?:[^\s\d]+ ){{0,6}}?{_PLACE}(?: \d{{6}})?\Z")

_STREETS = listed("""
    हाउस प्लॉट बूथ अपार्टमेंट फ्लैट यूनिट टावर टॉवर कॉम्प्लेक्स मंजिल फ्लोर ब्लॉक सेक्टर फेज रोड सड़क मार्ग स्ट्रीट गली राजमार्ग
    ड्राइव डिस्ट्रिक्ट बाईपास हाइवे पार्कवे कॉलोनी नगर पार्क एस्टेट बोलवार्ड मार्केट सेंटर पिन गांव पास ब्रिगेड नियर स्क्वेर मॉल
    इंस्टीट्यूट पिलर मेट्रो एवेन्यू वेस्ट सामने पीछे वीया
""")
# A sentence is no address, though it may speak of streets.
_SENTENCE = re.compile(
    rf"[।?!]|{START}(?:है|हैं|हूँ|हूं|हो|था|थे|थी|थीं|गया|गई|गए|ने|को|मैं|हम|वह|वे|यह|ये|उसके|उनके|इसके|मेरे|हमारे){END}"
)
_NUMBER_WORDS = listed("नंबर नम्बर कार्ड क्रेडिट पिन कोड पिनकोड ओटीपी")
_CALL_WORDS = listed("नंबर नम्बर मोबाइल फोन फ़ोन लैंडलाइन कॉल संपर्क व्हाट्सऐप")
_YEAR_AFTER = listed("में का की के से तक ई")
_EDGES = ",.।;:!?()\"'"

_TOKEN = re.compile(
    rf"(?P<ordinal>\d+(?:{one_of(ORDINAL_SUFFIXES)}){END})|(?P<english>\d+(?:st|nd|rd|th)\b)|(?P<digits>\d+)"
    r"|(?P<sign>[-/])|(?P<letter>(?<![A-Za-z])[A-Za-z](?![A-Za-z]))|[^\d/A-Za-z-]+|[A-Za-z]+"
)
_ORDINAL = re.compile(r"(\d+)(.+)")
_SIGNS = {"-": "हाइफ़न", "/": "बटा"}


def _postal(match: Match) -> str | None:
    """A text that is an address: digits near a word for a street or house are read one by one."""
    text = match.group()
    if _SENTENCE.search(text):
        return None
    words = text.split()
    bare = [word.strip(_EDGES) for word in words]
    streets = [at for at, word in enumerate(bare) if word in _STREETS]
    streets += [at for at in range(1, len(bare)) if bare[at - 1 : at + 1] == ["आर", "डी"]]
    near = {at for at in range(len(words)) if any(abs(at - street) <= _REACH for street in streets)}
    if _HOUSE_AND_PLACE.match(text):
        near.add(0)
    return " ".join(_one_by_one(word) if at in near else word for at, word in enumerate(words))


def _one_by_one(word: str) -> str:
    parts = []
    for part in _TOKEN.finditer(word):
        kind, written = part.lastgroup, part.group()
        if kind == "digits":
            written = spelled(written)
        elif kind == "sign":
            written = _SIGNS[written]
        elif kind == "english":
            written = english_ordinal(written[:-2])
        elif kind == "ordinal" and (pieces := _ORDINAL.match(written)):
            written = ordinal(pieces[1], pieces[2]) or f"{spelled(pieces[1])} {pieces[2]}"
        elif kind == "letter":
            written = HINDI_LETTERS[written.lower()]
        parts.append(written)
    return " ".join(parts)


def _numbered(match: Match) -> str | None:
    """Digits one by one within reach of a word such as number, code or card."""
    words = match.group().split(" ")
    bare = [word.strip(_EDGES) for word in words]
    numbers = [at for at, word in enumerate(bare) if word in _NUMBER_WORDS]
    calls = [at for at, word in enumerate(bare) if word in _CALL_WORDS]
    changed = False
    for at, digits in enumerate(bare):
        if len(digits) < 4 or not digits.isdecimal():
            continue
        year = len(digits) == 4 and bare[at + 1 : at + 2] and bare[at + 1] in _YEAR_AFTER
        if _near(at, calls) and _is_mobile(digits):
            said = _telephone(digits)
        elif _near(at, numbers) and not year:
            said = spelled(digits)
        else:
            continue
        words[at] = words[at].replace(digits, said)
        changed = True
    return " ".join(words) if changed else None


def _near(at: int, places: list[int]) -> bool:
    return any(abs(at - place) <= _REACH + 1 for place in places)


def _is_mobile(digits: str) -> bool:
    digits = digits.removeprefix("0")
    return len(digits) == 10 and digits[0] in "6789"


def _mobile(match: Match) -> str | None:
    """Ten digits in a sentence; alone they may be any number."""
    return None if match.group() == match.string.strip() else _telephone(match.group())


def _telephone(digits: str) -> str:
    """Numbers within the country begin with a zero, written or not."""
    return spelled("0" + digits.removeprefix("0"))


def _split_number(match: Match) -> str | None:
    """Area code and number: ten digits in all."""
    area, number = match[1].removeprefix("0"), match[2]
    landline = number[0] in "2346" and 2 <= len(area) <= 7
    mobile = area[0:1] in ("6", "7", "8", "9") and len(area) == 5
    if len(area + number) != 10 or not (landline or mobile):
        return None
    return _telephone(area + number)


def _international(match: Match) -> str:
    return f"प्लस {spelled(match.group())}"


RULES: tuple[Rule, ...] = (
    (re.compile(r"(?<!\w)\+\d[\d ()-]{5,18}\d(?![\d-])"), _international),
    (re.compile(r"(?<![\w.,/+-])\(?(\d{2,8})(?:\)|[- ]) ?(\d{2,8})(?![\w-]|[.,/:]\d)"), _split_number),
    (re.compile(r"(?<![\w.,/+-])0\d{2,4}(?:[ -]\d{3,4}){2}(?![\w-]|[.,:]\d)"), lambda m: spelled(m.group())),
    (
        re.compile(rf"(?s)\A(?=.*{START}(?:{one_of((*_NUMBER_WORDS, *_CALL_WORDS))}){END}).*\d{{4}}.*\Z"),
        _numbered,
    ),
    (re.compile(r"(?<![\w.,+/-])0?[6-9]\d{9}(?![\w/-]|[.,:]\d)"), _mobile),
    (re.compile(r"(?s)\A.*\d.*\Z"), _postal),
    (re.compile(rf"({_PLACE},? ?-? ?)(\d{{6}})(?![\d,.-])"), lambda match: f"{match[1]} {spelled(match[2])}"),
)

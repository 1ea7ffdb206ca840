"""Hindi number words. Every function takes digits as they were written."""

from __future__ import annotations

from understudy.text.spoken.devanagari import listed
from understudy.text.spoken.indian import IndianNumbers

NUMBERS = IndianNumbers(
    """
    शून्य एक दो तीन चार पाँच छह सात आठ नौ
    दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस
    बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस
    तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस
    चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास
    पचास इक्यावन बावन तिरेपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ
    साठ इकसठ बासठ तिरेसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर
    सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उनासी
    अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी
    नब्बे इक्यानबे बानबे तिरानबे चौरानबे पंचानबे छियानबे सत्तानबे अट्ठानबे निन्यानबे
    """,
    hundred=" सौ",
    one_hundred="एक सौ",
    scales=("हज़ार", "लाख", "करोड़", "अरब", "खरब", "नील", "पद्म", "शंख"),
    point="दशमलव",
)
cardinal, spelled, number, decimal, year = (
    NUMBERS.cardinal,
    NUMBERS.spelled,
    NUMBERS.number,
    NUMBERS.decimal,
    NUMBERS.year,
)

_OWN_STEMS = {"1": "पहल", "2": "दूसर", "3": "तीसर", "4": "चौथ", "6": "छठ"}
_OWN_ENDINGS = {"ा", "ी", "े"}
ORDINAL_SUFFIXES = listed("ला ली ले रा री रे था थी थे ठा ठी ठे वां वीं वें वाँ वीँ वेँ वे")
"""The last is often written without its dot."""

_ENGLISH = listed("""
    - फ़र्स्ट सेकंड थर्ड फ़ोर्थ फ़िफ्थ सिक्स्थ सेवंथ एटथ नाइंथ टेंथ इलेवंथ ट्वेल्फ्थ थर्टींथ फोर्टींथ फिफ्टींथ सिक्स्टींथ सेवंटींथ
    एटींथ नाइनटींथ
""")
_ENGLISH_TENS = {
    2: ("ट्वेंटी", "ट्वेंटिएथ"),
    3: ("थर्टी", "थर्टिएथ"),
    4: ("फोर्टी", "फोर्टिएथ"),
    5: ("फिफ्टी", "फिफ्टिएथ"),
}


def ordinal(digits: str, suffix: str) -> str | None:
    """``1``, ``ली`` -> पहली; ``7``, ``वां`` -> सातवां; nothing where the suffix is not the number's."""
    value = digits.replace(",", "").lstrip("0")
    if not suffix.startswith("व"):
        stem, ending = _OWN_STEMS.get(value), suffix[1:]
        expected = {"1": "ल", "2": "र", "3": "र", "4": "थ", "6": "ठ"}.get(value)
        return f"{stem}{ending}" if ending in _OWN_ENDINGS and suffix[0] == expected else None
    return cardinal(digits) + ("वें" if suffix == "वे" else suffix)


def english_ordinal(digits: str) -> str:
    """``1`` of ``1st`` -> फ़र्स्ट, the English word as Hindi writes it; Hindi's own beyond 59."""
    value = int(digits) if len(digits) < 3 else 0
    tens, ones = divmod(value, 10)
    if 0 < value < 20:
        return _ENGLISH[value]
    if tens in _ENGLISH_TENS:
        many, last = _ENGLISH_TENS[tens]
        return f"{many} {_ENGLISH[ones]}" if ones else last
    return f"{cardinal(digits)}वां"


def quarters(whole: str | None, part: str) -> str | None:
    """``1``, ``5`` -> डेढ़; ``3``, ``25`` -> सवा तीन; ``3``, ``75`` -> पौने चार; nothing for other parts."""
    count = (whole or "0").replace(",", "").lstrip("0")
    if part == "5" and count:
        return {"1": "डेढ़", "2": "ढाई"}.get(count) or f"साढ़े {cardinal(count)}"
    if part == "25" and count:
        return f"सवा {cardinal(count)}"
    return f"पौने {cardinal(str(int(count or 0) + 1))}" if part == "75" and len(count) < 9 else None

"""Latin letters and English words of the net in Devanagari: Hindi's spelling, and what Marathi changes."""

from __future__ import annotations

from understudy.text.spoken.devanagari import table

_NAMES = "ए बी सी डी ई एफ जी एच आई जे के एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू एक्स वाई ज़ेड"
HINDI_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", _NAMES.split(), strict=True))
MARATHI_LETTERS = HINDI_LETTERS | {"i": "आय", "v": "व्ही", "y": "वाय", "z": "झेड"}

HINDI_ENDINGS = table("""
com कॉम, org ऑर्ग, net नेट, info इन्फो, biz बिज़, in इन, tech टेक, online ऑनलाइन, store स्टोर, blog ब्लॉग,
site साइट, pro प्रो, app ऐप, ernet ई आर नेट
""")
HINDI_BRANDS = table("""
    gmail जीमेल, yahoo याहू, hotmail हॉटमेल, google गूगल, microsoft माइक्रोसॉफ्ट, facebook फ़ेसबुक, twitter ट्विटर,
    instagram इंस्टाग्राम, linkedin लिंक्डइन, youtube यूट्यूब, amazon अमेज़ोन, wikipedia विकिपीडिया, netflix नेटफ्लिक्स,
    spotify स्पॉटिफाई, samsung सैमसंग, nvidia एनविडिया, wordpress वर्डप्रेस, mozilla मॉज़िला, flipkart फ्लिपकार्ट,
    paytm पेटीएम, whatsapp व्हाट्सऐप, telegram टेलीग्राम, honda होंडा
""")
"""Names that are no other English word: read as words in any text."""

_SITES = """
outlook आउटलुक, live लाइव, github गिटहब, reddit रेडिट, apple एप्पल, intel इंटेल, adobe अडोब, blogger ब्लॉगर,
ebay ई बे, coursera कोर्सेरा, udemy यूडेमी, apache अपाची, python पाइथन, harvard हावर्ड, zoom ज़ूम
"""
_NET = """
about अबाउट, home होम, homepage होमपेज, index इंडेक्स, login लॉगिन, register रजिस्टर, search सर्च, tag टैग,
tags टैग्स, category केटेगरी, categories केटेगरीज़, post पोस्ट, posts पोस्ट्स, page पेज, pages पेजेस, user यूज़र,
users यूज़र्स, admin एडमिन, faq एफ ए क्यू, help हेल्प, terms टर्म्स, privacy प्राइवेसी, contact कॉन्टैक्ट, main मेन,
explore एक्सप्लोर, wiki विकी, docs डॉक्स, download डाउनलोड, downloads डाउनलोड्स, upload अपलोड, uploads अपलोड्स,
photos फ़ोटोज़, images इमेजेज़, pictures पिक्चर्स, music म्यूज़िक, video वीडियो, videos वीडियोज़, audio ऑडियो,
desktop डेस्कटॉप, documents डॉक्युमेंट्स, master मास्टर, blob ब्लॉब, tree ट्री, test टेस्ट, tests टेस्ट्स,
config कॉन्फ़िग, settings सेटिंग्स, profile प्रोफ़ाइल, account अकाउंट, web वेब, email ई मेल, laptop लैपटॉप,
mobile मोबाइल, phone फोन, phones फोन्स, courses कोर्सेज़, learn लर्न, learning लर्निंग, university यूनिवर्सिटी,
universities यूनिवर्सिटीज़, academy अकेडमी, college कॉलेज, school स्कूल, domain डोमेन, domains डोमेन्स,
analysis अनैलिसिस, play प्ले, maps मैप्स, drive ड्राइव, cloud क्लाउड, services सर्विसेज़, screenshot स्क्रीनशॉट,
kernel कर्नल, bin बिन, var वार, activate एक्टिवेट, sites साइट्स, available अवेलेबल, enabled इनेबल्ड, backups बैकअप्स,
temp टेम्प, secure सेक्योर, real रियल, data डेटा, work वर्क, survey सर्वे, file फ़ाइल, files फाइल्स, chapter चैप्टर,
sample सैंपल, templates टेम्पलेट्स, impress इंप्रेस, office ऑफिस, express एक्सप्रेस, scribe स्क्राइब,
transcription ट्रांसक्रिप्शन, software सॉफ्टवेयर, teams टीम्स, space स्पेस, content कंटेन्ट, default डिफ़ॉल्ट,
workflows वर्कफ्लोज़, world वर्ल्ड, list लिस्ट, license लाइसेंस, blogs ब्लॉग्स, banks बैंक्स, address एड्रेस,
price प्राइस, and एंड
"""
_OTHERS = """
india इंडिया, bharat भरत, recipe रेसिपी, green ग्रीन, brown ब्राउन, white व्हाइट, black ब्लैक, house हाउस,
king किंग, hall हॉल, lane लेन
"""


HINDI_WORDS = HINDI_BRANDS | table(_SITES) | table(_NET) | table(_OTHERS)


def marathi(word: str) -> str:
    """A borrowed word of Hindi as Marathi spells it: the vowel of "tag" is ॅ, f and z have no dot below."""
    for hindi, own in (("फ़", "फ"), ("ज़", "झ"), ("ऐ", "ॲ"), ("ै", "ॅ"), ("आई", "आय")):
        word = word.replace(hindi, own)
    return word


MARATHI_ENDINGS = {ending: marathi(written) for ending, written in HINDI_ENDINGS.items()}
MARATHI_BRANDS = {name: marathi(written) for name, written in HINDI_BRANDS.items()}
MARATHI_WORDS = {word: marathi(written) for word, written in HINDI_WORDS.items()}

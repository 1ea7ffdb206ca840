"""Hindi units, currencies, months, signs and abbreviations."""

from __future__ import annotations

from understudy.text.spoken.devanagari import listed, metric, spaced, table

SIGNS = table("""
    . डॉट, - हाइफ़न, _ अंडर स्कोर, @ एट, / फॉरवर्ड स्लैश, \\ बैकवर्ड स्लैश, : कोलन, # हैशटैग, $ डॉलर, % प्रतिशत, & एंड,
    + प्लस, = इक्वल, ? क्वेश्चन मार्क, * स्टार, ~ टिल्डा, | पाइप, ; सेमीकोलन, ( ओपन ब्रेकेट, ) क्लोज़ ब्रेकेट
""") | {",": "कॉमा", " ": "स्पेस"}
"""As they are called inside addresses."""

SYMBOLS = table("""
    % प्रतिशत, ‰ प्रति हज़ार, & और, + प्लस, = बराबर, × गुणा, ÷ भागा, ° डिग्री, @ एट, ² का वर्ग, ³ का घन, ₹ रुपए,
    $ डॉलर, € यूरो, £ पाउंड, ¥ येन, ₩ वॉन, ₺ लीरा, ৳ टका, ₦ नाइरा
""")
"""As they are called alone."""

MONTHS = listed("जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर")
MONTH_SPELLINGS = MONTHS + listed("फरवरी फ़रवरी सितम्बर अक्तूबर नवम्बर दिसम्बर अप्रेल")

_COINS = {
    ("रुपए", "पैसे"): "₹ ₨ Rs Rs. रु रु. रू. INR",
    ("डॉलर", "सेंट"): "$ US$ USD",
    ("ऑस्ट्रेलियाई डॉलर", "सेंट"): "A$ AUD",
    ("कनाडाई डॉलर", "सेंट"): "C$ CAD",
    ("यूरो", "सेंट"): "€ EUR",
    ("पाउंड", "पेंस"): "£ GBP",
    ("वॉन", "जिओन"): "₩ KRW",
    ("लीरा", "कुरस"): "₺ TRY",
    ("टका", "पैसे"): "৳ BDT",
    ("येन", "सेन"): "¥ JPY",
    ("नाइरा", "कोबो"): "₦ NGN",
    ("रूबल", "कोपेक"): "₽ RUB",
    ("पेसो", "सेंटावो"): "₱",
    ("बाट", "सतांग"): "฿",
    ("शेकेल", "अगोरा"): "₪",
    ("रिव्निया", "कोपियका"): "₴",
    ("डोंग", "हाओ"): "₫",
}
CURRENCIES = {sign: coins for coins, signs in _COINS.items() for sign in signs.split()}
"""Whole and hundredth."""

SCALES = {
    scale: scale for scale in listed("हज़ार हज़ार हजार लाख करोड़ करोड़ अरब खरब मिलियन बिलियन ट्रिलियन")
} | table("""
    thousand हज़ार, lakh लाख, crore करोड़, cr करोड़, million मिलियन, mn मिलियन, billion बिलियन, bn बिलियन,
    trillion ट्रिलियन
""")

_PREFIXES = table("""
    k किलो, h हेक्टो, da डेका, d डेसी, c सेंटी, m मिली, µ माइक्रो, μ माइक्रो, n नैनो, M मेगा, G गीगा, T टेरा
""")
_BASES = table("""
    m मीटर, g ग्राम, l लीटर, L लीटर, W वाट, V वोल्ट, A ऐंपीयर, Pa पास्कल, J जूल, N न्यूटन, Hz हर्ट्ज़, Ω ओम
""")
_DATA_PREFIXES = table("k किलो, K किलो, M मेगा, G गीगा, T टेरा, P पेटा, E एक्सा, Z जेटा, Y योटा")
_DATA = table("B बाइट, b बिट")
PERIODS = table("""
    s सेकंड, sec सेकंड, min मिनट, h घंटा, hr घंटा, d दिन, day दिन, month महीना, yr वर्ष, ac एकड़, kg किलोग्राम,
    g ग्राम, l लीटर, L लीटर, m मीटर, km किलोमीटर, doz दर्जन
""")
"""What stands after the stroke of a rate."""

YEARS = ("yr", "yrs")
LONG_YEAR = "वर्ष"
"""Of a thousand years and more, and of decimals that are no quarters."""

_COUNTED = listed("""
    सेकंड मिनट घंटा घंटे घंटों दिन दिनों हफ़्ते हफ़्ते हफ्ते हफ़्तों सप्ताह महीना महीने महीनों साल सालों वर्ष वर्षों सदियां सदियों दर्जन
""")
QUARTERED = {word: word for word in _COUNTED} | table("""
    s सेकंड, sec सेकंड, min मिनट, h घंटे, hr घंटा, hrs घंटे, d दिन, month महीना, months महीने, yr साल, yrs साल,
    doz दर्जन, hp हॉर्सपॉवर
""")
"""Units counted by halves and quarters: डेढ़ साल."""

UNITS = (
    metric(_PREFIXES, _BASES)
    | metric(_DATA_PREFIXES, _DATA)
    | QUARTERED
    | table("""
    °C डिग्री सेल्सियस, ℃ डिग्री सेल्सियस, °F डिग्री फारेनहाइट, ℉ डिग्री फारेनहाइट, K केल्विन, lb पाउंड, lbs पाउंड,
    oz आउन्स, t टन, st स्टोन, q क्विंटल, my मिरियामीटर, mi मील, ft फीट, in इंच, yd यार्ड, गज गज, ha हेक्टेयर,
    ac एकड़, qt क्वार्ट, gal गैलन, pt पिंट, KW किलोवाट, kWh किलोवाट घंटा, BB ब्रोन्टोबाइट, C कूलंब, KHz किलोहर्ट्ज़,
    dB डेसीबल, ct कैरेट, pH पीएच, mph मील प्रति घंटा, kmph किलोमीटर प्रति घंटा, rpm चक्कर प्रति मिनट, cal कैलोरी,
    kcal किलोकैलोरी, px पिक्सल, किमी किलोमीटर, सेमी सेंटीमीटर, मिमी मिलीमीटर, किग्रा किलोग्राम, मिग्रा मिलीग्राम
""")
    | spaced(
        table("""
    कि.मी. किलोमीटर, मी. मीटर, से.मी. सेंटीमीटर, मि.मी. मिलीमीटर, कि.ग्रा. किलोग्राम, ग्रा. ग्राम,
    मि.ग्रा. मिलीग्राम, ली. लीटर, मि.ली. मिलीलीटर
""")
    )
)
POWERS = {"²": "वर्ग", "³": "घन"}

TITLES = table("""
    डॉ डॉक्टर, डा डॉक्टर, प्रो प्रोफेसर, इं इंजीनियर, ले लेफ्टिनेंट, वै वैज्ञानिक, कु कुमारी, मा मास्टर, पं पंडित,
    स्व स्वर्गीय, एड एडवोकेट
""")
"""Before a name, with a full stop."""

"""The scripts that languages are written in."""

from __future__ import annotations

import re
from functools import cache

# Unicode blocks that hold a script's letters, as the inside of a character class.
_BLOCKS = {
    "Arabic": "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "Armenian": "\u0530-\u058f\ufb13-\ufb17",
    "Bengali": "\u0980-\u09ff",
    "Cyrillic": "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    "Devanagari": "\u0900-\u097f\ua8e0-\ua8ff",
    "Ethiopic": "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f",
    "Georgian": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f",
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
    "Gujarati": "\u0a80-\u0aff",
    "Gurmukhi": "\u0a00-\u0a7f",
    "Han": "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af",
    "Hangul": "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc",
    "Hebrew": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Kana": "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001b000-\U0001b16f",
    "Kannada": "\u0c80-\u0cff",
    "Khmer": "\u1780-\u17ff",
    "Lao": "\u0e80-\u0eff",
    "Latin": "A-Za-z\u00aa\u00ba\u00c0-\u024f\u0250-\u02af\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f"
    "\ua720-\ua7ff\uab30-\uab6f\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a",
    "Malayalam": "\u0d00-\u0d7f",
    "Myanmar": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
    "Odia": "\u0b00-\u0b7f",
    "Sinhala": "\u0d80-\u0dff",
    "Tamil": "\u0b80-\u0bff",
    "Telugu": "\u0c00-\u0c7f",
    "Thai": "\u0e00-\u0e7f",
    "Tibetan": "\u0f00-\u0fff",
}

_LANGUAGES = {
    "Arabic": "ar ckb fa ks ps sd ug ur",
    "Armenian": "hy",
    "Bengali": "as bn",
    "Cyrillic": "be bg kk ky mk mn ru tg tt uk",
    "Devanagari": "bho hi kok mai mr ne sa",
    "Ethiopic": "am ti",
    "Georgian": "ka",
    "Greek": "el",
    "Gujarati": "gu",
    "Gurmukhi": "pa",
    "Han": "zh",
    "Han Kana": "ja",
    "Hangul Han": "ko",
    "Hebrew": "he yi",
    "Kannada": "kn",
    "Khmer": "km",
    "Lao": "lo",
    "Latin": "af ca cs cy da de en eo es et eu fi fil fr ga gl ha hr hu id is it jv la lb lt lv mg ms mt nb "
    "nl nn no pl pt ro sk sl so sq sv sw tl tr vi xh yo zu",
    "Malayalam": "ml",
    "Myanmar": "my",
    "Odia": "or",
    "Sinhala": "si",
    "Tamil": "ta",
    "Telugu": "te",
    "Thai": "th",
    "Tibetan": "bo dz",
}
_SCRIPTS = {language: scripts for scripts, languages in _LANGUAGES.items() for language in languages.split()}


@cache
def _outside(scripts: str) -> re.Pattern[str]:
    """What is of none of these scripts."""
    return re.compile(f"[^{''.join(_BLOCKS[script] for script in scripts.split())}]")


def script_share(text: str, language: str) -> float:
    """Share of the letters of ``text`` that are of its language's scripts; 0 where it has no letter.

    Of a language that is not in the table it is the share of the script that most of the letters are of, so
    mixtures stand out and nothing else does. Digits, marks, punctuation and emoji are no letters.
    """
    letters = "".join(filter(str.isalpha, text))
    if not letters:
        return 0.0
    known = _SCRIPTS.get(language)
    outside = min(len(_outside(scripts).findall(letters)) for scripts in ([known] if known else _BLOCKS))
    return 1 - outside / len(letters)

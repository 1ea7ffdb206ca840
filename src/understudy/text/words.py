"""Where words begin, also in scripts that put no space between them."""

from __future__ import annotations

import re

UNSPACED_LANGUAGES = frozenset({"ja", "km", "lo", "my", "th", "zh"})
"""Languages written without spaces between words."""

# Han with its extensions and iteration marks, Hiragana, Katakana with half-width forms, Thai.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
                       "\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af]")  # fmt: skip
# Marks that belong to the character before them: Thai vowel and tone signs, kana voicing marks.
_ATTACHED = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u3099\u309a\uff9e\uff9f]")


def count_words(text: str, language: str) -> int:
    """Number of words: by spaces, or half the characters (rounded up) where the language has no spaces."""
    if language in UNSPACED_LANGUAGES:
        return (sum(map(len, text.split())) + 1) // 2
    return len(text.split())


def starts_unit(text: str, i: int) -> bool:
    """Whether a labelling unit begins at character ``i``.

    A unit is a word between spaces; in Han, Hiragana, Katakana and Thai text every character is one.
    """
    here = text[i]
    if is_blank(here):
        return False
    if i == 0 or is_blank(text[i - 1]):
        return True
    if here.isascii() and text[i - 1].isascii():
        return False
    if _ATTACHED.match(here):
        return False
    return bool(_UNSPACED.match(here) or _UNSPACED.match(text[i - 1]))


def is_blank(character: str) -> bool:
    """White space, the zero-width space included, which Python counts as a letter."""
    return character.isspace() or character == "\u200b"

"""Lower case without punctuation: the last step in every language."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = "'’ʼ＇"
_HYPHENS = "-‐‑－"
_JOINERS = "\u200c\u200d"  # they change letters in Indic scripts
# Letters read one by one keep their full stops: "a. m.".
_LETTER_RUN = re.compile(r"(?<![^\s])((?:[^\W\d_]\. )+[^\W\d_]\.)(?![\w'-])")
_OUTER = re.compile(r"['-]{2,}|(?<!\S)['-]|['-](?!\S)")


class _Kept(dict[int, int]):
    """For ``str.translate``: letters, marks and numbers as they are, all else a space. Fills itself."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        if character in _APOSTROPHES:
            kept = "'"
        elif character in _HYPHENS:
            kept = "-"
        elif character in _JOINERS or unicodedata.category(character)[0] in "LMN":
            kept = character
        else:
            kept = " "
        self[code] = ord(kept)
        return self[code]


_TABLE = _Kept()


def plain(text: str) -> str:
    """Lower case; every character but letters, marks, numbers and in-word apostrophes and hyphens dropped."""
    text = text.lower().translate(_TABLE)
    if "'" in text or "-" in text:
        text = _OUTER.sub(" ", text)
    return " ".join(text.split())


def spoken_letters(text: str) -> str:
    """As :func:`plain`, but letters read one by one, ``a. m.``, keep their full stops.

    It is how recognisers and the paper write them, and it tells them from one-letter words.
    """
    text = " ".join(text.lower().split())
    if ". " not in text:
        return plain(text)
    parts = _LETTER_RUN.split(text)
    parts[::2] = map(plain, parts[::2])
    return " ".join(part for part in parts if part)

"""The one normalisation every text goes through when it is read."""

from __future__ import annotations

import re

# Controls, the byte order mark, and lone surrogates, which JSON can hold and UTF-8 cannot.
# Joiners (U+200C, U+200D) stay: they change letters in Indic scripts.
_DROPPED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff]")


def fold(text: str) -> str:
    """Every run of white space becomes one space, ends are stripped, unprintable characters dropped.

    Letters are not touched (no NFKC here): SentencePiece normalises for itself and keeps offsets.
    ``fold(fold(x)) == fold(x)``.
    """
    if not text.isprintable():
        text = _DROPPED.sub("", text)
    elif "  " not in text and text.strip(" ") == text:  # no other white space is printable
        return text
    return " ".join(text.split())

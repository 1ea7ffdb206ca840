"""Text as the subword model sees it, and where each of its characters stood in the text given.

Unicode NFKC, so that full-width Latin, half-width Katakana, Arabic presentation forms and decomposed
accents share pieces; runs of white space become one space; invisible marks go. It is done here and not by
SentencePiece's own rules because those cannot be written down exactly for Hugging Face, and because
``nmt_nfkc`` turns the joiners of Indic scripts (U+200C, U+200D) into spaces. The model itself then uses the
identity, and text that is already normal, nearly all of it, costs one check and no offset table.
"""

from __future__ import annotations

import re
from unicodedata import combining, is_normalized, normalize

DROPPED = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Inside of a character class: controls, soft hyphen, direction marks, word joiner, byte order mark."""
BLANK = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2581\u3000"
"""Inside of a character class: white space, and U+2581, which SentencePiece writes for a space."""

# Lone surrogates can stand in a Python string (JSON lets them in) but not in UTF-8.
_DROPPED = re.compile(f"[{DROPPED}\ud800-\udfff]")
_BLANKS = re.compile(f"[{BLANK}]+")

Span = tuple[int, int]


def _is_plain(text: str) -> bool:
    """Cheap and sufficient: nothing would change. All that is dropped or blank is unprintable, but two."""
    return (
        text.isprintable()
        and is_normalized("NFKC", text)
        and "  " not in text
        and "\u2581" not in text
        and text[:1] != " "
        and text[-1:] != " "
    )


def normalized(text: str) -> str:
    """NFKC, invisible marks dropped, white space folded to single spaces, ends stripped."""
    if _is_plain(text):
        return text
    return _BLANKS.sub(" ", normalize("NFKC", _DROPPED.sub("", text))).strip(" ")


def aligned(text: str) -> tuple[str, list[Span] | None]:
    """The normalised text, and for each of its characters the span of ``text`` it came from.

    Where several characters became one, or one became several, each result has the whole span; spans never
    go back. ``None`` stands for the identity: nothing was changed.
    """
    normal = normalized(text)
    if normal == text:
        return normal, None
    out: list[str] = []
    spans: list[Span] = []
    for chunk, span in _chunks(text):
        result = normalize("NFKC", chunk)
        same = result == chunk and span[1] - span[0] == len(chunk)
        for i, character in enumerate(result):
            if _BLANKS.match(character):
                if not out or out[-1] == " ":
                    continue
                character = " "
            out.append(character)
            spans.append((span[0] + i, span[0] + i + 1) if same else span)
    while out and out[-1] == " ":
        out.pop()
        spans.pop()
    return "".join(out), spans


def _chunks(text: str) -> list[tuple[str, Span]]:
    """Cut the text (without what is dropped) into pieces that NFKC treats independently of each other."""
    chunks: list[tuple[str, Span]] = []
    for i, character in enumerate(text):
        if _DROPPED.match(character):
            continue
        if chunks and _joins(chunks[-1][0], character):
            before, (start, _) = chunks[-1]
            chunks[-1] = (before + character, (start, i + 1))
        else:
            chunks.append((character, (i, i + 1)))
    return chunks


def _joins(before: str, character: str) -> bool:
    """Whether NFKC may reorder or compose ``character`` with what stands before it."""
    if character.isascii():
        return False
    if combining(normalize("NFKD", character)[0]):
        return True
    # A character of class 0 shields what is before it from what is after it, unless it composes (Hangul).
    return normalize("NFKC", before + character) != normalize("NFKC", before) + normalize("NFKC", character)

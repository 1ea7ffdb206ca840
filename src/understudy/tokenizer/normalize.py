"""Text as the subword model sees it, and where each of its characters stood in the text given.

Unicode NFKC, so that full-width Latin, half-width Katakana, Arabic presentation forms and decomposed
accents share pieces; runs of white space become one space; invisible marks go. It is done here and not by
SentencePiece's own rules because those cannot be written down exactly for Hugging Face, and because
``nmt_nfkc`` turns the joiners of Indic scripts (U+200C, U+200D) into spaces. The model itself then uses the
identity, and text that is already normal, nearly all of it, costs one check and no offset table.

Unicode grows, and with it NFKC: the tables of Hugging Face's library end at Unicode 10, those of Python 3.11
at 14. What is newer stays as it was typed on both sides, so that ids depend on neither.
"""

from __future__ import annotations

import re
from unicodedata import combining, is_normalized, normalize

DROPPED = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Inside of a character class: controls, soft hyphen, direction marks, word joiner, byte order mark."""
BLANK = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2581\u3000"
"""Inside of a character class: white space, and U+2581, which SentencePiece writes for a space."""

NEWER = (
    "558 58B-58C 5C8-5C9 7FD 897-89F 8CA-8D3 9FE C3C D3B-D3C EBA 1715 1ABF-1AF0 1DF6-1DFA 209D-209F "
    "A7F1-A7F4 A82C AB69 105D2 105DA 10781-10785 10787-107B0 107B2-107BF 10D24-10D27 10D69-10D6D "
    "10EAB-10EAC 10ECB-10ECF 10EF0-10EFB 10EFD-10EFF 10F46-10F50 10F82-10F85 11070 1133B 113B8 113BB "
    "113C2 113C9 113CE-113D0 1145E 11839-1183A 11930 1193D-1193E 11943 119E0 11A34 11A47 11A99 11D42 "
    "11D44-11D45 11D97 11F41-11F42 1611E-16120 16129 1612F 16D67 16FF0-16FF1 1B123-1B126 1CCD6-1CCF9 "
    "1D127-1D128 1D250-1D252 1D25B-1D25C 1D25F 1D280-1D281 1D6A6 1DF95 1DFCD-1DFFF 1E030-1E06D 1E08F "
    "1E130-1E136 1E2AE 1E2EC-1E2EF 1E4EC-1E4EF 1E5EE-1E5EF 1E6E3 1E6E6 1E6EE-1E6EF 1E6F5 1F16C "
    "1FBF0-1FBF9"
)
"""Code points of Unicode 11 to 18 that NFKC maps, reorders or composes, in hexadecimal; without U+32FF, the
sign of the Reiwa era, which is in use: for Hugging Face it is spelled out."""

# Lone surrogates can stand in a Python string (JSON lets them in) but not in UTF-8.
_DROPPED = re.compile(f"[{DROPPED}\ud800-\udfff]")
_BLANKS = re.compile(f"[{BLANK}]+")
_NEWER = re.compile(
    "([" + "".join("-".join(chr(int(end, 16)) for end in each.split("-")) for each in NEWER.split()) + "])"
)

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


def _nfkc(text: str) -> str:
    if not _NEWER.search(text):
        return normalize("NFKC", text)
    # Every second part is a newer character: nothing is composed with it or moved past it.
    parts = _NEWER.split(text)
    return "".join(part if i % 2 else normalize("NFKC", part) for i, part in enumerate(parts))


def normalized(text: str) -> str:
    """NFKC, invisible marks dropped, white space folded to single spaces, ends stripped."""
    if _is_plain(text):
        return text
    return _BLANKS.sub(" ", _nfkc(_DROPPED.sub("", text))).strip(" ")


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
        result = _nfkc(chunk)
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
    if character.isascii() or _NEWER.match(character):
        return False
    if combining(normalize("NFKD", character)[0]):
        return True
    # A character of class 0 shields what is before it from what is after it, unless it composes (Hangul).
    return _nfkc(before + character) != _nfkc(before) + _nfkc(character)

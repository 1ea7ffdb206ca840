"""Runs of n words of many texts at once, as 64-bit hashes that are the same on every machine.

Numpy on whole batches, without a call a word: a word is hashed as a polynomial of its bytes, an n-gram as a
weighted sum of its words, each then mixed.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from understudy.text.words import UNSPACED_LANGUAGES

Hashes = NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15  # odd, so it has an inverse modulo 2**64


class Grams(NamedTuple):
    """The n-grams of a batch of texts, one after another."""

    hashes: Hashes
    """[grams]"""
    counts: NDArray[np.int64]
    """[texts]; none only for an empty text. A text of fewer words is one gram by itself."""


_APOSTROPHES = "'’ʼ＇`´"


@cache
def _noise() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What vanishes (apostrophes, format characters), and what parts words: in the basic plane, and above it.

    Two patterns, because `re` has a table for characters of the basic plane, and runs through ranges as soon
    as one of the class is above it.
    """
    ranges: dict[str, list[list[int]]] = {"gone": [], "low": [], "high": []}
    for code in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(code))
        if category == "Cf" or chr(code) in _APOSTROPHES:
            found = ranges["gone"]
        elif category[0] in "PS":
            found = ranges["low" if code < 0x10000 else "high"]
        else:
            continue
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    # Few format characters are above it (tags, musical beams), and none parts words.
    ranges["gone"] = [span for span in ranges["gone"] if span[1] < 0x10000]
    gone, low, high = (
        re.compile("[" + "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in spans) + "]")
        for spans in ranges.values()
    )
    return gone, low, high


def plain(text: str, language: str) -> str:
    """The text as comparisons see it: compatible forms, lower case, no punctuation, single spaces.

    Languages written without spaces lose them all.
    """
    gone, low, high = _noise()
    text = low.sub(" ", unicodedata.normalize("NFKC", gone.sub("", text)).lower())
    if not text.isascii() and max(text) > "\uffff":
        text = high.sub(" ", text)
    return ("" if language in UNSPACED_LANGUAGES else " ").join(text.split())


def grams(texts: Sequence[str], language: str, n: int) -> Grams:
    """The n-grams of texts after :func:`plain`: of words, or of characters where there are no spaces."""
    tokens, lengths = _characters(texts) if language in UNSPACED_LANGUAGES else _words(texts)
    ends = np.cumsum(lengths)
    left = np.repeat(ends, lengths) - np.arange(len(tokens))  # tokens from here to the end of the text
    sums = np.zeros(len(tokens), np.uint64)
    for k, weight in enumerate(constants("gram", n)):
        ahead = tokens[k:] * weight
        sums[: len(ahead)] += np.where(left[: len(ahead)] > k, ahead, np.uint64(0))
    first = np.zeros(len(tokens), np.bool_)
    first[(ends - lengths)[lengths > 0]] = True
    kept = (left >= n) | first
    counts = np.where(lengths > 0, np.maximum(lengths - n + 1, 1), 0)
    return Grams(mix(sums[kept]), counts)


def mix(values: Hashes) -> Hashes:
    """Every bit of a value into every bit of its hash (the finalizer of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@cache
def constants(purpose: str, count: int) -> Hashes:
    """Fixed odd numbers, the same everywhere; different purposes have different ones."""
    begin = int.from_bytes(purpose.encode().ljust(8)[:8], "little")
    with np.errstate(over="ignore"):
        steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_BASE) + np.uint64(begin)
    return mix(steps) | np.uint64(1)


@cache
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """The first powers of the base, and of its inverse."""
    inverse = pow(_BASE, -1, 1 << 64)
    return tuple(
        np.multiply.accumulate(np.array([1] + [base] * (count - 1), np.uint64)) for base in (_BASE, inverse)
    )  # type: ignore[return-value]


def _words(texts: Sequence[str]) -> tuple[Hashes, NDArray[np.int64]]:
    lengths = np.array([text.count(" ") + 1 if text else 0 for text in texts], np.int64)
    data = np.frombuffer(" ".join(filter(None, texts)).encode("utf-8", "replace"), np.uint8)
    if not len(data):
        return np.zeros(0, np.uint64), lengths
    # Rounded up, so that few lengths are kept.
    powers, inverses = _powers(1 << len(data).bit_length())
    prefix = np.zeros(len(data) + 1, np.uint64)
    np.cumsum(constants("byte", 256)[data] * powers[: len(data)], out=prefix[1:])
    spaces = np.flatnonzero(data == ord(" "))
    starts = np.concatenate(([0], spaces + 1))
    ends = np.concatenate((spaces, [len(data)]))
    return mix((prefix[ends] - prefix[starts]) * inverses[starts]), lengths


def _characters(texts: Sequence[str]) -> tuple[Hashes, NDArray[np.int64]]:
    lengths = np.array([len(text) for text in texts], np.int64)
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32)
    return mix(codes.astype(np.uint64) * np.uint64(_BASE)), lengths

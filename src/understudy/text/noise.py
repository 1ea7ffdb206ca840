"""Errors as a speech recogniser makes them, for studies of robustness: words dropped, mistaken, cut, joined.

Every choice hangs on a keyed hash of the sentence: it is the same wherever the sentence is met.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from random import Random

from understudy.text.homophones import homophones
from understudy.text.words import UNSPACED_LANGUAGES

_VIRAMA = 9  # the combining class of the signs that tie Indic consonants together


@dataclass(frozen=True)
class NoiseRates:
    """Each from 0 to 1."""

    word_drop: float = 0.0
    """Of all words, the share that is not heard."""
    homophone: float = 0.0
    """Of the words left that sound like another, the share taken for it."""
    split: float = 0.0
    """Of the words left, the share of wrong boundaries: half are cut in two, half joined to the next."""


def noisy(text: str, language: str, rates: NoiseRates, key: bytes) -> str:
    """A text in spoken form with errors; never without any word unless it had none.

    In languages written without spaces two characters count as a word, and words are only dropped. Letters
    read one by one (``a. m.``) are neither cut nor joined, words that no cut leaves two letters each side are
    not cut, and the last word is not joined.

    Args:
        key: the key of the hash, at most 64 bytes; another key, another choice of errors.
    """
    chance = Random(blake2b(text.encode(), digest_size=16, key=key).digest())
    if language in UNSPACED_LANGUAGES:
        return _thinned(text, rates.word_drop, chance)
    words = text.split()
    heard = [word for word in words if chance.random() >= rates.word_drop] or words
    alike = homophones(language)
    heard = [
        alike[word][_any(len(alike[word]), chance)]
        if word in alike and chance.random() < rates.homophone
        else word
        for word in heard
    ]
    return "".join(_respaced(heard, rates.split, chance)).strip()


def _thinned(text: str, rate: float, chance: Random) -> str:
    heard = (piece for piece in re.findall(r"\S{1,2}\s*", text) if chance.random() >= rate)
    return "".join(heard).strip() or text


def _respaced(words: list[str], rate: float, chance: Random) -> Iterator[str]:
    """The words with what comes after each: a space, or nothing where two are joined."""
    for word, following in zip(words, [*words, "."][1:], strict=True):
        if chance.random() >= rate:
            yield f"{word} "
        elif chance.random() < 0.5:
            joined = "." not in word and "." not in following
            yield word if joined else f"{word} "
        else:
            cuts = [i for i in range(2, len(word) - 1) if _may_cut(word, i)]
            cut = cuts[_any(len(cuts), chance)] if cuts and "." not in word else len(word)
            yield f"{word[:cut]} {word[cut:]} " if cut < len(word) else f"{word} "


def _any(count: int, chance: Random) -> int:
    """As ``chance.randrange``, of which Python does not promise that it stays the same."""
    return int(chance.random() * count)


def _may_cut(word: str, i: int) -> bool:
    """Between two letters, and not inside an Indic cluster."""
    before, after = word[i - 1], word[i]
    return (
        unicodedata.combining(before) != _VIRAMA
        and unicodedata.category(after)[0] == "L"
        and before not in "'-"
    )

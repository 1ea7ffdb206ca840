"""Noun mask-filling (paper A 2.7): in each sentence one noun is masked, and all its pieces must come back.

Unlike perplexity it compares models with different tokenizers: what is counted is nouns, whatever the pieces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.corpus.draw import draw, key

Span = tuple[int, int]


def choose(sentence: str, count: int, seed: int) -> int:
    """Which of ``count`` nouns is masked: always the same for a sentence's id and a seed.

    Args:
        sentence: its id, with the language in it if ids repeat over languages.
        count: nouns in the sentence, at least 1.
    """
    return draw(sentence, key(seed, "noun")) % count


def touched(offsets: Sequence[Span], noun: Span) -> list[int]:
    """Which pieces hold a character of the noun: these are masked, even where one holds more besides.

    Args:
        offsets: characters ``text[start:end]`` of each piece; special and empty ones hold none.
        noun: its characters.
    """
    return [i for i, (start, end) in enumerate(offsets) if start < end and start < noun[1] and end > noun[0]]


@dataclass(frozen=True)
class Filled:
    """One masked noun."""

    language: str
    true: npt.NDArray[np.int64]
    """(n,) ids of its pieces, at least one."""
    predicted: npt.NDArray[np.int64]
    """(n,) the best piece at each of them."""


def accuracy(filled: Sequence[Filled], unknown: int | None) -> dict[str, float]:
    """The share of nouns of which every piece is right, by language and, as ``macro``, their mean.

    A noun with a piece that the tokenizer does not know is never right: nobody could read it.

    Args:
        filled: N nouns.
        unknown: the id of ``<unk>``; none where every text can be spelled.
    """
    right: dict[str, list[bool]] = {}
    for noun in filled:
        known = unknown is None or not np.any(noun.true == unknown)
        right.setdefault(noun.language, []).append(known and np.array_equal(noun.true, noun.predicted))
    by_language = {language: float(np.mean(right[language])) for language in sorted(right)}
    return {"macro": macro(by_language), **by_language} if by_language else {}


def macro(by_language: Mapping[str, float]) -> float:
    """Every language counts alike, however many its sentences."""
    return float(np.mean(list(by_language.values())))

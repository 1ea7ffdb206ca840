"""The two intrinsic measures of a vocabulary (paper A 2.3): they need no model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from understudy.text.words import count_words

Batches = Iterable[tuple[Sequence[str], Sequence[str]]]
"""Texts, and the language of each."""


class Splitter(Protocol):
    """Any tokenizer: ours, or one of Hugging Face."""

    @property
    def unk_id(self) -> int | None:
        """The id of unknown pieces; none where there are none."""

    @property
    def vocabulary_size(self) -> int:
        """Number of pieces, special tokens included."""

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text, without special tokens."""


@dataclass(frozen=True, slots=True)
class PieceCounts:
    """Counts that add up over texts; special tokens are not in them."""

    pieces: int = 0
    words: int = 0
    unknown: int = 0

    def __add__(self, other: PieceCounts) -> PieceCounts:
        return PieceCounts(self.pieces + other.pieces, self.words + other.words, self.unknown + other.unknown)

    @property
    def split_ratio(self) -> float:
        """Pieces per word; lower is better; 0 where there are no words."""
        return self.pieces / self.words if self.words else 0.0

    @property
    def unk_portion(self) -> float:
        """Share of the pieces that are ``<unk>``; 0 where there are no pieces."""
        return self.unknown / self.pieces if self.pieces else 0.0


def count_pieces(subwords: Splitter, texts: Sequence[str], language: str) -> PieceCounts:
    """Count the pieces, words and unknown pieces of texts in one language."""
    ids = subwords.ids(texts)
    return PieceCounts(
        pieces=sum(map(len, ids)),
        words=sum(count_words(text, language) for text in texts),
        unknown=0 if subwords.unk_id is None else sum(row.count(subwords.unk_id) for row in ids),
    )


def count_by_language(subwords: Splitter, batches: Batches) -> dict[str, PieceCounts]:
    """Count batches of (texts, their languages); languages come out in alphabetical order."""
    totals: dict[str, PieceCounts] = {}
    for texts, languages in batches:
        for language in set(languages):
            mine = [text for text, its in zip(texts, languages, strict=True) if its == language]
            totals[language] = totals.get(language, PieceCounts()) + count_pieces(subwords, mine, language)
    return dict(sorted(totals.items()))


def numbers(by_language: dict[str, PieceCounts]) -> dict[str, Any]:
    """The two measures overall (counts added over languages, then divided) and of each language."""
    overall = _rounded(sum(by_language.values(), PieceCounts()))
    return overall | {"by_language": {name: _rounded(counts) for name, counts in by_language.items()}}


def _rounded(counts: PieceCounts) -> dict[str, float]:
    return {
        "split_ratio": round(counts.split_ratio, 4),
        "unk_portion": round(counts.unk_portion, 6),
        "words": counts.words,
    }

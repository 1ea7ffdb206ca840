"""The two intrinsic measures of a vocabulary (paper A 2.3): they need no model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from understudy.text.words import count_words
from understudy.tokenizer.subwords import Subwords


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


def count_pieces(subwords: Subwords, texts: Sequence[str], language: str) -> PieceCounts:
    """Count the pieces, words and unknown pieces of texts in one language."""
    ids = subwords.ids(texts)
    return PieceCounts(
        pieces=sum(map(len, ids)),
        words=sum(count_words(text, language) for text in texts),
        unknown=sum(row.count(subwords.unk_id) for row in ids),
    )


def count_by_language(
    subwords: Subwords, batches: Iterable[tuple[Sequence[str], Sequence[str]]]
) -> dict[str, PieceCounts]:
    """Count batches of (texts, their languages); languages come out in alphabetical order."""
    totals: dict[str, PieceCounts] = {}
    for texts, languages in batches:
        for language in set(languages):
            mine = [text for text, its in zip(texts, languages, strict=True) if its == language]
            totals[language] = totals.get(language, PieceCounts()) + count_pieces(subwords, mine, language)
    return dict(sorted(totals.items()))

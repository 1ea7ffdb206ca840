"""What every stage asks of a tokenizer, whoever made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from understudy.tokenizer.normalize import Span


@dataclass(frozen=True, slots=True)
class Encoding:
    """One text as pieces.

    Attributes:
        ids: piece ids, the special ones that frame a text first and last.
        offsets: for each piece the characters ``text[start:end]`` it covers, spaces left out. They never go
            back; the special tokens have (0, 0). A piece that is only a space is empty: start equals end. Of
            several pieces that make up one character, ours give it to the first and leave the others empty;
            those of other tokenizers (bytes) all have it.
    """

    ids: list[int]
    offsets: list[Span]


@dataclass(frozen=True)
class SpecialPieces:
    """The ids that training must know of a vocabulary, as shards keep them."""

    vocabulary: int
    """Ids are below this; a model's table may have more rows than its tokenizer has pieces."""
    begin: int
    pad: int
    end: int
    unknown: int | None
    mask: int
    never_masked: tuple[int, ...]
    """Special ones, and ids that no piece has: never selected, never put in as a random piece."""

    @classmethod
    def of_ours(cls, vocabulary: int) -> SpecialPieces:
        """RoBERTa's order, which all our tokenizers have."""
        return cls(vocabulary, 0, 1, 2, 3, 4, (0, 1, 2, 3, 4))

    @cached_property
    def ordinary(self) -> NDArray[np.bool_]:
        """(V,) whether an id may be masked."""
        table = np.ones(self.vocabulary, dtype=np.bool_)
        table[list(self.never_masked)] = False
        return table

    @cached_property
    def ordinary_ids(self) -> NDArray[np.int64]:
        """Those that may, ascending."""
        return np.flatnonzero(self.ordinary)

    def widened(self, vocabulary: int) -> SpecialPieces:
        """For a model whose table has so many rows: no piece has those beyond the tokenizer's."""
        values = self.as_dict() | {"vocabulary": max(vocabulary, self.vocabulary)}
        values["never_masked"] = (*self.never_masked, *range(self.vocabulary, vocabulary))
        return SpecialPieces(**values)

    def as_dict(self) -> dict[str, Any]:
        """For ``shards.json``."""
        names = ("vocabulary", "begin", "pad", "end", "unknown", "mask", "never_masked")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def of_dict(cls, values: dict[str, Any]) -> SpecialPieces:
        """What :meth:`as_dict` gave, through JSON.

        Raises:
            TypeError: a key is missing or unknown.
        """
        return cls(**values | {"never_masked": tuple(values.get("never_masked", ()))})


class Tokenizer(Protocol):
    """Text to piece ids: :class:`.Subwords`, which is ours, or :class:`.ForeignTokenizer`."""

    @property
    def fingerprint(self) -> str:
        """Equal where the same text becomes the same ids."""

    @property
    def vocabulary_size(self) -> int:
        """Number of pieces, special ones included."""

    @property
    def unk_id(self) -> int | None:
        """The id of unknown pieces; none where there are none."""

    @property
    def special(self) -> SpecialPieces:
        """The other ids that mean something."""

    @property
    def characters(self) -> NDArray[np.int64]:
        """(V,) characters of each piece, the space before a word being one where the piece holds it."""

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text, without special tokens, uncut, on all cores: the fast path for a corpus."""

    def encode(self, text: str, max_length: int | None = None) -> Encoding:
        """Ids and offsets of one text in its frame, cut to ``max_length`` pieces in all."""

    def encode_batch(self, texts: Sequence[str], max_length: int | None = None) -> list[Encoding]:
        """:meth:`encode` for each text."""

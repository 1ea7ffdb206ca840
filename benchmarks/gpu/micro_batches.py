"""Micro-batches of random pieces: of one shape, in pinned memory, so that a step waits for nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from understudy.objectives.masking import mask_batch
from understudy.objectives.packed import end_to_end
from understudy.tokenizer.protocol import SpecialPieces
from understudy.training.loader import Turn

SENTENCE = 25
"""Pieces in the mean: a packed row is short of its longest length by a sentence that did not fit."""


@dataclass(frozen=True)
class Rows:
    """How long the rows are."""

    tokens: int
    """Positions of a micro-batch, exactly."""
    max_length: int
    padded: bool = False
    """To the longest length, rather than end to end."""

    def lengths(self, rng: np.random.Generator) -> np.ndarray:
        """Of one micro-batch: nearly full rows; end to end one of them takes what is left."""
        least = max(4, self.max_length // 2)
        if self.padded:
            short = rng.geometric(1 / SENTENCE, max(1, self.tokens // self.max_length)) - 1
            return np.maximum(least, self.max_length - short)
        lengths: list[int] = []
        while (left := self.tokens - sum(lengths)) > 0:
            drawn = max(least, self.max_length - int(rng.geometric(1 / SENTENCE)) + 1)
            lengths.append(min(drawn, left))
        return np.array(lengths)

    @property
    def most(self) -> int:
        """Rows that a micro-batch can have."""
        return -(-self.tokens // max(4, self.max_length // 2))


@dataclass(frozen=True)
class MicroBatches:
    """Turns of the loop."""

    turns: list[Turn]
    tokens: float
    """Real ones of each, in the mean."""
    length: float
    """That a piece's row has in the mean; long rows hold more pieces."""


def micro_batches(rows: Rows, vocabulary: int, count: int, *, pinned: bool) -> MicroBatches:
    """For :class:`.PackedMaskedLm`, or padded for :class:`.MaskedLm`."""
    rng = np.random.default_rng(0)
    special = SpecialPieces.of_ours(vocabulary)
    turns: list[Turn] = []
    tokens = squares = 0
    for number in range(count):
        lengths = rows.lengths(rng)
        tokens += int(lengths.sum())
        squares += int((lengths**2).sum())
        real = np.arange(rows.max_length) < lengths[:, None]
        ids = np.where(real, rng.integers(len(special.never_masked), vocabulary, real.shape), special.pad)
        ids[:, 0] = special.begin
        ids[np.arange(len(ids)), lengths - 1] = special.end
        masked = mask_batch(ids, number * rows.most + np.arange(len(ids)), seed=0, epoch=0, special=special)
        padded = (masked.ids, real, masked.selected, masked.labels)
        inputs = padded if rows.padded else end_to_end(masked, real, rows.most)
        tensors = [torch.from_numpy(np.ascontiguousarray(x)) for x in inputs]
        turns.append(Turn(tuple(x.pin_memory() for x in tensors) if pinned else tuple(tensors), True))
    return MicroBatches(turns, tokens / count, squares / tokens)

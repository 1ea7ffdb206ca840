"""Hidden states of words, whatever pieces they are cut into."""

from __future__ import annotations

import torch
from torch import Tensor

from understudy.objectives.losses import at_least_float32


def means_of_words(states: Tensor, words: Tensor, rows: int) -> Tensor:
    """The mean over each word's pieces, at least in float32; zeros for a word of no piece.

    Args:
        states: (B, L, H).
        words: (B, L) the number of each piece's word in the batch, -1 where it is of none.
        rows: words, or more.

    Returns:
        (rows, H).
    """
    wide = at_least_float32(states).flatten(0, 1)
    place = words.flatten() + 1
    sums = wide.new_zeros(rows + 1, wide.shape[1]).index_add(0, place, wide)
    counts = torch.bincount(place, minlength=rows + 1).clamp(min=1)
    return (sums / counts[:, None])[1:]

"""Masked language modelling on sequences that lie end to end: a GPU's way to waste no position on padding."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from understudy.model.attention import Kernel
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import count_labels
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.masking import Masked
from understudy.objectives.output import masked_cross_entropy

IntArray = npt.NDArray[np.int64]


class EndToEnd(NamedTuple):
    """A masked batch without its padding; in this order :class:`PackedMaskedLm` is called with it."""

    ids: IntArray
    """(T,)"""
    positions: IntArray
    """(T,) of each piece in its sequence, from 0."""
    borders: npt.NDArray[np.int32]
    """(S + 1,) sequence s is pieces ``borders[s]`` to ``borders[s + 1]``."""
    selected: IntArray
    """(N,) indices into the T pieces."""
    labels: IntArray
    """(N,) as they were."""


def end_to_end(masked: Masked, real: npt.NDArray[np.bool_], sequences: int | None = None) -> EndToEnd:
    """Leave the padding of a masked batch out.

    Args:
        masked: (B, L) rows with their selected positions.
        real: (B, L) where pieces are; each row begins with one.
        sequences: borders are made for so many, the last of them empty, so that shapes stay the same.

    Raises:
        ValueError: there are more rows than ``sequences``.
    """
    lengths = real.sum(1)
    empty = (sequences or len(lengths)) - len(lengths)
    if empty < 0:
        raise ValueError(f"{len(lengths)} rows are more than {sequences} sequences")
    borders = np.concatenate([[0], np.cumsum(lengths), np.full(empty, lengths.sum())]).astype(np.int32)
    places = np.cumsum(real.reshape(-1)) - 1
    positions = np.broadcast_to(np.arange(real.shape[1]), real.shape)[real]
    return EndToEnd(masked.ids[real], positions, borders, places[masked.selected], masked.labels)


class PackedMaskedLm(nn.Module):
    """:class:`.masked_lm.MaskedLm` of sequences end to end; none attends to another.

    Args:
        kernel: of attention; none: the fastest there is.
    """

    def __init__(self, model: MaskedLanguageModel, kernel: Kernel | None = None) -> None:
        super().__init__()
        self.model = model
        self.kernel = kernel
        self.weights = {"mlm": 1.0}

    def forward(
        self, ids: Tensor, positions: Tensor, borders: Tensor, selected: Tensor, labels: Tensor
    ) -> dict[str, Tensor]:
        """Summed cross-entropy (natural logarithm); shapes as in :class:`EndToEnd`."""
        hidden = self.model.encoder.packed(ids, positions, borders, kernel=self.kernel)
        return {"mlm": masked_cross_entropy(self.model, hidden[None], selected, labels)}

    def counts(
        self, ids: Tensor, positions: Tensor, borders: Tensor, selected: Tensor, labels: Tensor
    ) -> dict[str, int]:
        """Masked positions."""
        del ids, positions, borders, selected
        return {"mlm": count_labels(labels)}


def masked_lm_for(model: MaskedLanguageModel, device: torch.device) -> MaskedLm | PackedMaskedLm:
    """On a GPU end to end, if the model is ours and drops no attention; else in padded rows."""
    packs = type(model) is MaskedLanguageModel and not model.config.share_of_attention_dropped
    return PackedMaskedLm(model) if packs and device.type == "cuda" else MaskedLm(model)

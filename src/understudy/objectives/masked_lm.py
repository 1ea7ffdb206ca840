"""Masked language modelling with the loss only at masked positions (paper A 2.4)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import IGNORE, Losses, at_least_float32, mean_cross_entropy


def masked_logits(model: MaskedLanguageModel, hidden: Tensor, selected: Tensor) -> Tensor:
    """Scores of all pieces at the selected positions only.

    Args:
        hidden: (B, L, H) encoder outputs.
        selected: (N,) indices into the flattened positions.

    Returns:
        (N, V).
    """
    return model.logits(hidden.flatten(0, 1)[selected])


def masked_lm(
    model: MaskedLanguageModel, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor
) -> Losses:
    """MLM loss of a masked batch.

    Args:
        ids: (B, L) with masks put in.
        mask: (B, L), nonzero at real pieces.
        selected: (N,) flattened positions.
        labels: (N,) true pieces, ``IGNORE`` on padding.
    """
    loss = mean_cross_entropy(masked_logits(model, model.encoder(ids, mask), selected), labels)
    return Losses(loss, {"mlm": loss.detach()})


@torch.inference_mode()
def summed_loss(
    model: MaskedLanguageModel, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor
) -> tuple[float, int]:
    """Summed cross-entropy (natural logarithm) and the number of positions, for perplexity."""
    logits = masked_logits(model, model.encoder(ids, mask), selected)
    total = F.cross_entropy(at_least_float32(logits), labels, ignore_index=IGNORE, reduction="sum")
    return float(total), int((labels != IGNORE).sum())

"""What every objective returns, and the cross-entropy they share."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from understudy.utterances.tags import IGNORED

IGNORE = IGNORED
"""The label of positions that no loss counts."""


@dataclass
class Losses:
    """The loss of a batch, and what a log line wants to know of it."""

    total: Tensor
    """Scalar to differentiate: summed over valid positions, divided by their number."""
    parts: dict[str, Tensor] = field(default_factory=dict)
    """Named scalars, detached."""
    tokens: int = 0
    """Real pieces in the batch."""
    positions: int = 0
    """Positions in the batch, padding included."""


def mean_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean over the labels that are not ``IGNORE``, at least in float32; 0 where there is none.

    Args:
        logits: (N, classes).
        labels: (N,).
    """
    total = F.cross_entropy(at_least_float32(logits), labels, ignore_index=IGNORE, reduction="sum")
    return total / (labels != IGNORE).sum().clamp(min=1)


def at_least_float32(x: Tensor) -> Tensor:
    """Half precision made float32, anything wider as it is."""
    return x.to(torch.promote_types(x.dtype, torch.float32))

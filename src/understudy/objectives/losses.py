"""What every objective returns."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import Tensor


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

"""The loss is scaled up in float16, whose smallest numbers are too large for gradients."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

START = 2.0**16
GROWS_AFTER = 2000
"""Steps without an overflow after which the scale doubles; it halves at each overflow."""


class LossScale:
    """As ``torch.amp.GradScaler``, which cannot judge sharded gradients; here their norm does.

    Args:
        enabled: otherwise the scale stays 1.
    """

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled
        self.value = START if enabled else 1.0
        self._steps = 0

    def divide(self, parameters: Iterable[Tensor]) -> None:
        """Take the scale off the gradients."""
        if self.enabled:
            for parameter in parameters:
                if parameter.grad is not None:
                    parameter.grad.mul_(1 / self.value)

    def update(self, *, finite: bool) -> None:
        """After a step whose gradients were finite, or not."""
        if not self.enabled:
            return
        self._steps = self._steps + 1 if finite else 0
        if not finite:
            self.value /= 2
        elif self._steps == GROWS_AFTER:
            self.value, self._steps = self.value * 2, 0

    @property
    def state(self) -> Tensor:
        """(2,) for a checkpoint: the scale, and the steps since an overflow or the last doubling."""
        return torch.tensor([self.value, float(self._steps)], dtype=torch.float64)

    def restore(self, state: Tensor) -> None:
        """Take up what :attr:`state` was."""
        if self.enabled:
            self.value, self._steps = float(state[0]), int(state[1])

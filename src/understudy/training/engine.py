"""What holds the weights while they are trained; :mod:`.engines` has one of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import torch
from torch import Tensor

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Optimization


DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}

T = TypeVar("T")


class Engine(Protocol):
    """Forward, backward, step, and the state that a checkpoint holds; every process calls each of these."""

    def forward(self, inputs: Iterable[Tensor]) -> dict[str, Tensor]:
        """The objective's sums for one micro-batch, in the configured precision, on this device."""

    def backward(self, loss: Tensor, *, last: bool) -> None:
        """Add to the gradients, which are summed over the processes; ``last``: of the step."""

    def discard(self) -> None:
        """Drop the gradients."""

    @property
    def awaiting_moments(self) -> Sequence[Tensor]:
        """Parameters, as this process holds them, whose moments the first step will make."""

    @property
    def loss_scale(self) -> float:
        """What the loss is multiplied by; 1 but in float16."""

    def step(self, rate: float) -> float:
        """Clip, update (unless a gradient is not finite) and clear; the gradients' norm before clipping."""

    def evaluate(self, function: Callable[[], T]) -> T:
        """Call what calls parts of the module, without gradients."""

    def save(self, folder: Path) -> Future[None]:
        """Copy weights and optimizer state and begin to write them, as safetensors.

        Returns:
            Done on process 0 when the parts of all processes are on disk.
        """

    def load(self, folder: Path) -> None:
        """Take up what any engine's :meth:`save` wrote, in whatever number of processes.

        Raises:
            UserError: a file is missing or damaged.
            RuntimeError: it is of another module.
        """

    def weights(self) -> dict[str, Tensor]:
        """All weights, whole, on the CPU of process 0; nothing elsewhere."""

    def finish(self, weights: dict[str, Tensor] | None) -> None:
        """Training is over: on process 0 the module's ``state_dict`` is whole again; nothing is called after.

        Args:
            weights: put in place of those that were trained last.
        """


def autocast(settings: Optimization, device: torch.device) -> AbstractContextManager[object]:
    """Matrix products in the configured precision."""
    dtype = DTYPES[settings.precision]
    return torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32)

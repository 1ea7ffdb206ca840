"""A process's part of each step, made ready before it is wanted where that pays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from torch import Tensor

from understudy.training.batches import Batch
from understudy.training.shares import shares
from understudy.training.world import World


@dataclass(frozen=True)
class Turn:
    """A micro-batch."""

    inputs: tuple[Tensor, ...]
    counted: bool
    """False for a repeated row that only keeps this process in step with the others."""


class Loader:
    """The turns of one process, by epoch and batch.

    On a GPU the next step's turns are cut out, masked and put into pinned memory by a thread while the
    device works. On a CPU a thread would take the time from the very step it hides behind.

    Args:
        inputs: a task's, a pure function of (batch, epoch).
        tokens_per_device: positions in a turn, at most.
    """

    def __init__(
        self,
        inputs: Callable[[Batch, int], tuple[Tensor, ...]],
        world: World,
        tokens_per_device: int | None,
    ) -> None:
        self._inputs, self._world, self._limit = inputs, world, tokens_per_device
        self._pool = ThreadPoolExecutor(1, "loader") if world.device.type == "cuda" else None
        self._coming: tuple[Batch, int, Future[list[Turn]]] | None = None

    def turns(self, batch: Batch, epoch: int) -> list[Turn]:
        """The turns of a batch."""
        coming, self._coming = self._coming, None
        if coming is not None and coming[0] is batch and coming[1] == epoch:
            return coming[2].result()
        return self._make(batch, epoch)

    def prepare(self, batch: Batch, epoch: int) -> None:
        """Say which batch comes next."""
        if self._pool is not None:
            self._coming = (batch, epoch, self._pool.submit(self._make, batch, epoch))

    def close(self) -> None:
        """End the thread."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _make(self, batch: Batch, epoch: int) -> list[Turn]:
        parts = shares(batch, self._world.rank, self._world.size, self._limit)
        turns = [Turn(self._inputs(part, epoch), counted) for part, counted in parts]
        if self._pool is None:
            return turns
        return [Turn(tuple(each.pin_memory() for each in turn.inputs), turn.counted) for turn in turns]

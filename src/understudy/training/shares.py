"""A step's rows dealt out to processes and turns, and jobs whose results all processes want."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from understudy.training.batches import Batch
from understudy.training.world import World

J = TypeVar("J")


def shares(batch: Batch, rank: int, size: int, tokens_per_device: int | None) -> list[tuple[Batch, bool]]:
    """The micro-batches of one process: each with whether its rows count.

    Row i goes to process i % size, so another number of processes reads the same rows at the same step. All
    processes have the same number of turns, since each turn is a collective call; where one has no row left
    it repeats a row that does not count.
    """
    turns = 1
    if tokens_per_device is not None:
        most = -(-len(batch.rows) // size)
        turns = -(-most // max(1, tokens_per_device // batch.length))
    mine = batch.rows[rank::size]
    return [
        (Batch(rows, batch.length), True) if len(rows) else (Batch(batch.rows[:1], batch.length), False)
        for rows in np.array_split(mine, turns)
    ]


def share_out(
    jobs: Sequence[J], measure: Callable[[J], Sequence[float]], width: int, world: World
) -> npt.NDArray[np.float64]:
    """The results of all jobs, on every process; each is done by one of them.

    All call ``measure`` equally often, since each call may be a collective one: who has no job left repeats
    the first, which does not count. What one process would get is what several get, to the bit, where the
    jobs' own results are.

    Args:
        width: numbers a job.

    Returns:
        (jobs, width).
    """
    results = np.zeros((len(jobs), width))
    for turn in range(0, len(jobs), world.size):
        mine = turn + world.rank
        result = measure(jobs[mine if mine < len(jobs) else 0])
        if mine < len(jobs):
            results[mine] = result
    summed = world.sums({str(place): value for place, value in enumerate(results.ravel().tolist())})
    return np.array(list(summed.values())).reshape(results.shape)

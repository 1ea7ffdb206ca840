"""A step's rows dealt out to processes and turns."""

from __future__ import annotations

import numpy as np

from understudy.training.batches import Batch


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

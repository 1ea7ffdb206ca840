"""Which rows form a batch: few distinct shapes, little padding, a pure function of (seed, epoch)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from understudy.core.errors import UserError
from understudy.training.world import World

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Optimization

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Row numbers and the length all are padded to."""

    rows: IntArray
    length: int


def buckets(max_length: int) -> IntArray:
    """Padded lengths: multiples of 4 to 32, of 8 to 64, of 16 to 128, of 64 beyond.

    oneDNN prepares a kernel for every new shape, so there must be few.
    """
    lengths = [*range(4, 32, 4), *range(32, 64, 8), *range(64, 128, 16), *range(128, max_length + 64, 64)]
    return np.array([n for n in lengths if n < max_length] + [max_length], dtype=np.int64)


def epoch_batches(
    lengths: npt.NDArray[np.integer], *, tokens_per_batch: int, max_length: int, seed: int, epoch: int
) -> list[Batch]:
    """All rows in batches of about equal size, shuffled.

    A bucket's batches all have ``tokens_per_batch // length`` rows; what is left of a bucket goes on to
    the next longer one, so one batch at most is smaller.

    Args:
        lengths: (rows,) pieces in each row, special ones included.
        tokens_per_batch: positions in a batch, padding included.
        max_length: rows are no longer than this.
        seed, epoch: fix the order.

    Raises:
        UserError: a row is longer than ``max_length``.
    """
    if (longest := int(np.max(lengths, initial=0))) > max_length:
        raise UserError(f"a row of {longest} pieces does not fit the model's max_length of {max_length}")
    generator = np.random.default_rng([seed, epoch])
    edges = buckets(max_length)
    order = generator.permutation(len(lengths))
    bucket_of = np.searchsorted(edges, np.asarray(lengths, dtype=np.int64)[order])
    batches: list[Batch] = []
    carried: IntArray = np.empty(0, dtype=np.int64)
    for index, length in enumerate(edges.tolist()):
        rows = np.concatenate([carried, order[bucket_of == index]])
        size = max(1, tokens_per_batch // length)
        whole = len(rows) // size * size
        batches += [Batch(chunk, length) for chunk in rows[:whole].reshape(-1, size)]
        carried = rows[whole:]
    if len(carried):
        last = int(edges[np.searchsorted(edges, int(np.asarray(lengths)[carried].max()))])
        batches.append(Batch(carried, last))
    return [batches[i] for i in generator.permutation(len(batches))]


def check_shared(settings: Optimization, world: World) -> None:
    """Raise a :class:`UserError` unless the processes share a batch's positions out evenly."""
    tokens = settings.tokens_per_batch
    if tokens % world.size:
        below = max(1, tokens // world.size) * world.size
        raise UserError(
            f"{world.size} processes do not divide {tokens} positions; "
            f"{below} or {below + world.size} would do",
            place="optimization.tokens_per_batch",
        )


def check_pieces(batches: Iterable[Batch], lengths: npt.NDArray[np.integer]) -> None:
    """Raise a :class:`UserError` where no row of a batch has a piece between ``<s>`` and ``</s>``."""
    for batch in batches:
        if int(np.max(lengths[batch.rows], initial=0)) <= 2:
            row = int(batch.rows[0])
            raise UserError(
                f"a batch of {len(batch.rows)} rows holds no piece to learn from, the first being row {row}; "
                "leave empty texts out when preparing them"
            )

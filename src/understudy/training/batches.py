"""Which rows form a batch: few distinct shapes, little padding, a pure function of (seed, epoch)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from understudy.core.errors import UserError
from understudy.training.world import World

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Optimization

IntArray = npt.NDArray[np.int64]

MOST_LENGTHS = 24
"""oneDNN prepares kernels for every new shape and keeps a thousand, of which a shape takes about twenty."""


@dataclass(frozen=True)
class Batch:
    """Row numbers and the length all are padded to."""

    rows: IntArray
    length: int


def buckets(max_length: int) -> IntArray:
    """Padded lengths for rows of any kind: multiples of 4 to 32, of 8 to 64, of 16 to 128, of 64 beyond."""
    lengths = [*range(4, 32, 4), *range(32, 64, 8), *range(64, 128, 16), *range(128, max_length + 64, 64)]
    return np.array([n for n in lengths if n < max_length] + [max_length], dtype=np.int64)


def batch_lengths(
    lengths: npt.NDArray[np.integer], tokens_per_batch: int, most: int = MOST_LENGTHS
) -> IntArray:
    """The padded lengths, ``most`` of them at most, with which an epoch of these rows has the least padding.

    For each number of lengths the best partition of the histogram, by dynamic programming: the cost of
    padding rows of lengths in (a, b] to b is their number times b. Of these partitions that one is taken that
    pads least when batches are cut: what is left of a length goes on to the next longer one, which weighs
    where rows are few or batches large.

    Args:
        lengths: (rows,) pieces in each row.

    Returns:
        Ascending, the last being the longest row's.
    """
    counts = np.bincount(np.asarray(lengths, dtype=np.int64))
    ends = np.flatnonzero(counts)
    if len(ends) == 0:
        return np.empty(0, dtype=np.int64)
    rows = np.cumsum(counts[ends])
    # cost[j]: of padding all rows up to ends[j], the last length being ends[j].
    cost = (ends * rows).astype(np.float64)
    before: list[IntArray] = []
    partitions = [ends[-1:]]
    for _ in range(1, min(most, len(ends))):
        extended = cost[:, None] + (rows[None, :] - rows[:, None]) * ends[None, :]
        extended[np.tril_indices(len(ends))] = np.inf
        before.append(extended.argmin(0))
        cost = extended.min(0)
        partitions.append(ends[_traced(before, len(ends) - 1)])
    return min(partitions, key=lambda edges: _positions(edges, ends, counts[ends], tokens_per_batch))


def _traced(before: Sequence[IntArray], last: int) -> IntArray:
    """The places of a partition's lengths, from the last one back."""
    places = [last]
    for previous in reversed(before):
        places.append(int(previous[places[-1]]))
    return np.array(places[::-1])


def _positions(edges: IntArray, ends: IntArray, counts: IntArray, tokens_per_batch: int) -> int:
    """In all batches of an epoch, padding included."""
    rows = np.bincount(np.searchsorted(edges, ends), weights=counts, minlength=len(edges)).astype(np.int64)
    total, carried = 0, 0
    for length, here in zip(edges.tolist(), rows.tolist(), strict=True):
        carried += here
        size = max(1, tokens_per_batch // length)
        total += carried // size * size * length
        carried %= size
    return total + carried * int(edges[-1])


def epoch_batches(
    lengths: npt.NDArray[np.integer],
    *,
    tokens_per_batch: int,
    max_length: int,
    seed: int,
    epoch: int,
    padded: IntArray | None = None,
) -> list[Batch]:
    """All rows in batches of about equal size, shuffled.

    A bucket's batches all have ``tokens_per_batch // length`` rows; what is left of a bucket goes on to
    the next longer one, so one batch at most is smaller.

    Args:
        lengths: (rows,) pieces in each row, special ones included.
        tokens_per_batch: positions in a batch, padding included.
        max_length: rows are no longer than this.
        seed, epoch: fix the order.
        padded: the lengths to choose from; none: :func:`buckets`.

    Raises:
        UserError: a row is longer than ``max_length``.
    """
    if (longest := int(np.max(lengths, initial=0))) > max_length:
        raise UserError(f"a row of {longest} pieces does not fit the model's max_length of {max_length}")
    generator = np.random.default_rng([seed, epoch])
    edges = buckets(max_length) if padded is None else padded
    if longest > np.max(edges, initial=0):
        edges = np.append(edges, longest)
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


def padded(rows: Sequence[npt.ArrayLike], length: int, fill: int) -> IntArray:
    """(B, length): rows of at most so many numbers, filled up on the right."""
    table = np.full((len(rows), length), fill, dtype=np.int64)
    for into, row in zip(table, rows, strict=True):
        numbers = np.asarray(row)
        into[: len(numbers)] = numbers
    return table


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

"""Which pieces are masked: a fixed count a row, a function of (seed, epoch, row, position) (paper A 2.4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.objectives.losses import IGNORE
from understudy.tokenizer.protocol import SpecialPieces

Bits = npt.NDArray[np.uint64]

SHARE = 0.15
"""Of a row's pieces, special ones not counted; at least one."""
MASKED, KEPT = 0.8, 0.1
"""Of the selected: replaced by <mask>, left as they are; the rest become random pieces."""

_ROW_MULTIPLE = 64
"""Selected positions are padded to a multiple of this: oneDNN prepares a kernel for each new shape."""


@dataclass(frozen=True)
class Masked:
    """A batch with its selected positions."""

    ids: npt.NDArray[np.int64]
    """(B, L) with <mask> and random pieces put in."""
    selected: npt.NDArray[np.int64]
    """(N,) indices into the flattened (B * L) positions; padded at the end with index 0."""
    labels: npt.NDArray[np.int64]
    """(N,) the true piece at each selected position; ``IGNORE`` on the padding."""


def mask_batch(
    ids: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    *,
    seed: int,
    epoch: int,
    special: SpecialPieces,
    share: float = SHARE,
) -> Masked:
    """Select pieces and put <mask> or random pieces in their place.

    The same row in the same epoch is masked alike in whatever batch, on whatever rank.

    Args:
        ids: (B, L) piece ids.
        rows: (B,) the rows' numbers in the corpus.
        seed: of the run.
        epoch: fresh masks each epoch; evaluation uses one fixed number.
        special: which ids are never selected nor put in at random, and which one stands for a masked piece.
        share: of each row's ordinary pieces, rounded, at least one.
    """
    batch, length = ids.shape
    ordinary = special.ordinary[ids]
    counts = num_selected(ids, special, share)
    key = _mix(np.array([(seed << 32 | epoch) & 0xFFFFFFFFFFFFFFFF], dtype=np.uint64))
    by_row: Bits = key ^ _mix(rows.astype(np.uint64))
    cells: Bits = np.add(_mix(by_row)[:, None], np.arange(length, dtype=np.uint64), dtype=np.uint64)
    order = _mix(cells)
    # Special and padding positions sort last, so the first counts[b] of a row are its choice.
    ranked = np.argsort(
        np.where(ordinary, order >> np.uint64(1), np.iinfo(np.uint64).max), axis=1, kind="stable"
    )
    chosen = np.arange(length)[None, :] < counts[:, None]
    row_index = np.broadcast_to(np.arange(batch)[:, None], (batch, length))[chosen]
    selected = np.sort(row_index * length + ranked[chosen])
    flat = ids.reshape(-1).copy()
    labels = flat[selected].copy()
    fate = _unit(_mix(order.reshape(-1)[selected] ^ np.uint64(0xA5A5A5A5A5A5A5A5)))
    draw = _mix(order.reshape(-1)[selected] ^ np.uint64(0x3C3C3C3C3C3C3C3C))
    pool = special.ordinary_ids
    randoms = pool[(draw % np.uint64(len(pool))).astype(np.int64)]
    flat[selected] = np.where(fate < MASKED, special.mask, np.where(fate < MASKED + KEPT, labels, randoms))
    padding = -len(selected) % _ROW_MULTIPLE
    return Masked(
        flat.reshape(batch, length),
        np.pad(selected, (0, padding)),
        np.pad(labels, (0, padding), constant_values=IGNORE),
    )


def num_selected(
    ids: npt.NDArray[np.int64], special: SpecialPieces, share: float = SHARE
) -> npt.NDArray[np.int64]:
    """(B,) how many pieces of each row of ``ids`` (B, L) are selected, whatever the seed."""
    ordinary = special.ordinary[ids].sum(1)
    due = np.maximum(np.floor(share * ordinary + 0.5), 1).astype(np.int64)
    return np.asarray(np.minimum(due, ordinary), np.int64)


def _mix(x: Bits) -> Bits:
    """SplitMix64's finaliser: neighbouring inputs give unrelated outputs."""
    z = x + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _unit(x: Bits) -> npt.NDArray[np.float64]:
    return (x >> np.uint64(11)).astype(np.float64) / float(1 << 53)

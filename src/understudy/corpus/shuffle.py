"""Third pass: take each unit as often as the plan says, and deal the rows out by their place in a shuffle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from understudy.corpus.draw import SPAN, Draws, draws, key
from understudy.corpus.packing import Ranges
from understudy.corpus.partitions import Rounds, batches, writing
from understudy.corpus.passes import Facts
from understudy.corpus.split import for_validation

SCHEMA = pa.schema(
    [("draw", pa.uint64()), ("group", pa.int16()), ("words", pa.int32()), ("text", pa.large_string())]
)
"""``draw`` is a row's place in the shuffle."""

BYTES_A_ROUND = 32 << 20


@dataclass(frozen=True)
class Times:
    """How often the units of a group are taken for training: ``least`` times, and once more up to a draw."""

    least: int
    once_more: int
    """Units whose draw is at most this; -1: none."""

    def of(self, unit: Draws) -> NDArray[np.int64]:
        """For each unit, by its draw."""
        more = unit <= np.uint64(self.once_more) if self.once_more >= 0 else np.zeros(len(unit), np.bool_)
        return self.least + more.astype(np.int64)


@dataclass(frozen=True)
class Lot:
    """Which units are for which side."""

    held_out_below: int
    smallest: frozenset[int]

    def validation(self, split: Draws) -> NDArray[np.bool_]:
        """Whether each unit is for validation."""
        return for_validation(split, self.held_out_below, self.smallest)


def times_for(
    units: Mapping[int, int], targets: Mapping[int, int], files: Sequence[Path], lot: Lot
) -> dict[int, Times]:
    """How often to take the units of each group so that its target is met exactly.

    Of n units for a target t each is taken t // n times, and the t % n with the smallest draws once more; two
    units that share the last draw (one chance in 2^64 a pair) would both be.

    Args:
        units: training units of each group, > 0.
        targets: rows of each group.
        files: what :class:`~understudy.corpus.dedup.Deduplicate` wrote.
        lot: which units are for training.
    """
    rest = {group: targets[group] % n for group, n in units.items() if targets[group] % n}

    def scan() -> Iterator[tuple[NDArray[np.int16], Draws]]:
        for file in files:
            for batch in batches(file, 0, 1, ("group", "split", "unit")):
                group, split, unit = (column.to_numpy() for column in batch.columns)
                train = ~lot.validation(split)
                yield group[train], unit[train]

    last = kth_smallest(scan, {group: (k, units[group]) for group, k in rest.items()})
    return {group: Times(targets[group] // n, last.get(group, -1)) for group, n in units.items()}


def kth_smallest(
    scan: Callable[[], Iterable[tuple[NDArray[np.int16], Draws]]], wanted: Mapping[int, tuple[int, int]]
) -> dict[int, int]:
    """The k-th smallest draw of each group of n, (k, n) in ``wanted``, with few draws in memory at a time.

    Draws are uniform, so the one in question lies in a narrow window around k / n; only that is sorted. A
    window that missed is doubled, and all is scanned again.
    """
    found: dict[int, int] = {}
    width = 8.0  # standard deviations either way
    while left := {group: kn for group, kn in wanted.items() if group not in found}:
        windows = {
            group: tuple(
                min(max(int((k + side * width * n**0.5) / n * SPAN), 0), SPAN - 1) for side in (-1, 1)
            )
            for group, (k, n) in left.items()
        }
        under = dict.fromkeys(left, 0)
        inside: dict[int, list[Draws]] = {group: [] for group in left}
        for groups, drawn in scan():
            for group, (low, high) in windows.items():
                mine = drawn[groups == group]
                under[group] += int((mine < np.uint64(low)).sum())
                inside[group].append(mine[(mine >= np.uint64(low)) & (mine <= np.uint64(high))])
        for group, (k, _) in left.items():
            near = np.sort(np.concatenate(inside[group])) if inside[group] else np.array([], np.uint64)
            place = k - 1 - under[group]
            if 0 <= place < len(near):
                found[group] = int(near[place])
        width *= 2
    return found


@dataclass(frozen=True)
class Shuffle:
    """A task a partition of units; rows go to ``ranges`` of draws for training, then those for validation."""

    folder: Path
    units: Sequence[Path]
    times: Mapping[int, Times]
    lot: Lot
    seed: int
    train: Ranges
    validation: Ranges

    name = "shuffle"

    @property
    def count(self) -> int:
        """A task a partition."""
        return len(self.units)

    def file(self, number: int) -> Path:
        """The rows of a partition's units."""
        return self.folder / f"shuffled-{number:05d}.arrow"

    def make(self, number: int, path: Path) -> Facts:
        """Write the partition's rows."""
        waiting: list[pa.Table] = []
        held = 0
        with writing(path, SCHEMA, self.train.tasks + self.validation.tasks) as rounds:
            for units in batches(self.units[number], 0, 1):
                for rows in self._rows(pa.Table.from_batches([units])):
                    waiting.append(rows)
                    held += rows.nbytes
                    if held >= BYTES_A_ROUND:
                        self._deal(rounds, waiting)
                        waiting, held = [], 0
            self._deal(rounds, waiting)
        return {}

    def _rows(self, units: pa.Table) -> Iterator[pa.Table]:
        """A row for each time a unit is taken, with ``validation`` beside the columns of :data:`SCHEMA`."""
        group, split, unit = (units[name].to_numpy() for name in ("group", "split", "unit"))
        validation = self.lot.validation(split)
        times = np.zeros(len(unit), np.int64)
        for index in np.unique(group):
            mine = group == index
            times[mine] = self.times[index].of(unit[mine])
        times[validation] = 1
        units = units.append_column("validation", pa.array(validation))
        # Text of a small language may be taken hundreds of times.
        step = max(1, len(unit) // max(1, int(times.max(initial=0))))
        for start in range(0, len(unit), step):
            yield self._repeat(units.slice(start, step), times[start : start + step])

    def _repeat(self, units: pa.Table, times: NDArray[np.int64]) -> pa.Table:
        if (times != 1).any():
            units = units.take(np.repeat(np.arange(len(times)), times))
        copy = np.arange(len(units)) - np.repeat(np.cumsum(times) - times, times)
        hashed = map("{}\n{}\n{}".format, units["text"].to_pylist(), units["unit"].to_pylist(), copy.tolist())
        drawn = pa.array(draws(hashed, key(self.seed, "shuffle")))
        return units.append_column("draw", drawn).select([*SCHEMA.names, "validation"])

    def _deal(self, rounds: Rounds, waiting: list[pa.Table]) -> None:
        if not waiting:
            return
        rows = pa.concat_tables(waiting)
        drawn = rows["draw"].to_numpy()
        validation = self.train.tasks + self.validation.task(drawn)
        task = np.where(rows["validation"].to_numpy(), validation, self.train.task(drawn))
        rounds.write(rows.select(SCHEMA.names), task)

"""De-duplication with counts: public text once, an utterance seen n times sqrt(n) times (paper A 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from understudy.corpus import gather, near_duplicates
from understudy.corpus.draw import draws, key
from understudy.corpus.groups import Group
from understudy.corpus.partitions import collect, writing
from understudy.corpus.passes import Facts
from understudy.corpus.shards import Aside
from understudy.corpus.split import under

SCHEMA = pa.schema(
    [
        ("group", pa.int16()),
        ("split", pa.uint64()),
        ("unit", pa.uint64()),
        ("words", pa.int32()),
        ("text", pa.large_string()),
    ]
)
"""A row for each time a text is kept, a *unit*; ``unit`` is the draw by which units are sampled."""

ROWS_A_BATCH = 16_384


def copies(n: int, kind: str) -> int:
    """How often a text seen ``n`` times is kept: once, or for in-domain sqrt(n) to the nearest (at least 1).

    The square root of a whole number is never halfway between two, so rounding has no ties.
    """
    return 1 if kind == "public" else round(n**0.5)


def unit_draw(text: str, copy: int) -> str:
    """What is hashed for the draw of a text's unit number ``copy``."""
    return f"{text}\n0\n{copy}"


@dataclass(frozen=True)
class Deduplicate:
    """A task a partition: equal texts have equal hashes, so they are all in one."""

    folder: Path
    gathered: Sequence[Path]
    groups: Sequence[Group]
    partitions: int
    seed: int
    held_out_below: int
    """Texts with a smaller ``split`` are for validation."""
    near: Path | None
    """Texts, by group and ``split``, that go because they are nearly the same as another."""
    aside: Path | None
    """Where dropped rows are written to, if they are kept."""

    name = "deduplicate"

    @property
    def count(self) -> int:
        """A task a partition."""
        return self.partitions

    def file(self, number: int) -> Path:
        """The units of a partition."""
        return self.folder / f"unique-{number:05d}.arrow"

    def make(self, number: int, path: Path) -> Facts:
        """Write the partition's units; rows, words and bytes of either side, each a list over groups."""
        rows = unique(collect(self.gathered, gather.SCHEMA, number, self.partitions))
        near = self._near(rows, number)
        with Aside(self.aside, f"unique-{number:05d}") as aside:
            for row in rows.filter(pa.array(near)).to_pylist():
                aside.add(row["text"], self.groups[row["group"]], near_duplicates.REASON, row["seen"])
        dropped = _sums(rows["group"].to_numpy()[near], rows["seen"].to_numpy()[near], len(self.groups))
        rows = rows.filter(pa.array(~near)) if near.any() else rows
        public = np.array([group.kind == "public" for group in self.groups])[rows["group"].to_numpy()]
        times = np.where(public, 1, np.rint(np.sqrt(rows["seen"].to_numpy()))).astype(np.int64)
        with writing(path, SCHEMA, 1) as rounds:
            for start in range(0, len(times), ROWS_A_BATCH):
                part = slice(start, start + ROWS_A_BATCH)
                units = self._units(rows.slice(start, ROWS_A_BATCH), times[part])
                rounds.write(units, np.zeros(len(units), np.int64))
        facts = _facts(rows, times, len(self.groups), self.held_out_below)
        return facts | {"dropped": {near_duplicates.REASON: dropped} if self.near else {}}

    def _near(self, rows: pa.Table, number: int) -> NDArray[np.bool_]:
        """[rows]: which are nearly the same as another."""
        found = np.zeros(len(rows), np.bool_)
        if self.near is not None:
            schema = pa.schema([gather.SCHEMA.field("group"), gather.SCHEMA.field("split")])
            near = collect([self.near], schema, number, self.partitions)
            group, split = rows["group"].to_numpy(), rows["split"].to_numpy()
            for index in np.unique(near["group"].to_numpy()):
                its = near["split"].to_numpy()[near["group"].to_numpy() == index]
                found |= (group == index) & np.isin(split, its)
        return found

    def _units(self, rows: pa.Table, times: NDArray[np.int64]) -> pa.Table:
        units = rows.take(np.repeat(np.arange(len(times)), times)) if (times != 1).any() else rows
        starts = np.repeat(np.cumsum(times) - times, times)
        copy = (np.arange(len(starts)) - starts).tolist()
        texts = map(unit_draw, units["text"].to_pylist(), copy)
        unit = pa.array(draws(texts, key(self.seed, "unit")))
        return units.append_column("unit", unit).select(SCHEMA.names).cast(SCHEMA)


def _facts(rows: pa.Table, times: NDArray[np.int64], groups: int, held_out_below: int) -> Facts:
    """What came of a partition's texts; and those with a group's smallest draw, if it is for training."""
    group, split, words = (rows[name].to_numpy() for name in ("group", "split", "words"))
    sizes = np.stack([times, times * words, times * pc.binary_length(rows["text"]).to_numpy()])
    out = under(split, held_out_below)

    def sums(chosen: NDArray[np.bool_]) -> list[list[int]]:
        return [_sums(group[chosen], size[chosen], groups) for size in sizes]

    smallest = [split[group == index].min() for index in np.unique(group)]
    lowest = np.flatnonzero(np.isin(split, smallest) & ~out)
    return {
        "seen": _sums(group, rows["seen"].to_numpy(), groups),
        "train": sums(~out),
        "held_out": sums(out),
        "lowest": [[int(split[row]), int(group[row]), *sizes[:, row].tolist()] for row in lowest],
    }


def _sums(group: NDArray[np.int16], values: NDArray[np.int64], groups: int) -> list[int]:
    """Values added up by group."""
    return [int(total) for total in np.bincount(group, values, groups)]


def unique(rows: pa.Table) -> pa.Table:
    """One row a group and text; what ``seen`` says is added up."""
    summed = rows.group_by(["group", "text"], use_threads=False).aggregate(
        [("words", "max"), ("split", "max"), ("seen", "sum")]
    )
    return summed.rename_columns(["group", "text", "words", "split", "seen"]).combine_chunks()

"""Public sentences of one language joined to rows of about 700 words (paper A 2.1).

Sentences are taken in the order of a seeded shuffle, not of their files: a row then says nothing about how
the text was stored, and comes out the same whatever the order of reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from understudy.corpus.draw import Draws, slot
from understudy.corpus.groups import Group
from understudy.corpus.partitions import collect, partitions_for, writing
from understudy.corpus.passes import Facts

ROWS_A_BUCKET = 512
"""Packed rows that are joined at a time; each bucket ends in one short row a language."""

ROWS_A_BATCH = 4096


class Piece(NamedTuple):
    """A sentence, or a row of joined ones, with its place in the shuffle."""

    draw: int
    text: str
    words: int


def pack(sentences: Iterable[Piece], limit: int) -> Iterator[Piece]:
    """Join sentences in order, with spaces, to rows of at most ``limit`` words.

    None is split: a sentence longer than the limit is a row by itself. A row takes the place of its first
    sentence.
    """
    row: list[Piece] = []
    words = 0
    for sentence in sentences:
        if row and words + sentence.words > limit:
            yield _joined(row, words)
            row, words = [], 0
        row.append(sentence)
        words += sentence.words
    if row:
        yield _joined(row, words)


def _joined(row: list[Piece], words: int) -> Piece:
    return Piece(row[0].draw, " ".join(sentence.text for sentence in row), words)


@dataclass(frozen=True)
class Ranges:
    """Draws by range: buckets within which sentences are packed, and tasks of whole buckets.

    Rows hang on the buckets and so on the corpus alone, never on the number of tasks.
    """

    buckets: int
    tasks: int

    @classmethod
    def of(cls, words: int, size: int, limit: int) -> Ranges:
        """Buckets for ``words`` public words (0: all is one), and tasks for ``size`` bytes."""
        tasks = partitions_for(size)
        if not limit:
            return cls(tasks, tasks)
        buckets = max(1, words // (limit * ROWS_A_BUCKET))
        return cls(buckets, min(tasks, buckets))

    def bucket(self, draws: Draws) -> NDArray[np.int64]:
        """The bucket of each draw."""
        return slot(draws, self.buckets)

    def task(self, draws: Draws) -> NDArray[np.int64]:
        """The task of each draw."""
        return self.bucket(draws) * self.tasks // self.buckets


@dataclass(frozen=True)
class Pack:
    """A task a range of draws, of either side: its rows in order, packed."""

    folder: Path
    shuffled: Sequence[Path]
    schema: pa.Schema
    groups: Sequence[Group]
    train: Ranges
    validation: Ranges
    limit: int
    """Words a packed row; 0 packs nothing."""

    name = "pack"

    @property
    def count(self) -> int:
        """Those of training come first."""
        return self.train.tasks + self.validation.tasks

    def file(self, number: int) -> Path:
        """The rows of a range, in order."""
        return self.folder / f"packed-{number:05d}.arrow"

    def make(self, number: int, path: Path) -> Facts:
        """Write the range's rows; ``rows`` and ``words``, each a list over groups."""
        rows = in_order(collect(self.shuffled, self.schema, number, self.count))
        if self.limit:
            ranges = self.train if number < self.train.tasks else self.validation
            rows = in_order(self._packed(rows, ranges))
        with writing(path, self.schema, 1) as rounds:
            for start in range(0, len(rows), ROWS_A_BATCH):
                part = rows.slice(start, ROWS_A_BATCH)
                rounds.write(part, np.zeros(len(part), np.int64))
        group, words = rows["group"].to_numpy(), rows["words"].to_numpy()
        sums = [np.bincount(group, weights, len(self.groups)) for weights in (None, words)]
        return dict(zip(("rows", "words"), (count.astype(int).tolist() for count in sums), strict=True))

    def _packed(self, rows: pa.Table, ranges: Ranges) -> pa.Table:
        """Public rows joined, bucket by bucket; ``rows`` are in order: those of a bucket are neighbours."""
        group, bucket = rows["group"].to_numpy(), ranges.bucket(rows["draw"].to_numpy())
        tables = []
        for index in np.unique(group):
            mine = rows.filter(pa.array(group == index))
            if self.groups[index].kind == "public":
                bounds = np.flatnonzero(np.diff(bucket[group == index])) + 1
                starts, ends = [0, *bounds.tolist()], [*bounds.tolist(), len(mine)]
                columns = [mine[name].to_pylist() for name in Piece._fields]
                packed = [
                    row
                    for start, end in zip(starts, ends, strict=True)
                    for row in pack(map(Piece, *(column[start:end] for column in columns)), self.limit)
                ]
                joined = dict(zip(Piece._fields, zip(*packed, strict=True), strict=True))
                mine = pa.table(joined | {"group": [index] * len(packed)}, schema=self.schema)
            tables.append(mine)
        return pa.concat_tables(tables) if tables else rows


def in_order(rows: pa.Table) -> pa.Table:
    """By draw; where draws are the same, by group and text."""
    draws = rows["draw"].to_numpy()
    order = np.argsort(draws, kind="stable")
    if (np.diff(draws[order]) == 0).any():  # far slower, and seldom: one sentence in two groups
        keys = [(name, "ascending") for name in ("draw", "group", "text")]
        order = pc.sort_indices(rows, sort_keys=keys)
    return rows.take(order).combine_chunks()

"""Prepared rows on disk: ``part-00000.parquet`` and on, with ``text, language, kind, words``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from understudy.corpus.groups import Group
from understudy.corpus.partitions import batches
from understudy.corpus.passes import Facts

SCHEMA = pa.schema(
    [("text", pa.string()), ("language", pa.string()), ("kind", pa.string()), ("words", pa.int32())]
)
DROPPED_SCHEMA = pa.schema([(name, pa.string()) for name in ("text", "language", "kind", "reason")])

ROWS_A_GROUP = 8192
"""Rows of a Parquet row group, whatever the partitions were: equal rows give equal files."""

NAMES = ("language", "kind", "reason")
"""Columns of few values."""


@dataclass(frozen=True)
class Shard:
    """One file: rows ``[start, end)`` of a side, which lie in ``files`` one after the other."""

    path: Path
    files: Sequence[Path]
    rows: Sequence[int]
    """In each of ``files``."""
    start: int
    end: int


def shards(folder: Path, files: Sequence[Path], rows: Sequence[int], count: int) -> list[Shard]:
    """A side in ``count`` files of equal length (the first ones +1), or one a row where rows are fewer."""
    total = sum(rows)
    count = min(count, total)
    bounds = np.cumsum([0, *(total // count + (number < total % count) for number in range(count))]).tolist()
    return [
        Shard(folder / f"part-{number:05d}.parquet", files, rows, bounds[number], bounds[number + 1])
        for number in range(count)
    ]


@dataclass(frozen=True)
class Write:
    """A task a shard."""

    shards: Sequence[Shard]
    groups: Sequence[Group]

    name = "write"

    @property
    def count(self) -> int:
        """A task a shard."""
        return len(self.shards)

    def file(self, number: int) -> Path:
        """The shard."""
        return self.shards[number].path

    def make(self, number: int, path: Path) -> Facts:
        """Write the shard, in row groups of one length."""
        waiting: list[pa.Table] = []
        with _parquet(path, SCHEMA) as writer:
            for rows in _rows(self.shards[number]):
                waiting.append(self._named(rows))
                if sum(map(len, waiting)) >= ROWS_A_GROUP:
                    held = pa.concat_tables(waiting)
                    writer.write_table(held.slice(0, ROWS_A_GROUP), ROWS_A_GROUP)
                    waiting = [held.slice(ROWS_A_GROUP)]
            if sum(map(len, waiting)):
                writer.write_table(pa.concat_tables(waiting), ROWS_A_GROUP)
        return {}

    def _named(self, rows: pa.Table) -> pa.Table:
        group = rows["group"].to_numpy()
        _, language, kind = (np.array(names)[group] for names in zip(*self.groups, strict=True))
        columns = {"text": rows["text"], "language": language, "kind": kind, "words": rows["words"]}
        return pa.table(columns).cast(SCHEMA)


def _rows(shard: Shard) -> Iterator[pa.Table]:
    """The rows of a shard, at most ``ROWS_A_GROUP`` at a time."""
    begins = 0
    for file, length in zip(shard.files, shard.rows, strict=True):
        if begins < shard.end and begins + length > shard.start:
            here = begins
            for batch in batches(file, 0, 1):
                first, last = max(shard.start - here, 0), min(shard.end - here, len(batch))
                for start in range(first, last, ROWS_A_GROUP):
                    yield pa.Table.from_batches([batch.slice(start, min(ROWS_A_GROUP, last - start))])
                here += len(batch)
        begins += length


class Aside:
    """Dropped rows, written to ``folder`` where one is given and any is dropped."""

    def __init__(self, folder: Path | None, name: str) -> None:
        self._final = None if folder is None else folder / f"part-{name}.parquet"
        self._rows: list[tuple[str, str, str, str]] = []
        self._writer: pq.ParquetWriter | None = None

    def add(self, text: str, group: Group, reason: str, times: int = 1) -> None:
        """Rows that were dropped for one reason, all alike."""
        if self._final is not None:
            for _ in range(times):
                self._rows.append((text, group.language, group.kind, reason))
                if len(self._rows) >= ROWS_A_GROUP:
                    self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._rows and error is None:
            self._flush()
        if self._writer is None or self._final is None:
            return
        self._writer.close()
        if error is None:
            self._temporary(self._final).replace(self._final)
        else:
            self._temporary(self._final).unlink()

    @staticmethod
    def _temporary(final: Path) -> Path:
        return final.with_name(f".{final.name}.{os.getpid()}.tmp")

    def _flush(self) -> None:
        assert self._final is not None
        if self._writer is None:
            self._final.parent.mkdir(exist_ok=True)
            self._writer = _parquet(self._temporary(self._final), DROPPED_SCHEMA)
        columns = dict(zip(DROPPED_SCHEMA.names, zip(*self._rows, strict=True), strict=True))
        self._writer.write_table(pa.table(columns, DROPPED_SCHEMA))
        self._rows = []


def _parquet(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    few = [name for name in schema.names if name in NAMES]
    return pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=few)

"""Rows on their way from pass to pass: Arrow files in which each record batch belongs to one partition.

A file holds its batches in rounds, ``partitions`` of them a round: batch ``i`` belongs to partition
``i % partitions``. Any partition can be taken out of all files without reading the rest, and writing holds
one round in memory, however long the file becomes. Empty batches keep the count; they cost a few hundred
bytes, where the footer of a Parquet file of as many row groups would cost kilobytes each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

BYTES = 64 << 20
"""Text that one task of any pass takes, roughly: a worker needs several times as much memory."""


def partitions_for(size: float) -> int:
    """How many partitions hold ``size`` bytes of text."""
    return max(1, -(-int(size) // BYTES))


class Rounds:
    """What a task writes its rows with."""

    def __init__(self, writer: pa.RecordBatchWriter, partitions: int) -> None:
        self._writer, self._partitions = writer, partitions

    def write(self, rows: pa.Table, partition: NDArray[np.int64]) -> None:
        """One round: ``rows``, each with its partition, ``[n]``; within a partition they keep their order."""
        order = np.argsort(partition, kind="stable")
        rows = rows.take(order).combine_chunks()
        bounds = np.searchsorted(partition[order], np.arange(self._partitions + 1))
        for start, end in pairwise(bounds):
            part = rows.slice(start, end - start).to_batches() if end > start else []
            self._writer.write_batch(pa.concat_batches(part) if part else _empty(rows.schema))


@contextmanager
def writing(path: Path, schema: pa.Schema, partitions: int) -> Iterator[Rounds]:
    """Open a file of rounds; it is whole when the block ends."""
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with path.open("wb") as handle, pa.ipc.new_file(handle, schema, options=options) as writer:
        yield Rounds(writer, partitions)


def batches(
    path: Path, partition: int, partitions: int, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """The rows of one partition of one file, a round a batch; with ``columns`` only those are unpacked."""
    with pa.OSFile(str(path)) as handle:
        schema = pa.ipc.open_file(handle).schema
        fields = None if columns is None else [schema.get_field_index(name) for name in columns]
        options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
        reader = pa.ipc.open_file(handle, options=options)
        for number in range(partition, reader.num_record_batches, partitions):
            yield reader.get_batch(number)


def collect(files: Iterable[Path], schema: pa.Schema, partition: int, partitions: int) -> pa.Table:
    """The rows of one partition of all files, in the order of the files."""
    found = [batch for file in files for batch in batches(file, partition, partitions)]
    return pa.Table.from_batches(found, schema).combine_chunks()


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)

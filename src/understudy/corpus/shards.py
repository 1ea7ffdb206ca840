"""Prepared rows on disk: ``part-00000.parquet`` and on, with ``text, language, kind, words``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from understudy.corpus.engine import daft

SCHEMA = pa.schema(
    [("text", pa.string()), ("language", pa.string()), ("kind", pa.string()), ("words", pa.int32())]
)


def write_shards(rows: daft.DataFrame, folder: Path, shards: int) -> int:
    """Write rows in the order of their ``draw``, in ``shards`` files of equal length (the first ones +1).

    Shards of an earlier attempt are removed first. Fewer rows than shards make as many shards as rows. The
    order is total, so equal rows give equal files. Rows stream through this process.

    Returns:
        The number of rows.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = rows.collect()
    total = rows.count_rows()
    shards = min(shards, total)
    batches = rows.sort(["draw", "language", "kind", "text"]).select(*SCHEMA.names).to_arrow_iter()
    rest = pa.table({name: [] for name in SCHEMA.names}, schema=SCHEMA)
    for shard in range(shards):
        due = total // shards + (shard < total % shards)
        with pq.ParquetWriter(folder / f"part-{shard:05d}.parquet", SCHEMA, compression="zstd") as writer:
            while due:
                if not rest.num_rows:
                    rest = pa.Table.from_batches([next(batches)]).cast(SCHEMA)
                now = rest.slice(0, due)
                writer.write_table(now)
                rest = rest.slice(now.num_rows)
                due -= now.num_rows
    return int(total)

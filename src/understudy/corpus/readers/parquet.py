"""Parquet, of which only the columns that are asked for are read (Wikipedia: ``title``, ``text``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from understudy.core.addresses import open_remote
from understudy.core.errors import UserError, nearest
from understudy.core.lines import check_file
from understudy.corpus.readers.rows import Document, Rows, Source

_BATCH_ROWS = 1024


def read_parquet(source: Source) -> Iterator[Document]:
    """The documents of every row, or of the row groups of the source's span; ``place`` is ``row 17``."""
    rows = Rows(source)
    found = False
    with parquet_file(source) as file:
        _check_columns(rows, file.schema_arrow)
        groups = range(*(source.span or (0, file.num_row_groups)))
        number = sum(file.metadata.row_group(group).num_rows for group in range(groups.start))
        for batch in _batches(source, file, groups, list(rows.columns)):
            for row in _mappings(rows, batch, number):
                number += 1
                for document in [row] if isinstance(row, Document) else rows.documents(row, f"row {number}"):
                    found = True
                    yield document
    rows.check_found(found)


@contextmanager
def parquet_file(source: Source) -> Iterator[pq.ParquetFile]:
    """The file, opened.

    Raises:
        UserError: missing, empty, cut short, or no Parquet.
    """
    path = source.path
    if isinstance(path, Path):
        check_file(path)
    with path.open("rb") if isinstance(path, Path) else open_remote(path) as handle:
        try:
            file = pq.ParquetFile(handle)
            if source.corpus.field in file.schema_arrow.names:
                # The text stays encoded where the file has it so: one long value repeated a million times
                # fills a page of the file, and must not fill memory.
                file = pq.ParquetFile(handle, metadata=file.metadata, read_dictionary=[source.corpus.field])
        except Exception as error:
            raise _damaged(source, error) from None
        yield file


def _batches(source: Source, file: pq.ParquetFile, groups: range, columns: list[str]) -> Iterator[Any]:
    try:
        yield from file.iter_batches(_BATCH_ROWS, row_groups=list(groups), columns=columns, use_threads=False)
    except Exception as error:
        raise _damaged(source, error) from None


def _check_columns(rows: Rows, schema: pa.Schema) -> None:
    path, field = rows.source.path, rows.source.corpus.field
    for column in rows.columns:
        if column not in schema.names:
            raise UserError(f"no column '{column}'; {nearest(column, schema.names)}", file=path)
    kind = schema.field(field).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        raise UserError(f"the column '{field}' holds {kind}, not text", file=path)


def _mappings(rows: Rows, batch: pa.RecordBatch, before: int) -> Iterator[dict[str, Any] | Document]:
    names = rows.columns
    try:
        columns = [_values(batch.column(name)) for name in names]
    except UnicodeDecodeError:
        yield from _one_by_one(rows, batch, before)
        return
    for cells in zip(*columns, strict=True):
        yield dict(zip(names, cells, strict=True))


def _values(column: pa.Array) -> list[Any]:
    """A column as Python values; equal ones of an encoded column are one object."""
    if not pa.types.is_dictionary(column.type):
        return list(column.to_pylist())
    used = pc.unique(column.indices)
    values = dict(zip(used.to_pylist(), column.dictionary.take(used).to_pylist(), strict=True))
    return [values[index] for index in column.indices.to_pylist()]


def _one_by_one(rows: Rows, batch: pa.RecordBatch, before: int) -> Iterator[dict[str, Any] | Document]:
    """As :func:`_mappings`, where the text of some row is not UTF-8."""
    columns = [batch.column(name) for name in rows.columns]
    for index in range(batch.num_rows):
        try:
            yield {name: column[index].as_py() for name, column in zip(rows.columns, columns, strict=True)}
        except UnicodeDecodeError as error:
            problem = f"byte {error.start + 1} is not valid UTF-8"
            yield rows.damaged("encoding", problem, f"row {before + index + 1}")


def _damaged(source: Source, error: Exception) -> UserError:
    if isinstance(error, UserError):
        return error
    return UserError(f"cannot be read as Parquet, it may be cut short ({error!s:.200})", file=source.path)

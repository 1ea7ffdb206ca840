"""Reading prepared text, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from understudy.core.errors import UserError

BATCH_ROWS = 2048
"""Packed rows hold some 700 words, so this many are about 10 MB."""

_AGAIN = "make the prepare step again with --force"


class PreparedText:
    """The ``part-*.parquet`` files of one split, with the columns ``text`` and ``language``."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Look at the files' footers only.

        Args:
            folders: each one's parts are read in the order of their names.

        Raises:
            UserError: a folder without parts; a part that is damaged or lacks a column.
        """
        self.num_rows = 0
        self._files: list[Path] = []
        for folder in folders:
            files = sorted(folder.glob("part-*.parquet"))
            if not files:
                raise UserError(f"holds no part-*.parquet; {_AGAIN}", file=folder)
            for file in files:
                with _named(file), pq.ParquetFile(file) as parquet:
                    missing = {"text", "language"} - set(parquet.schema_arrow.names)
                    if missing:
                        raise UserError(f"lacks the column {', '.join(sorted(missing))}; {_AGAIN}", file=file)
                    self.num_rows += parquet.metadata.num_rows
            self._files += files

    def batches(self) -> Iterator[tuple[list[str], list[str]]]:
        """Texts and their languages, at most :data:`BATCH_ROWS` of them at a time."""
        for file in self._files:
            with _named(file), pq.ParquetFile(file) as parquet:
                for batch in parquet.iter_batches(BATCH_ROWS, columns=["text", "language"]):
                    yield batch.column("text").to_pylist(), batch.column("language").to_pylist()

    def texts(self) -> Iterator[str]:
        """Every text."""
        for texts, _ in self.batches():
            yield from texts

    def languages(self) -> set[str]:
        """Every language; reads no text."""
        found: set[str] = set()
        for file in self._files:
            with _named(file):
                found.update(pq.read_table(file, columns=["language"])["language"].unique().to_pylist())
        return found


class _named:  # noqa: N801 - reads as a statement
    """Give a damaged Parquet file its name."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, pa.ArrowException | OSError):
            raise UserError(f"is no whole Parquet file; {_AGAIN}", file=self.file) from None

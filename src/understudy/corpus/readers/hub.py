"""Data sets of the Hugging Face hub or of a local folder, streamed by the library ``datasets``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from understudy.core.errors import UserError, nearest
from understudy.core.hub import MISSING, name_and_config
from understudy.corpus.readers.rows import Document, Rows, Source


def read_hub(source: Source) -> Iterator[Document]:
    """The documents of one split; ``place`` is ``row 17``. Nothing is stored on this machine."""
    rows = Rows(source)
    found = False
    number = 0
    data = _load(source)
    try:
        for number, row in enumerate(data, start=1):
            if number == 1:
                _check_columns(rows, row)
            for document in rows.documents(row, f"row {number}"):
                found = True
                yield document
    except UserError:
        raise
    except Exception as error:  # whatever the format of its files and the network raise
        said = f"reading stopped ({type(error).__name__}: {error!s:.200})"
        raise UserError(said, file=source.path, place=f"row {number + 1}") from None
    rows.check_found(found)


def _load(source: Source) -> Any:
    try:
        import datasets
    except ImportError:
        raise UserError(MISSING, file=source.path) from None
    name, config = name_and_config(str(source.path))
    try:
        return datasets.load_dataset(name, config, split=source.corpus.split, streaming=True)
    except Exception as error:
        raise UserError(f"cannot be opened ({error!s:.300})", file=source.path) from None


def _check_columns(rows: Rows, row: dict[str, Any]) -> None:
    for column in rows.columns:
        if column not in row:
            raise UserError(f"no column '{column}'; {nearest(column, row)}", file=rows.source.path)

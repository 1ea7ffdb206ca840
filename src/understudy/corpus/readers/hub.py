"""Data sets of the Hugging Face hub or of a local folder, streamed by the library ``datasets``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from typing import Any

from understudy.core.errors import UserError, nearest
from understudy.core.hub import MISSING, name_and_config
from understudy.corpus.readers.rows import Document, Rows, Source


def read_hub(source: Source) -> Iterator[Document]:
    """The documents of one split; ``place`` is ``row 17``. No row is stored on this machine.

    A row that is not of the types of the rows before it stops the run whatever ``damaged`` says.
    """
    rows = Rows(source)
    found = False
    number = 0
    with TemporaryDirectory() as folder:
        data = _load(source, folder)
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


def _load(source: Source, folder: str) -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        import datasets
    except ImportError:
        raise UserError(MISSING, file=source.path) from None
    name, config = name_and_config(str(source.path))
    try:
        split = source.corpus.split or "train"
        return datasets.load_dataset(name, config, split=split, streaming=True, cache_dir=folder)
    except Exception as error:
        raise UserError(f"cannot be opened ({error!s:.300})", file=source.path) from None


def _check_columns(rows: Rows, row: dict[str, Any]) -> None:
    for column in rows.columns:
        if column not in row:
            raise UserError(f"no column '{column}'; {nearest(column, row)}", file=rows.source.path)

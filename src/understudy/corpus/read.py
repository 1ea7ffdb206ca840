"""Corpus files into one Daft table: the fields of a document, ``locale``, ``kind`` and ``problem``.

One task a file, so files are the unit of parallel reading. What is wrong with a file travels as a last row
whose ``problem`` is set: an exception raised inside a reader loses its type on the way through the engine.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from understudy.core.errors import UserError
from understudy.core.stage import CorpusFiles
from understudy.corpus.engine import daft
from understudy.corpus.readers import Document, Source, documents
from understudy.text.locale import Locale

__all__ = ["Document", "Source", "documents", "raise_problem", "read", "sources"]

BATCH_ROWS = 16_384
_TYPES = {
    "text": pa.large_string(),
    "confidence": pa.float64(),
    "dropped": pa.large_string(),
    "locale": pa.large_string(),
    "kind": pa.large_string(),
    "problem": pa.large_string(),
}
_SCHEMA = daft.Schema.from_pyarrow_schema(pa.schema(list(_TYPES.items())))


def sources(corpora: Iterable[CorpusFiles]) -> list[Source]:
    """Every file of every corpus, in the recipe's order.

    Raises:
        UserError: a locale is misspelt; a locale without files; ``where`` or ``confidence`` on plain text.
    """
    found = []
    for corpus in corpora:
        for key in ("where", "confidence"):
            if getattr(corpus.config, key) and corpus.config.format == "text":
                raise UserError(f"plain text has no keys; drop '{key}' or use jsonl ({corpus.config.path})")
        for locale, files in corpus.files.items():
            Locale.parse(locale)
            if not files:
                raise UserError(f"no file for locale '{locale}'", file=corpus.config.path)
            found += [Source(path, locale, corpus.config) for path in files]
    return found


def read(files: list[Source]) -> daft.DataFrame:
    """A lazy table of all rows of ``files``; nothing is opened yet."""
    return _Files(files).read()


def raise_problem(problem: str) -> None:
    """Raise the :class:`UserError` that a ``problem`` cell stands for."""
    raise UserError(**json.loads(problem))


class _Files(daft.io.source.DataSource):
    """What Daft asks for its scan: a schema and a task a file."""

    def __init__(self, files: list[Source]) -> None:
        self.files = files

    @property
    def name(self) -> str:
        return "corpus files"

    @property
    def schema(self) -> Any:
        return _SCHEMA

    async def get_tasks(self, pushdowns: Any) -> AsyncIterator[Any]:  # noqa: ARG002 - Daft's signature
        for file in self.files:
            yield _FileTask(file)


class _FileTask(daft.io.source.DataSourceTask):
    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def schema(self) -> Any:
        return _SCHEMA

    async def read(self) -> AsyncIterator[Any]:
        rows = documents(self.source)
        problem = None
        while problem is None:
            batch: list[Document] = []
            try:
                batch.extend(islice(rows, BATCH_ROWS))
            except UserError as error:
                problem = {"problem": error.problem, "file": error.file, "place": error.place}
            if problem is not None:
                yield self._batch([Document("")], json.dumps(problem))
            elif batch:
                yield self._batch(batch, None)
            else:
                return

    def _batch(self, rows: list[Document], problem: str | None) -> Any:
        constants = {"locale": self.source.locale, "kind": self.source.corpus.kind, "problem": problem}
        columns: dict[str, Sequence[Any]] = dict(zip(Document._fields, zip(*rows, strict=True), strict=True))
        columns |= {name: [value] * len(rows) for name, value in constants.items()}
        return daft.recordbatch.RecordBatch.from_pydict(
            {name: pa.array(values, _TYPES[name]) for name, values in columns.items()}
        )

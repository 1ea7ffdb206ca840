"""Corpus files into one Daft table: ``text`` (white space folded), ``locale``, ``kind``, ``problem``.

One task a file, so files are the unit of parallel reading. What is wrong with a file travels as a last row
whose ``problem`` is set: an exception raised inside a reader loses its type on the way through the engine.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from understudy.core.errors import UserError, nearest
from understudy.core.files import read_jsonl, read_lines
from understudy.core.recipe.entries import Corpus
from understudy.core.stage import CorpusFiles
from understudy.corpus.engine import daft
from understudy.text.locale import Locale
from understudy.text.normalize import fold

BATCH_ROWS = 16_384
_COLUMNS = ("text", "locale", "kind", "problem")
_SCHEMA = daft.Schema.from_pyarrow_schema(pa.schema([(name, pa.large_string()) for name in _COLUMNS]))


@dataclass(frozen=True)
class Source:
    """One file, and what its rows are."""

    path: Path
    locale: str
    corpus: Corpus


def sources(corpora: Iterable[CorpusFiles]) -> list[Source]:
    """Every file of every corpus, in the recipe's order.

    Raises:
        UserError: a locale is misspelt; a locale without files; ``where`` on plain text.
    """
    found = []
    for corpus in corpora:
        if corpus.config.where and corpus.config.format == "text":
            raise UserError(
                f"plain text has no keys to choose rows by; drop 'where' or use jsonl ({corpus.config.path})"
            )
        for locale, files in corpus.files.items():
            Locale.parse(locale)
            if not files:
                raise UserError(f"no file for locale '{locale}'", file=corpus.config.path)
            found += [Source(path, locale, corpus.config) for path in files]
    return found


def texts(source: Source) -> Iterator[str]:
    """The texts of one file, folded; rows that ``where`` turns away are passed over.

    Raises:
        UserError: the file is missing, empty or damaged; a line is no UTF-8 or no JSON object; the text's key
            is missing or holds no string; no row is left after ``where``.
    """
    if source.corpus.format == "text":
        for _, line in read_lines(source.path):
            yield fold(line)
        return
    field, where = source.corpus.field, source.corpus.where
    found = False
    for number, row in read_jsonl(source.path):
        if not all(str(row.get(name)) == value for name, value in where.items()):
            continue
        text = row.get(field)
        if not isinstance(text, str):
            wrong = f"holds no text but {text!r}" if field in row else f"is missing; {nearest(field, row)}"
            raise UserError(f"the key '{field}' {wrong}", file=source.path, place=number)
        found = True
        yield fold(text)
    if not found:
        chosen = ", ".join(f"{name}: {value}" for name, value in where.items())
        asked = f" with {{{chosen}}} ('where')" if chosen else ""
        raise UserError(f"no row{asked} for locale '{source.locale}'", file=source.path)


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
        rows = texts(self.source)
        problem = None
        while problem is None:
            batch: list[str] = []
            try:
                batch.extend(islice(rows, BATCH_ROWS))
            except UserError as error:
                problem = {"problem": error.problem, "file": error.file, "place": error.place}
            if problem is not None:
                yield self._batch([""], json.dumps(problem))
            elif batch:
                yield self._batch(batch, None)
            else:
                return

    def _batch(self, texts: list[str], problem: str | None) -> Any:
        constants = {"locale": self.source.locale, "kind": self.source.corpus.kind, "problem": problem}
        columns = {"text": texts} | {name: [value] * len(texts) for name, value in constants.items()}
        return daft.recordbatch.RecordBatch.from_pydict(
            {name: pa.array(values, pa.large_string()) for name, values in columns.items()}
        )

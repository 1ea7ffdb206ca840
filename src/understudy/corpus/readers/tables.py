"""CSV and TSV with a header: the columns are the keys of a row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from understudy.core.errors import UserError, nearest
from understudy.core.lines import LINE_LIMIT, TOO_LONG
from understudy.corpus.readers.encoded import blocks, not_utf8
from understudy.corpus.readers.rows import Document, Rows, Source


def read_tsv(source: Source) -> Iterator[Document]:
    """Tab-separated values, which know no quotes: a tab ends a value, a line end a row."""
    rows = Rows(source)
    return _documents(rows, _tabs(rows))


def read_csv(source: Source) -> Iterator[Document]:
    """Comma-separated values after RFC 4180: quoted values may hold commas, line ends and doubled quotes."""
    rows = Rows(source)
    return _documents(rows, _commas(rows))


def _documents(rows: Rows, table: Iterator[tuple[int, Sequence[str] | Document]]) -> Iterator[Document]:
    header: Sequence[str] | None = None
    found = False
    for number, cells in table:
        if header is None:
            header = _header(rows, cells)
        elif isinstance(cells, Document):
            found = True
            yield cells
        elif len(cells) != len(header):
            found = True
            problem = f"{len(cells)} values in a row, the header has {len(header)}"
            yield rows.damaged("malformed", problem, number, " ".join(cells))
        else:
            for document in rows.documents(dict(zip(header, cells, strict=True)), number):
                found = True
                yield document
    rows.check_found(found)


def _header(rows: Rows, cells: Sequence[str] | Document) -> Sequence[str]:
    """Without its header a table cannot be read at all, whatever ``damaged`` says."""
    path = rows.source.path
    if isinstance(cells, Document):
        raise UserError("the header cannot be read; the first line names the columns", file=path, place=1)
    for column in rows.columns:
        if column not in cells:
            raise UserError(
                f"no column '{column}' in the header; {nearest(column, cells)}", file=path, place=1
            )
    return cells


def _lines(rows: Rows) -> Iterator[tuple[int, str | Document]]:
    for number, block in blocks(rows):
        if isinstance(block, Document):
            yield number, block
            continue
        for here, line in enumerate(block, number):
            try:
                yield here, line.decode()
            except UnicodeDecodeError as error:
                yield here, not_utf8(rows, error, here)


def _tabs(rows: Rows) -> Iterator[tuple[int, Sequence[str] | Document]]:
    for number, line in _lines(rows):
        if isinstance(line, Document):
            yield number, line
        elif line := line.rstrip("\r"):
            yield number, line.split("\t")


class _Pulled:
    """Lines for ``csv.reader``, which takes as many as a row has; damaged ones are laid aside."""

    def __init__(self, rows: Rows) -> None:
        self._lines = _lines(rows)
        self.aside: list[tuple[int, Document]] = []
        self.last = 0
        """The number of the last line taken."""
        self.size = 0
        """Characters taken; whoever counts a row sets it back."""

    def __iter__(self) -> _Pulled:
        return self

    def __next__(self) -> str:
        for number, line in self._lines:
            self.last = number
            if isinstance(line, Document):
                self.aside.append((number, line))
                continue
            self.size += len(line)
            if self.size > LINE_LIMIT:
                raise csv.Error(_LIMIT)
            return line + "\n"
        raise StopIteration


_LIMIT = "field larger than field limit"  # as the module itself says it


def _commas(rows: Rows) -> Iterator[tuple[int, Sequence[str] | Document]]:
    csv.field_size_limit(LINE_LIMIT)
    pulled = _Pulled(rows)
    table = csv.reader(pulled, strict=True)
    while True:
        begins, pulled.size = pulled.last + 1, 0
        try:
            cells = next(table, None)
        except csv.Error as error:
            long = _LIMIT in str(error)
            reason, problem = ("too_long", TOO_LONG) if long else ("malformed", f"not CSV ({error})")
            # A quote that is never closed swallows lines: each of them counts.
            for line in range(begins, pulled.last + 1):
                yield line, rows.damaged(reason, f"{problem}; is a quote left open?", line)
            continue
        yield from pulled.aside
        pulled.aside.clear()
        if cells is None:
            return
        if cells:
            yield begins, cells

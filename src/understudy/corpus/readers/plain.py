"""Plain text: a sentence a line, or documents with a blank line between them (CC-100)."""

from __future__ import annotations

from collections.abc import Iterator

from understudy.core.lines import LINE_LIMIT, TOO_LONG
from understudy.corpus.readers.encoded import blocks, not_utf8
from understudy.corpus.readers.rows import Document, Rows, Source
from understudy.text.normalize import fold


def read_plain(source: Source) -> Iterator[Document]:
    """A document a line, blank ones too (they are dropped as empty later, and counted), or a paragraph."""
    rows = Rows(source)
    return _paragraphs(rows) if source.corpus.unit == "document" else _lines(rows)


def _lines(rows: Rows) -> Iterator[Document]:
    for number, block in blocks(rows):
        if isinstance(block, Document):
            yield block
            continue
        try:
            # A block decodes at once far faster than line by line; a bad one is looked at by line.
            texts = b"\n".join(block).decode().split("\n")
        except UnicodeDecodeError:
            yield from _by_line(rows, number, block)
            continue
        for text in texts:
            yield Document(fold(text))


def _by_line(rows: Rows, number: int, lines: list[bytes]) -> Iterator[Document]:
    for here, line in enumerate(lines, number):
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            yield not_utf8(rows, error, here)
        else:
            yield Document(fold(text))


def _paragraphs(rows: Rows) -> Iterator[Document]:
    """A document that holds a damaged line loses that line; one that is too long is dropped whole."""
    parts: list[bytes] = []
    size = 0
    begins = 1
    for number, block in blocks(rows):
        if isinstance(block, Document):
            yield block
            continue
        for here, line in enumerate(block, number):
            if line.strip():
                begins = begins if parts else here
                size += len(line)
                parts += [line] if size <= LINE_LIMIT else []
                continue
            if parts:
                yield _joined(rows, parts, size, begins)
            parts, size = [], 0
    if parts:
        yield _joined(rows, parts, size, begins)


def _joined(rows: Rows, parts: list[bytes], size: int, begins: int) -> Document:
    if size > LINE_LIMIT:
        return rows.damaged("too_long", TOO_LONG.replace("line", "document", 1), begins)
    for here, line in enumerate(parts, begins):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            return not_utf8(rows, error, here)
    return Document(fold(b"\n".join(parts).decode()))

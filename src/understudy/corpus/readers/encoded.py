"""Lines of a file as bytes, with what is too long, not UTF-8 or cut off said in one way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from understudy.core.errors import UserError
from understudy.core.lines import TOO_LONG, check_file, open_lines, unreadable
from understudy.corpus.readers.rows import Document, Rows

_MARK = b"\xef\xbb\xbf"
"""The byte order mark with which some editors begin a UTF-8 file."""


def blocks(rows: Rows) -> Iterator[tuple[int, list[bytes] | Document]]:
    """Lines without their ends, a block at a time, with the number of the first; or a damaged line.

    Raises:
        UserError: the file is missing, empty or damaged; a line is too long (``damaged: stop``).
    """
    source = rows.source
    if isinstance(source.path, Path):
        check_file(source.path)
    number = 1
    try:
        with open_lines(source.path, source.span) as found:
            for block in found:
                if block is None:
                    yield number, rows.damaged("too_long", TOO_LONG, number)
                    number += 1
                    continue
                if number == 1 and block.startswith(_MARK) and not (source.span and source.span[0]):
                    block = block[len(_MARK) :]
                lines = block.split(b"\n")
                if not lines[-1]:
                    lines.pop()  # what follows the last line end
                yield number, lines
                number += len(lines)
    except Exception as error:
        raise unreadable(error, source.path, number) from None
    if number == 1 and source.span is None:
        raise UserError("is empty; at least one line is due", file=source.path)


def not_utf8(rows: Rows, error: UnicodeDecodeError, number: int) -> Document:
    """A line that does not decode."""
    problem = f"byte {error.start + 1} is not valid UTF-8; convert it to UTF-8"
    return rows.damaged("encoding", problem, number, error.object)

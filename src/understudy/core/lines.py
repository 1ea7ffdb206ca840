"""Lines of a stream a block at a time, none longer than a limit: memory is bounded whatever a file holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from understudy.core.addresses import Address, is_remote
from understudy.core.compression import is_damage, open_binary
from understudy.core.errors import UserError

BLOCK = 1 << 20
"""Bytes that are read and split at a time."""

LINE_LIMIT = 16 << 20
"""Bytes of the longest line that is read, several times any book; a longer one would fill memory."""

TOO_LONG = f"the line is longer than {LINE_LIMIT >> 20} MiB; put a sentence or a document on each line"

Span = tuple[int, int]
"""Bytes ``[start, end)`` of a plain file: of a file in spans, each line belongs to the one it begins in."""


def line_blocks(handle: IO[bytes], length: int | None = None) -> Iterator[bytes | None]:
    """Whole lines with their ends, a block or so at a time; None takes the place of one line over the limit.

    Args:
        handle: what is read.
        length: bytes to read; None: to the end.
    """
    rest: list[bytes] = []
    waiting = 0  # bytes of a line whose end is not read yet
    left = -1 if length is None else length
    while left and (data := handle.read(BLOCK if left < 0 else min(BLOCK, left))):
        left -= len(data) if left > 0 else 0
        end = data.rfind(b"\n") + 1
        if not end:
            if waiting <= LINE_LIMIT < waiting + len(data):
                rest = []
                yield None
            waiting += len(data)
            if waiting <= LINE_LIMIT:
                rest.append(data)
            continue
        begin = 0
        if waiting > LINE_LIMIT:
            begin = data.find(b"\n") + 1
        elif waiting + data.find(b"\n") > LINE_LIMIT:
            begin, rest = data.find(b"\n") + 1, []
            yield None
        if begin < end:
            yield b"".join((*rest, data[begin:end]))
        rest = [data[end:]] if end < len(data) else []
        waiting = len(data) - end
    if rest:
        yield b"".join(rest)


@contextmanager
def open_lines(address: Address, span: Span | None = None) -> Iterator[Iterator[bytes | None]]:
    """:func:`line_blocks` of a file, compressed or plain, or of a span of a plain one."""
    with open_binary(address) as handle:
        if span is None:
            yield line_blocks(handle)
        else:
            start, end = (_line_start(handle, at) for at in span)
            handle.seek(start)
            yield line_blocks(handle, max(0, end - start))


def lines_before(address: Address, at: int) -> int:
    """How many lines of a plain file begin before the first one that begins at byte ``at`` or later."""
    with open_binary(address) as handle:
        left = _line_start(handle, at)
        handle.seek(0)
        count = 0
        while left and (data := handle.read(min(BLOCK, left))):
            count += data.count(b"\n")
            left -= len(data)
    return count


def unreadable(error: Exception, address: Address, line: int) -> Exception:
    """What to raise for an error met while reading: a :class:`UserError` unless this machine is at fault."""
    if isinstance(error, UserError):
        return error
    if is_damage(error, address):
        said = " ".join(str(error).split())
        return UserError(
            f"the compressed file is cut short or damaged ({said}); copy it again", file=address, place=line
        )
    if is_remote(address):
        return UserError(
            f"reading stopped ({error or type(error).__name__}); try again", file=address, place=line
        )
    return error


def check_file(path: Path) -> None:
    """Raise a :class:`UserError` unless ``path`` is a readable, non-empty file."""
    if path.is_dir():
        raise UserError("is a directory; a file is due here", file=path)
    if not path.exists():
        raise UserError("no such file", file=path)
    if path.is_file() and path.stat().st_size == 0:  # a pipe has no size
        raise UserError("is empty; at least one line is due", file=path)


def _line_start(handle: IO[bytes], at: int) -> int:
    """The first byte at ``at`` or later at which a line begins, or the end of the file."""
    if at <= 0:
        return 0
    handle.seek(at - 1)
    while data := handle.read(1 << 16):
        found = data.find(b"\n")
        if found >= 0:
            return handle.tell() - len(data) + found + 1
    return handle.tell()

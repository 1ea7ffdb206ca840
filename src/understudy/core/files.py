"""Reading text files with errors that name the line, and writing files that are whole or absent."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from understudy.core.addresses import Address, remote_fingerprint
from understudy.core.errors import UserError
from understudy.core.hub import HUB, data_set_fingerprint
from understudy.core.lines import TOO_LONG, check_file, open_lines, unreadable

__all__ = [
    "atomic_write",
    "check_file",
    "decode_lines",
    "disk_is_full",
    "file_fingerprint",
    "fingerprint_of",
    "read_json",
    "read_jsonl",
    "read_lines",
    "write_json",
    "write_jsonl",
]


def read_lines(address: Address) -> Iterator[tuple[int, str]]:
    """Lines of a local or remote file with their 1-based numbers, without line ends.

    Raises:
        UserError: the file is missing, empty or a directory; a line is not UTF-8 or longer than
            ``LINE_LIMIT``; the compressed file is cut.
    """
    if isinstance(address, Path):
        check_file(address)
    number = 0
    try:
        with open_lines(address) as blocks:
            for block in blocks:
                if block is None:
                    raise UserError(TOO_LONG, file=address, place=number + 1)
                yield from decode_lines(io.BytesIO(block), address, number + 1)
                number += block.count(b"\n") + (not block.endswith(b"\n"))
    except Exception as error:
        raise unreadable(error, address, number + 1) from None
    if number == 0:
        raise UserError("is empty; at least one line is due", file=address)


def decode_lines(handle: Iterable[bytes], name: Address, first: int = 1) -> Iterator[tuple[int, str]]:
    """Lines of an open file or of standard input with their numbers from ``first``, without line ends.

    Raises:
        UserError: a line is not UTF-8; it is said to be in ``name``.
    """
    for number, raw in enumerate(handle, start=first):
        try:
            yield number, raw.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UserError(
                f"byte {error.start + 1} is not valid UTF-8; convert it to UTF-8", file=name, place=number
            ) from None


def read_jsonl(path: Address) -> Iterator[tuple[int, dict[str, Any]]]:
    """Objects of a JSON Lines file with their line numbers; blank lines are passed over.

    Raises:
        UserError: as :func:`read_lines`; a line is not one JSON object.
    """
    for number, line in read_lines(path):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise UserError(
                f"not a whole JSON object ({error.msg} at column {error.colno}); the line may be cut short",
                file=path,
                place=number,
            ) from None
        except (ValueError, RecursionError) as error:  # a number or a nesting beyond Python's limits
            raise UserError(f"cannot be read ({error})", file=path, place=number) from None
        if not isinstance(row, dict):
            raise UserError(f"a JSON object is due, this is a {type(row).__name__}", file=path, place=number)
        yield number, row


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[str]]:
    """A text handle on a temporary name that becomes ``path`` only when everything is on disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as raw:
            # mtime=0: the same rows give the same bytes, so fingerprints agree between runs.
            binary = (
                gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") if path.suffix == ".gz" else raw
            )
            with _text(binary) as handle:
                yield handle
                handle.flush()
                if binary is not raw:
                    binary.close()
                raw.flush()
                os.fsync(raw.fileno())
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if disk_is_full(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        raise


def disk_is_full(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, says that there is no space left.

    Native libraries (safetensors, Parquet, ONNX) raise kinds of their own; only their text tells.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if os.strerror(errno.ENOSPC) in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def _text(binary: Any) -> Iterator[IO[str]]:
    wrapper = io.TextIOWrapper(binary, encoding="utf-8", newline="\n")
    try:
        yield wrapper
    finally:
        # Already closed with the gzip stream, or the disk is full: the first error is the one to report.
        with contextlib.suppress(ValueError, OSError):
            wrapper.detach()


def write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    """Write rows as JSON Lines, whole or not at all; returns their number."""
    count = 0
    with atomic_write(path) as handle:
        for row in rows:
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def write_json(path: Path, value: Any) -> None:
    """Write one JSON value, indented, whole or not at all."""
    with atomic_write(path) as handle:
        json.dump(value, handle, ensure_ascii=False, indent=2)
        handle.write("\n")


def read_json(path: Path) -> Any:
    """The JSON value of a file.

    Raises:
        UserError: missing, empty, or not JSON.
    """
    text = "\n".join(line for _, line in read_lines(path))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(
            f"not JSON ({error.msg}); the file may be cut short", file=path, place=error.lineno
        ) from None
    except (ValueError, RecursionError) as error:  # a number or a nesting beyond Python's limits
        raise UserError(f"cannot be read ({error})", file=path) from None


def file_fingerprint(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def fingerprint_of(address: Address) -> str:
    """What tells whether the bytes at ``address`` are the same: SHA-256 of a local file, or a store's word.

    Raises:
        UserError: a directory; no such file; a store that cannot be reached.
    """
    if not isinstance(address, Path):
        return (data_set_fingerprint if address.startswith(HUB) else remote_fingerprint)(address)
    if address.is_dir():
        raise UserError("is a directory; a file is due here", file=address)
    if not address.exists():
        raise UserError("no such file", file=address)
    return file_fingerprint(address)

"""Compressed files by their suffix, read as streams: however much they hold, a block is in memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from understudy.core.addresses import Address, open_remote
from understudy.core.errors import UserError

SUFFIXES = (".gz", ".xz", ".bz2", ".zst")
"""What is understood as compressed; any other file is read as it is."""

DAMAGED = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error)
"""What a cut or damaged compressed file raises; bz2 and zst raise an ``OSError`` without a number."""

XZ_MEMORY = 256 << 20
"""Bytes an xz file may ask for to be unpacked; ``xz -9`` asks for 65 MiB."""


def is_compressed(address: Address) -> bool:
    """Whether the suffix says so."""
    return PurePosixPath(str(address)).suffix in SUFFIXES


def is_damage(error: BaseException, address: Address) -> bool:
    """Whether an error comes from bytes that do not unpack, not from the disk or the network."""
    bare = type(error) is OSError and error.errno is None
    return is_compressed(address) and (isinstance(error, DAMAGED) or bare)


@contextmanager
def open_binary(address: Address) -> Iterator[IO[bytes]]:
    """The decompressed bytes of a local or remote file, plain or with one of :data:`SUFFIXES`.

    Raises:
        UserError: a remote address that cannot be opened; pyarrow is missing for ``.zst``.
    """
    with address.open("rb") if isinstance(address, Path) else open_remote(address) as raw:
        match PurePosixPath(str(address)).suffix:
            case ".gz":
                yield cast(IO[bytes], gzip.GzipFile(fileobj=raw, mode="rb"))
            case ".bz2":
                yield cast(IO[bytes], bz2.BZ2File(raw))
            case ".xz":
                yield cast(IO[bytes], io.BufferedReader(_Xz(raw, address), 1 << 20))
            case ".zst":
                yield _zstd(raw, address)
            case _:
                yield raw


def _zstd(raw: IO[bytes], address: Address) -> IO[bytes]:
    # Arrow says when a stream is cut; the `zstandard` package's reader ends in silence there.
    try:
        import pyarrow as pa
    except ImportError:
        raise UserError("'.zst' needs pyarrow; pip install 'understudy[corpus]'", file=str(address)) from None
    return cast(IO[bytes], pa.CompressedInputStream(raw, "zstd"))


class _Xz(io.RawIOBase):
    """``lzma.LZMAFile`` with a bound on memory: an xz file names the size of its window, up to 4 GiB."""

    def __init__(self, raw: IO[bytes], address: Address) -> None:
        self._raw, self._address = raw, address
        self._unpack = self._stream()

    @staticmethod
    def _stream() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            if self._unpack.eof:
                # Streams may follow one another, with zero bytes between them.
                following = self._unpack.unused_data.lstrip(b"\x00")
                while not following:
                    following = self._raw.read(1 << 16)
                    if not following:
                        return 0
                    following = following.lstrip(b"\x00")
                self._unpack = self._stream()
            else:
                following = self._raw.read(1 << 16) if self._unpack.needs_input else b""
                if not following and self._unpack.needs_input:
                    raise EOFError("the stream ends before its end marker")
            try:
                data = self._unpack.decompress(following, len(buffer))
            except lzma.LZMAError as error:
                if "Memory" not in str(error):
                    raise
                problem = f"asks for more than {XZ_MEMORY >> 20} MiB of memory; pack it with xz -9 or less"
                raise UserError(problem, file=self._address) from None
            if data:
                buffer[: len(data)] = data
                return len(data)

"""Hostile files: small ones that unpack to gigabytes are read as streams, in bounded memory."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.core.errors import UserError

MEASURED = """
import sys
from pathlib import Path
from understudy.core.errors import UserError
from understudy.core.recipe.entries import Corpus
from understudy.corpus.readers import Source, documents

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) >> 10

path, format, damaged = sys.argv[1:]
before = peak()
count, said = {}, ""
try:
    corpus = Corpus(path=path, locales=("en",), format=format, damaged=damaged)
    for row in documents(Source(Path(path), "en", corpus)):
        count[row.dropped] = count.get(row.dropped, 0) + 1
except UserError as error:
    said = error.problem
print((peak() - before, count, said))
"""


def measured(path: Path, format: str, damaged: str) -> tuple[int, dict[str, int], str]:
    """MiB that reading took in a process of its own, rows by reason, and the error."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path), format, damaged],
        capture_output=True,
        text=True,
        check=True,
    )
    found: tuple[int, dict[str, int], str] = eval(done.stdout)
    return found


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")

BOMB: dict[str, Callable[[Any], list[bytes]]] = {
    # A row, or the header and a row; then a line without end.
    "text": lambda files: [b"fine\n"],
    "jsonl": lambda files: [b'{"text": "fine"}\n', b'{"text": "'],
    "csv": lambda files: [b"text,n\nfine,1\n", b'"'],
    "tsv": lambda files: [b"text\tn\nfine\t1\n"],
}


def gigabyte(files: Any, path: Path, format: str) -> Path:
    """A megabyte of gzip with one line of a gigabyte in it."""
    compress = files.compress[".gz"]
    path.write_bytes(
        b"".join(map(compress, BOMB[format](files)))
        + compress(b"x" * (16 << 20)) * 64
        + compress(b"\nlast\n")
    )
    assert path.stat().st_size < 2 << 20
    return path


@needs_proc
@pytest.mark.parametrize("format", BOMB)
def test_a_line_of_a_gigabyte_in_a_megabyte_of_gzip(files: Any, tmp_path: Path, format: str) -> None:
    memory, count, said = measured(gigabyte(files, tmp_path / "bomb.gz", format), format, "stop")
    assert said.startswith("the line is longer than 16 MiB")
    assert count == {"": 1}
    assert memory < 150


@needs_proc
@pytest.mark.slow
@pytest.mark.parametrize("format", BOMB)
def test_a_line_of_a_gigabyte_is_dropped(files: Any, tmp_path: Path, format: str) -> None:
    memory, count, said = measured(gigabyte(files, tmp_path / "bomb.gz", format), format, "drop")
    # The last line is text, but no row of the other formats.
    assert count == {"": 2, "too_long": 1} if format == "text" else {"": 1, "too_long": 1, "malformed": 1}
    assert said == ""
    assert memory < 150


@needs_proc
@pytest.mark.parametrize("suffix", [".xz", ".bz2", ".zst"])
def test_a_line_of_64_megabytes_in_the_other_compressions(files: Any, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"bomb{suffix}"
    path.write_bytes(files.compress[suffix](b"x" * (32 << 20)) * 2)
    memory, count, said = measured(path, "text", "drop")
    assert (count, said) == ({"too_long": 1}, "")
    assert memory < 200


@needs_proc
def test_a_plain_line_of_a_gigabyte(tmp_path: Path) -> None:
    path = tmp_path / "sparse.txt"
    with path.open("wb") as handle:
        handle.truncate(1 << 30)
    memory, _, said = measured(path, "text", "stop")
    assert said.startswith("the line is longer than 16 MiB")
    assert memory < 100


@needs_proc
def test_one_long_value_of_parquet_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"text": pa.chunked_array([pa.array(["x" * 1_000_000] * 100)] * 3)}), path)
    assert path.stat().st_size < 1 << 20
    memory, count, _ = measured(path, "parquet", "stop")
    assert count == {"": 300}
    assert memory < 150


def test_an_xz_file_that_asks_for_gigabytes_is_refused(files: Any, tmp_path: Path) -> None:
    source = files.source(tmp_path / "a.xz", b"fine\n", format="text")
    raw = bytearray(source.path.read_bytes())
    header = slice(12, 12 + (raw[12] + 1) * 4)  # of the block: size, flags, filter 0x21, one byte of settings
    assert raw[14:16] == b"\x21\x01"
    raw[16] = 38  # a window of 2 GiB
    raw[header.stop - 4 : header.stop] = zlib.crc32(raw[12 : header.stop - 4]).to_bytes(4, "little")
    source.path.write_bytes(raw)
    with pytest.raises(UserError, match=r"a\.xz.*asks for more than 256 MiB of memory"):
        files.read(source)

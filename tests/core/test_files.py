"""Reading with errors that name the line; writing whole or not at all."""

from __future__ import annotations

import errno
import gzip
import lzma
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.core.files import (
    atomic_write,
    disk_is_full,
    file_fingerprint,
    read_json,
    read_jsonl,
    read_lines,
    write_json,
    write_jsonl,
)


def test_lines_have_numbers_and_lose_their_ends(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("eins\r\n\nड्राइ\nvier".encode())
    assert list(read_lines(file)) == [(1, "eins"), (2, ""), (3, "ड्राइ"), (4, "vier")]


@pytest.mark.parametrize(("suffix", "compress"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_compressed_files_are_read_and_a_cut_is_named(tmp_path: Path, suffix: str, compress: object) -> None:
    assert callable(compress)
    file = tmp_path / f"a.txt{suffix}"
    whole = compress(b"one\ntwo\n")
    file.write_bytes(whole)
    assert list(read_lines(file)) == [(1, "one"), (2, "two")]
    file.write_bytes(whole[:-4])
    with pytest.raises(UserError, match=r"a\.txt.*: line \d+: .*cut short"):
        list(read_lines(file))


def test_what_is_no_file_of_text(tmp_path: Path) -> None:
    cases = {
        "missing": "no such file",
        "folder": "is a directory",
        "empty": "is empty",
        "empty.gz": "is empty",
    }
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "empty.gz").write_bytes(gzip.compress(b""))
    for name, problem in cases.items():
        with pytest.raises(UserError, match=problem) as caught:
            list(read_lines(tmp_path / name))
        assert caught.value.file == str(tmp_path / name)


def test_invalid_utf8_is_named_by_line_and_byte(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"fine\nab\xffcd\n")
    with pytest.raises(UserError, match=r"line 2: byte 3 is not valid UTF-8"):
        list(read_lines(file))


def test_a_pipe_has_no_size_and_is_not_empty(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([sys.executable, "-c", f"open({str(pipe)!r}, 'w').write('one\\ntwo\\n')"]):
        assert [line for _, line in read_lines(pipe)] == ["one", "two"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"a": 1', "not a whole JSON object"),
        ("[1]", "a JSON object is due, this is a list"),
        ('{"a": ' + "9" * 5000 + "}", "cannot be read"),
        ('{"a": ' + "[" * 100_000, "cannot be read"),
    ],
)
def test_a_line_that_is_no_object(tmp_path: Path, line: str, problem: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"a": 0}\n\n' + line + "\n")
    with pytest.raises(UserError, match=f"line 3: {problem}"):
        list(read_jsonl(file))


rows = st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.none(), max_size=3), min_size=1)


@given(rows=rows, suffix=st.sampled_from(["", ".gz"]))
def test_written_rows_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list, suffix: str
) -> None:
    file = tmp_path_factory.mktemp("rows") / f"a.jsonl{suffix}"
    assert write_jsonl(file, rows) == len(rows)
    assert [row for _, row in read_jsonl(file)] == rows
    again = file.with_name(f"b.jsonl{suffix}")
    write_jsonl(again, rows)
    assert file_fingerprint(again) == file_fingerprint(file)


def test_json_that_is_cut_is_named_by_line(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    write_json(file, {"a": [1, 2]})
    assert read_json(file) == {"a": [1, 2]}
    file.write_text(file.read_text()[:-5])
    with pytest.raises(UserError, match=r"line \d: not JSON .*cut short"):
        read_json(file)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")
    with pytest.raises(RuntimeError), atomic_write(file) as handle:
        handle.write("new")
        handle.flush()
        raise RuntimeError
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


KILLED = """
import os, signal, sys
from pathlib import Path
from understudy.core.files import atomic_write
with atomic_write(Path(sys.argv[1])) as handle:
    handle.write("half")
    handle.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_in_mid_write_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(file)])
    assert done.returncode == -signal.SIGKILL
    assert file.read_text() == "old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_full_disk_is_named_and_the_old_file_stays(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / name
    write_jsonl(file, [{"a": 1}])
    before = file.read_bytes()
    opened = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda self, *a, **k: opened(Path("/dev/full") if self.name.endswith(".tmp") else self, *a, **k),
    )
    with pytest.raises(OSError, match="No space left") as caught:
        write_jsonl(file, [{"a": "x" * 100_000}])
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == str(file)
    monkeypatch.undo()
    assert file.read_bytes() == before


def test_a_full_disk_is_known_through_any_library() -> None:
    native = RuntimeError("I/O error: No space left on device (os error 28)")
    wrapped = ValueError("cannot save")
    wrapped.__cause__ = OSError(errno.ENOSPC, "")
    assert disk_is_full(OSError(errno.ENOSPC, ""))
    assert disk_is_full(native)
    assert disk_is_full(wrapped)
    assert not disk_is_full(ValueError("cannot save"))
    assert not disk_is_full(OSError(errno.EACCES, "no"))

"""Every format in every compression gives the same rows, whole or in parts."""

from __future__ import annotations

import io
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from understudy.core.errors import UserError
from understudy.core.hub import name_and_config
from understudy.core.recipe.entries import Corpus
from understudy.corpus.readers import Document, Source
from understudy.corpus.readers.parts import parts
from understudy.text.normalize import fold

SUFFIXES = ["", ".gz", ".xz", ".bz2", ".zst"]
KEYED = ["csv", "jsonl", "parquet", "tsv"]
FORMATS = [*KEYED, "text"]


@pytest.fixture(scope="module")
def due(files: Any) -> list[str]:
    return [row["text"] for row in files.rows]


@pytest.mark.parametrize(
    ("format", "suffix"),
    [("parquet", ""), *((name, suffix) for name in FORMATS if name != "parquet" for suffix in SUFFIXES)],
)
def test_every_format_and_compression(
    files: Any, due: list[str], tmp_path: Path, format: str, suffix: str
) -> None:
    assert (
        files.texts(files.source(tmp_path / f"a{suffix}", files.write[format](files.rows), format=format))
        == due
    )


@pytest.mark.parametrize("format", KEYED)
def test_where_field_and_confidence(files: Any, due: list[str], tmp_path: Path, format: str) -> None:
    raw = files.write[format](files.rows)
    chosen = files.read(
        files.source(tmp_path / "a", raw, format=format, where={"part": "b"}, confidence="sure")
    )
    assert chosen == [Document(due[i], i / 10) for i in (1, 3, 5, 7, 9)]
    assert files.texts(files.source(tmp_path / "a", raw, format=format, where={"part": "b"})) == due[1::2]
    assert files.texts(files.source(tmp_path / "b", raw, format=format, field="part")) == list("ababababab")


def test_a_confidence_is_a_number_or_missing(files: Any, tmp_path: Path) -> None:
    rows = ['"sure": 1, ', "", '"sure": null, ', '"sure": "0.5", ']
    lines = "".join(f'{{{row}"text": "a"}}\n' for row in rows).encode()
    found = [row.confidence for row in files.read(files.source(tmp_path / "a", lines, confidence="sure"))]
    assert found[0] == 1
    assert found[1] is not None
    assert found[2] is not None
    assert math.isnan(found[1])
    assert math.isnan(found[2])
    assert found[3] == 0.5
    for value in (b'"high"', b"true", b"[1]"):
        bad = files.source(tmp_path / "a", b'{"text": "a", "sure": ' + value + b"}\n", confidence="sure")
        with pytest.raises(UserError, match="line 1: the key 'sure' holds no number"):
            files.read(bad)


CC100 = "one\ntwo\n\nthree\n\n\n\nfour\nfive"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_documents_with_a_blank_line_between_as_in_cc100(files: Any, tmp_path: Path, suffix: str) -> None:
    name = tmp_path / f"en.txt{suffix}"
    lines = files.texts(files.source(name, CC100.encode(), format="text"))
    assert lines == ["one", "two", "", "three", "", "", "", "four", "five"]
    whole = files.texts(files.source(name, CC100.encode(), format="text", unit="document"))
    assert whole == ["one two", "three", "four five"]


def test_compressed_files_one_after_another_are_one(files: Any, tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        source = files.source(tmp_path / f"a{suffix}", b"one\ntwo\n", format="text")
        source.path.write_bytes(source.path.read_bytes() + files.compress[suffix](b"three\n" * 9999))
        assert files.texts(source) == ["one", "two"] + ["three"] * 9999
    source = files.source(tmp_path / "a.xz", b"one\n", format="text")
    source.path.write_bytes(source.path.read_bytes() + bytes(8) + source.path.read_bytes() + bytes(4))
    assert files.texts(source) == ["one", "one"]  # xz allows zeros between its streams


@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_a_document_by_line(files: Any, tmp_path: Path, format: str) -> None:
    raw = files.write[format]([{"text": "one  x\ntwo\n\nthree", "title": "t"}])
    assert files.texts(files.source(tmp_path / "a", raw, format=format)) == ["one x two three"]
    assert files.texts(files.source(tmp_path / "a", raw, format=format, unit="line")) == [
        "one x",
        "two",
        "",
        "three",
    ]


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"format": "text", "where": {"a": "b"}}, "plain text has no keys; drop 'where'"),
        ({"format": "text", "field": "text"}, "plain text has no keys; drop 'field'"),
        ({"format": "text", "confidence": "sure"}, "plain text has no keys; drop 'confidence'"),
        ({"format": "jsonl", "split": "dev"}, "only huggingface data has splits"),
    ],
)
def test_a_key_that_nobody_would_read_is_refused(config: Any, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Corpus(path="a", locales=("en",), **config)


def test_what_a_spreadsheet_writes(files: Any, tmp_path: Path) -> None:
    raw = '\ufeffid,text\r\n1,"a ""b"", c"\r\n2,"two\r\nlines"\r\n\r\n'.encode()
    assert files.texts(files.source(tmp_path / "a", raw, format="csv")) == ['a "b", c', "two lines"]
    assert files.texts(files.source(tmp_path / "b", b'id\ttext\r\n1\t"a\r\n', format="tsv")) == ['"a']


def test_a_byte_order_mark_is_no_text(files: Any, tmp_path: Path) -> None:
    assert files.texts(files.source(tmp_path / "a", b'\xef\xbb\xbf{"text": "a"}\n')) == ["a"]


def test_json_that_only_python_reads(files: Any, tmp_path: Path) -> None:
    assert files.texts(files.source(tmp_path / "a", b'{"text": "a\\ud800b", "n": NaN}\n')) == ["ab"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n")), min_size=1))
def test_any_plain_text(files: Any, tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.mktemp("plain") / "a.txt"
    raw = "".join(line + "\n" for line in lines).encode()
    assert files.texts(files.source(path, raw, format="text")) == [fold(line) for line in lines]


@given(
    rows=st.lists(st.text("ab é\r\n", max_size=12), min_size=1, max_size=12),
    size=st.integers(1, 200),
    format=st.sampled_from(["text", "jsonl", "parquet"]),
    ended=st.booleans(),
)
def test_parts_hold_every_row_once(
    files: Any, tmp_path_factory: pytest.TempPathFactory, rows: list[str], size: int, format: str, ended: bool
) -> None:
    raw = files.write[format]([{"text": row} for row in rows])
    if format == "text" and not ended:
        raw = raw.rstrip(b"\n") or b"x"
    whole = files.source(tmp_path_factory.mktemp("parts") / "a", raw, format=format)
    split = parts(whole, size)
    assert [row for part in split for row in files.read(part)] == files.read(whole)
    if format != "parquet":
        assert len(split) == -(-len(raw) // size)
    assert all(part.span[0] < part.span[1] for part in split if part.span)
    assert all(a.span[1] == b.span[0] for a, b in pairwise(split) if a.span and b.span)


@pytest.mark.parametrize(
    ("name", "config"),
    [("a.csv", {"format": "csv"}), ("a.jsonl.gz", {}), ("a.txt", {"format": "text", "unit": "document"})],
)
def test_what_cannot_be_cut_stays_whole(
    files: Any, tmp_path: Path, name: str, config: dict[str, Any]
) -> None:
    whole = files.source(tmp_path / name, b"text\n" * 99, **config)
    assert parts(whole, 10) == [whole]


def test_an_error_in_a_part_names_the_line_of_the_file(files: Any, tmp_path: Path) -> None:
    whole = files.source(tmp_path / "a", b'{"text": "a"}\n' * 50 + b"{\n" + b'{"text": "a"}\n' * 9)
    with pytest.raises(UserError, match="line 51: not a whole JSON object"):
        [files.read(part) for part in parts(whole, 100)]


@pytest.mark.parametrize("format", FORMATS)
def test_remote_files_whole_and_in_parts(files: Any, due: list[str], format: str) -> None:
    memory = pytest.importorskip("fsspec").filesystem("memory")
    memory.pipe("/corpus/a", files.write[format](files.rows))
    corpus = Corpus(path="memory://corpus/a", locales=("en",), format=format)
    whole = Source("memory://corpus/a", "en", corpus)
    assert files.texts(whole) == due
    split = parts(whole, 100)
    assert [text for part in split for text in files.texts(part)] == due
    assert (len(split) > 1) == (format in ("jsonl", "parquet", "text"))
    memory.rm("/corpus", recursive=True)
    with pytest.raises(UserError, match="memory://corpus/a: no such file"):
        files.read(whole)


def test_a_connection_that_breaks_is_an_error_with_the_line(
    files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Breaking(io.RawIOBase):
        left = 3

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            self.left -= 1
            if not self.left:
                raise ConnectionResetError("peer went away")
            buffer[:4] = b"one\n"
            return 4

    fsspec = pytest.importorskip("fsspec")
    monkeypatch.setattr(type(fsspec.filesystem("memory")), "open", lambda *_, **__: Breaking())
    source = Source("memory://a", "en", Corpus(path="memory://a", locales=("en",), format="text"))
    with pytest.raises(UserError, match=r"memory://a: line 3: reading stopped \(peer went away\)"):
        files.read(source)


@pytest.fixture
def hub_folder(files: Any, tmp_path: Path) -> Path:
    pytest.importorskip("datasets")
    pq.write_table(pa.Table.from_pylist(files.rows), tmp_path / "train.parquet")
    pq.write_table(pa.Table.from_pylist(files.rows[:2]), tmp_path / "test.parquet")
    return tmp_path


def hub(folder: Path | str, **config: Any) -> Source:
    corpus = Corpus(path=str(folder), locales=("en",), format="huggingface", **config)
    return Source(f"huggingface://{folder}", "en", corpus)


def test_a_hugging_face_data_set_is_streamed(files: Any, due: list[str], hub_folder: Path) -> None:
    assert files.texts(hub(hub_folder)) == due
    assert files.texts(hub(hub_folder, split="test")) == due[:2]
    chosen = files.read(hub(hub_folder, where={"part": "b"}, confidence="sure"))
    assert chosen == [Document(due[i], i / 10) for i in (1, 3, 5, 7, 9)]


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"split": "dev"}, "cannot be opened"),
        ({"field": "txt"}, "no column 'txt'; did you mean 'text'"),
        ({"where": {"part": "c"}}, r"no row with \{part: c\} \('where'\) for locale 'en'"),
    ],
)
def test_a_hugging_face_data_set_that_is_not_as_told(
    files: Any, hub_folder: Path, config: Any, problem: str
) -> None:
    with pytest.raises(UserError, match=problem):
        files.read(hub(hub_folder, **config))


def test_names_of_data_sets(tmp_path: Path) -> None:
    assert name_and_config("huggingface://imdb") == ("imdb", None)
    assert name_and_config("huggingface://allenai/c4") == ("allenai/c4", None)
    assert name_and_config("huggingface://allenai/c4/de") == ("allenai/c4", "de")
    assert name_and_config(f"huggingface://{tmp_path}") == (str(tmp_path), None)
    assert name_and_config(f"huggingface://{tmp_path}/de") == (str(tmp_path), "de")
    with pytest.raises(UserError, match=r"without '\.\.'"):
        name_and_config("huggingface://allenai/../../c4")

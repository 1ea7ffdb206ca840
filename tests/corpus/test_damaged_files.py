"""Damaged files: each an error that names the place, or rows that are dropped and counted."""

from __future__ import annotations

import io
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core import lines as core_lines
from understudy.core.errors import UserError
from understudy.corpus.readers import DAMAGE

FORMATS = ["csv", "jsonl", "parquet", "text", "tsv"]
LINED = ["csv", "jsonl", "text", "tsv"]
SUFFIXES = [".gz", ".xz", ".bz2", ".zst"]


def reasons(rows: list[Any]) -> dict[str, int]:
    return dict(Counter(row.dropped for row in rows))


@pytest.fixture
def short_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line over 4 KiB is too long here; the real limit is held below, in processes of their own."""
    for module in ("core.lines", *(f"corpus.readers.{name}" for name in ("rows", "plain", "tables"))):
        monkeypatch.setattr(sys.modules[f"understudy.{module}"], "LINE_LIMIT", 4096)
    monkeypatch.setattr(core_lines, "BLOCK", 1000)


# format: a row that is damaged, its reason, and what the error says of line 2 (the 2nd row of a Parquet file)
LATIN = {
    "csv": (b"caf\xe9,a,1\n", "encoding", "line 2: byte 4 is not valid UTF-8"),
    "jsonl": (b'{"text": "caf\xe9"}\n', "encoding", "line 1: byte 14 is not valid UTF-8"),
    "text": (b"caf\xe9\n", "encoding", "line 1: byte 4 is not valid UTF-8"),
    "tsv": (b"caf\xe9\ta\t1\n", "encoding", "line 2: byte 4 is not valid UTF-8"),
}
MIXED = {
    "csv": (b"only one value\n", "malformed", "line 2: 1 values in a row, the header has 3"),
    "jsonl": (b'{"other": "row"}\n', "textless", "line 1: the key 'text' is missing"),
    "tsv": (b"a\tb\tc\td\n", "malformed", "line 2: 4 values in a row, the header has 3"),
}
NUMBER = {"jsonl": (b'{"text": 7}\n', "textless", "line 1: the key 'text' holds no text but 7")}
NO_OBJECT = {
    "jsonl": (b'["text"]\n', "malformed", "line 1: a JSON object is due, this is a list"),
    "csv": (b'"a"b,c,d\n', "malformed", "line 2: not CSV"),
}
DEEP = {"jsonl": (b'{"a":' + b"[" * 3000 + b"\n", "malformed", "line 1: ")}
LONG = {
    name: (b"x" * 9000 + b"\n", "too_long", f"line {1 + (name in ('csv', 'tsv'))}: the line is longer than")
    for name in LINED
}
BAD_ROWS = [
    pytest.param(name, *case, id=f"{kind}-{name}")
    for kind, table in {
        "latin": LATIN,
        "mixed": MIXED,
        "number": NUMBER,
        "no-row": NO_OBJECT,
        "deep": DEEP,
        "long": LONG,
    }.items()
    for name, case in table.items()
]


@pytest.mark.usefixtures("short_lines")
@pytest.mark.parametrize(("format", "row", "reason", "problem"), BAD_ROWS)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_damaged_row_stops_the_run_or_is_counted(
    files: Any, tmp_path: Path, format: str, row: bytes, reason: str, problem: str, suffix: str
) -> None:
    rows = files.write[format](files.rows).splitlines(keepends=True)
    header = rows[:1] if format in ("csv", "tsv") else []
    raw = b"".join([*header, row, *rows[len(header) :], row])
    with pytest.raises(UserError, match=problem):
        files.read(files.source(tmp_path / f"a{suffix}", raw, format=format))
    found = files.read(files.source(tmp_path / f"a{suffix}", raw, format=format, damaged="drop"))
    assert reasons(found) == {reason: 2, "": len(files.rows)}
    assert reason in DAMAGE
    shown = {document.text for document in found if document.dropped}
    assert len(shown) == 1
    assert all(len(text) <= 200 for text in shown)
    assert reason != "encoding" or "caf\N{REPLACEMENT CHARACTER}" in shown.pop()


def test_an_open_quote_counts_every_line_it_swallows(files: Any, tmp_path: Path) -> None:
    raw = b'text,n\nfine,1\n"open,2\nlost,3\nlost,4\n'
    with pytest.raises(UserError, match=r"line 3: not CSV .*quote left open"):
        files.read(files.source(tmp_path / "a", raw, format="csv"))
    assert reasons(files.read(files.source(tmp_path / "a", raw, format="csv", damaged="drop"))) == {
        "": 1,
        "malformed": 3,
    }


@pytest.mark.usefixtures("short_lines")
def test_many_lines_in_quotes_are_one_row_over_the_limit(files: Any, tmp_path: Path) -> None:
    """Neither a line nor a value is too long, but together they would fill memory."""
    value = b'"' + b"x" * 2000 + b'\n"'
    raw = b"text,n\nfine,1\n" + b",".join([value] * 50) + b"\nfine,2\n"
    with pytest.raises(UserError, match="line 3: the line is longer than"):
        files.read(files.source(tmp_path / "a", raw, format="csv"))
    found = reasons(files.read(files.source(tmp_path / "a", raw, format="csv", damaged="drop")))
    assert found[""] + found.get("too_long", 0) + found.get("malformed", 0) == 2 + 51
    assert found["too_long"] > 0


@pytest.mark.usefixtures("short_lines")
def test_a_document_over_the_limit(files: Any, tmp_path: Path) -> None:
    raw = b"one\n\n" + b"word\n" * 3000 + b"\nlast\n"
    config = {"format": "text", "unit": "document"}
    with pytest.raises(UserError, match="line 3: the document is longer than"):
        files.read(files.source(tmp_path / "a", raw, **config))
    found = files.read(files.source(tmp_path / "a", raw, damaged="drop", **config))
    assert [(row.text[:9], row.dropped) for row in found] == [("one", ""), ("", "too_long"), ("last", "")]


@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_file_is_an_error_always(files: Any, tmp_path: Path, format: str, drop: bool) -> None:
    for suffix in ("", ".gz") if format != "parquet" else ("",):
        with pytest.raises(UserError, match=f"a{suffix}: is empty"):
            files.read(
                files.source(tmp_path / f"a{suffix}", b"", format=format, damaged="drop" if drop else "stop")
            )


@pytest.mark.parametrize(("format", "raw"), [("csv", b"text,n\n"), ("tsv", b"text\tn\n"), ("jsonl", b"\n\n")])
def test_a_file_without_rows_is_an_error(files: Any, tmp_path: Path, format: str, raw: bytes) -> None:
    with pytest.raises(UserError, match="no row for locale 'en-US'"):
        files.read(files.source(tmp_path / "a", raw, format=format, damaged="drop"))


@pytest.mark.parametrize("format", ["csv", "tsv", "parquet"])
def test_a_table_without_the_column_is_an_error_always(files: Any, tmp_path: Path, format: str) -> None:
    raw = files.write[format](files.rows)
    with pytest.raises(UserError, match=r"no column 'txt'.*did you mean 'text'"):
        files.read(files.source(tmp_path / "a", raw, format=format, field="txt", damaged="drop"))


@pytest.mark.parametrize("drop", [False, True])
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("format", LINED)
def test_a_cut_compressed_file_is_an_error_always(
    files: Any, tmp_path: Path, format: str, suffix: str, drop: bool
) -> None:
    source = files.source(
        tmp_path / f"a{suffix}",
        files.write[format](files.rows * 50),
        format=format,
        damaged="drop" if drop else "stop",
    )
    whole = source.path.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-3], b"no such thing", whole[:20] + b"\xff" * 20):
        source.path.write_bytes(damaged)
        with pytest.raises(UserError, match=rf"a\{suffix}: line \d+: .*cut short or damaged"):
            files.read(source)


def test_a_cut_plain_file_is_seen_where_rows_have_an_end(files: Any, tmp_path: Path) -> None:
    """Plain text has none: a sentence cut short reads as a sentence."""
    for format, problem in (("jsonl", "line 10: .*may be cut short"), ("parquet", "may be cut short")):
        raw = files.write[format](files.rows)
        with pytest.raises(UserError, match=problem):
            files.read(files.source(tmp_path / "a", raw[:-9], format=format))
    with pytest.raises(UserError, match="line 11: not CSV"):
        files.read(files.source(tmp_path / "a", files.write["csv"](files.rows)[:-12], format="csv"))
    with pytest.raises(UserError, match="line 11: 1 values"):
        files.read(files.source(tmp_path / "a", files.write["tsv"](files.rows)[:-12], format="tsv"))


def test_parquet_that_holds_something_else(files: Any, tmp_path: Path) -> None:
    def parquet(column: Any) -> bytes:
        sink = io.BytesIO()
        pq.write_table(pa.table({"text": column}), sink)
        return sink.getvalue()

    def found(column: Any, **config: Any) -> Any:
        return files.read(files.source(tmp_path / "a", parquet(column), format="parquet", **config))

    with pytest.raises(UserError, match="the column 'text' holds int64, not text"):
        found([1, 2])
    with pytest.raises(UserError, match="row 2: the key 'text' holds no text but None"):
        found(["a", None])
    assert reasons(found(["a", None], damaged="drop")) == {"": 1, "textless": 1}
    wrong = pa.Array.from_buffers(pa.string(), 2, pa.array([b"a", b"\xff"]).buffers())
    with pytest.raises(UserError, match="row 2: byte 1 is not valid UTF-8"):
        found(wrong)
    assert reasons(found(wrong, damaged="drop")) == {"": 1, "encoding": 1}


@given(
    format=st.sampled_from(FORMATS),
    suffix=st.sampled_from(["", *SUFFIXES]),
    edits=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 40), st.binary(max_size=4)), max_size=4),
    drop=st.booleans(),
    unit=st.sampled_from([None, "line", "document"]),
    confidence=st.sampled_from([None, "sure"]),
)
def test_no_damage_is_a_crash(
    files: Any,
    tmp_path_factory: pytest.TempPathFactory,
    format: str,
    suffix: str,
    edits: list[tuple[int, int, bytes]],
    drop: bool,
    unit: str | None,
    confidence: str | None,
) -> None:
    config = {"format": format, "damaged": "drop" if drop else "stop", "unit": unit}
    config |= {} if format == "text" else {"confidence": confidence}
    source = files.source(
        tmp_path_factory.mktemp("any") / f"a{suffix}", files.write[format](files.rows), **config
    )
    raw = source.path.read_bytes()
    for at, length, instead in edits:
        at %= len(raw) + 1
        raw = raw[:at] + instead + raw[at + length :]
    source.path.write_bytes(raw)
    try:
        found = files.read(source)
    except UserError as error:
        assert error.file == str(source.path)
    else:
        assert all(row.dropped in ("", *DAMAGE) for row in found)
        assert drop or not any(row.dropped for row in found)

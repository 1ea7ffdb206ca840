"""Lines of a stream against the obvious way, with a block and a limit small enough to meet every case."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core import lines
from understudy.core.lines import line_blocks, lines_before, open_lines


def obvious(raw: bytes, limit: int) -> list[bytes | None]:
    return [line if len(line.rstrip(b"\n")) <= limit else None for line in raw.splitlines(keepends=True)]


def as_lines(blocks: object) -> list[bytes | None]:
    found: list[bytes | None] = []
    for block in blocks:  # type: ignore[attr-defined]
        assert block != b""
        found += [None] if block is None else block.splitlines(keepends=True)
    return found


@given(
    lengths=st.lists(st.integers(0, 12) | st.integers(25, 36), max_size=12),
    block=st.integers(1, 14),
    ended=st.booleans(),
    cut=st.integers(0, 60),
)
def test_every_line_comes_once_and_one_over_the_limit_as_none(
    lengths: list[int], block: int, ended: bool, cut: int
) -> None:
    raw = b"".join(bytes([97 + i]) * length + b"\n" for i, length in enumerate(lengths))
    raw = raw if ended else raw[:-1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", block)
        patch.setattr(lines, "LINE_LIMIT", 30)
        assert as_lines(line_blocks(io.BytesIO(raw))) == obvious(raw, 30)
        assert as_lines(line_blocks(io.BytesIO(raw), cut)) == obvious(raw[:cut], 30)


def test_a_line_belongs_to_the_span_it_begins_in(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc\ndef\n\nghi")
    for span, due in {
        (0, 4): [b"abc\n"],
        (4, 8): [b"def\n"],
        (1, 5): [b"def\n"],
        (5, 8): [],
        (5, 9): [b"\n"],
        (9, 10): [b"ghi"],
        (10, 12): [],
        (0, 99): [b"abc\n", b"def\n", b"\n", b"ghi"],
    }.items():
        with open_lines(path, span) as blocks:
            assert as_lines(blocks) == due, span
    assert [lines_before(path, at) for at in (0, 1, 4, 5, 8, 9)] == [0, 1, 1, 2, 2, 3]

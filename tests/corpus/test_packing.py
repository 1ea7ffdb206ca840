"""Sentences are joined whole, in order, to rows of at most the limit."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.corpus import packing, shuffle
from understudy.corpus.draw import SPAN
from understudy.corpus.groups import Group
from understudy.corpus.packing import Pack, Piece, Ranges, in_order, pack
from understudy.corpus.partitions import BYTES, collect, writing

GROUPS = [Group("in_domain", "en", "in_domain"), Group("wiki", "de", "public"), Group("wiki", "en", "public")]


def pieces(*words: int) -> list[Piece]:
    return [Piece(i, " ".join([f"w{i}"] * n), n) for i, n in enumerate(words)]


def test_by_hand() -> None:
    rows = list(pack(pieces(4, 6, 1, 12, 5, 5), 10))
    assert [row.words for row in rows] == [10, 1, 12, 10]
    assert [row.draw for row in rows] == [0, 2, 3, 4]
    assert rows[1].text == "w2"
    assert rows[3].text == "w4 w4 w4 w4 w4 w5 w5 w5 w5 w5"


@given(st.lists(st.integers(1, 30)), st.integers(1, 40))
def test_nothing_is_lost_split_or_needlessly_short(words: list[int], limit: int) -> None:
    sentences = pieces(*words)
    rows = list(pack(sentences, limit))
    assert " ".join(row.text for row in rows) == " ".join(sentence.text for sentence in sentences)
    assert all(row.words == len(row.text.split()) for row in rows)
    assert all(row.words <= limit or len(set(row.text.split())) == 1 for row in rows)
    first_words = [sentences[row.draw].words for row in rows]
    assert all(row.words + following > limit for row, following in zip(rows, first_words[1:], strict=False))


def packed(
    folder: Path, rows: list[tuple[int, int]], ranges: Ranges, limit: int, files: int = 1
) -> list[dict]:
    """Rows (group, draw) of three words through the pass, from some files; validation is left empty."""
    schema = shuffle.SCHEMA
    paths = [folder / f"{number}.arrow" for number in range(files)]
    for number, path in enumerate(paths):
        mine = rows[number::files]
        columns = {
            "draw": [draw for _, draw in mine],
            "group": [group for group, _ in mine],
            "words": [3] * len(mine),
            "text": [f"{group} {draw} x" for group, draw in mine],
        }
        table = pa.table(columns, schema)
        with writing(path, schema, ranges.tasks + 1) as rounds:
            rounds.write(table, ranges.task(table["draw"].to_numpy()))
    task = Pack(folder, paths, schema, GROUPS, ranges, Ranges(1, 1), limit)
    facts = [task.make(number, task.file(number)) for number in range(task.count)]
    found = collect([task.file(number) for number in range(task.count)], schema, 0, 1).to_pylist()
    for group in range(len(GROUPS)):
        mine = [row for row in found if row["group"] == group]
        assert sum(f["rows"][group] for f in facts) == len(mine)
        assert sum(f["words"][group] for f in facts) == sum(row["words"] for row in mine)
    assert [row["draw"] for row in found] == sorted(row["draw"] for row in found)
    return found


@pytest.fixture
def rows() -> list[tuple[int, int]]:
    generator = random.Random(1)
    return [(group, generator.randrange(SPAN)) for group, n in ((2, 300), (1, 50), (0, 20)) for _ in range(n)]


def test_neither_tasks_nor_files_nor_order_matter(tmp_path: Path, rows) -> None:
    got = packed(tmp_path, rows, Ranges(7, 1), 30)
    for tasks in (2, 7):
        assert packed(tmp_path, rows[::-1], Ranges(7, tasks), 30, files=4) == got
    assert packed(tmp_path, rows, Ranges(6, 1), 30) != got


def test_a_row_holds_one_language_and_in_domain_is_left_alone(tmp_path: Path, rows) -> None:
    got = packed(tmp_path, rows, Ranges(7, 3), 30)
    assert all(len(set(row["text"].split()[::3])) == 1 for row in got)
    assert all(row["words"] == 3 for row in got if row["group"] == 0)
    assert sum(row["words"] for row in got) == 3 * len(rows)
    public = [row["words"] for row in got if row["group"]]
    assert max(public) == 30
    assert len(public) <= 35 + 2 * 7  # full rows, and a short one a language and bucket


def test_zero_packs_nothing(tmp_path: Path, rows) -> None:
    got = packed(tmp_path, rows, Ranges(3, 3), 0)
    assert [(row["group"], row["draw"]) for row in got] == sorted(rows, key=lambda row: row[1])


def test_equal_draws_are_put_in_order_by_group_and_text() -> None:
    rows = pa.table(
        {"draw": [5, 5, 1, 5], "group": [1, 0, 2, 1], "words": [1] * 4, "text": ["b", "c", "d", "a"]},
        shuffle.SCHEMA,
    )
    assert in_order(rows)["text"].to_pylist() == ["d", "c", "a", "b"]


def test_buckets_hang_on_words_and_tasks_on_bytes(monkeypatch) -> None:
    monkeypatch.setattr(packing, "ROWS_A_BUCKET", 4)
    assert Ranges.of(words=1000, size=10 << 30, limit=50) == Ranges(5, 5)
    assert Ranges.of(words=1000, size=10, limit=50) == Ranges(5, 1)
    assert Ranges.of(words=10, size=10, limit=50) == Ranges(1, 1)
    assert Ranges.of(words=1000, size=BYTES * 2, limit=0) == Ranges(2, 2)
    drawn = np.array([0, SPAN // 5 * 2 + 2**33, SPAN - 1], np.uint64)
    assert Ranges(5, 2).bucket(drawn).tolist() == [0, 2, 4]
    assert Ranges(5, 2).task(drawn).tolist() == [0, 0, 1]

"""Shards: names, columns, equal lengths, one total order."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.corpus import shards as writing_shards
from understudy.corpus import shuffle
from understudy.corpus.groups import Group
from understudy.corpus.partitions import writing
from understudy.corpus.shards import DROPPED_SCHEMA, SCHEMA, Aside, Write, shards

GROUPS = [Group("calls", "de", "in_domain"), Group("public", "en", "public")]


def write(folder: Path, lengths: list[int], count: int, batch: int = 3) -> list[Path]:
    """Numbered rows, in files of ``lengths``, as ``count`` shards."""
    folder.mkdir()
    files, first = [folder / f"{number}.arrow" for number in range(len(lengths))], 0
    for file, length in zip(files, lengths, strict=True):
        with writing(file, shuffle.SCHEMA, 1) as rounds:
            for start in range(first, first + length, batch):
                numbers = list(range(start, min(start + batch, first + length)))
                columns = {
                    "draw": numbers,
                    "group": [number % 2 for number in numbers],
                    "words": [2] * len(numbers),
                    "text": [f"text {number}" for number in numbers],
                }
                rounds.write(pa.table(columns, shuffle.SCHEMA), np.zeros(len(numbers), np.int64))
        first += length
    task = Write(shards(folder, files, lengths, count), GROUPS)
    for number in range(task.count):
        task.make(number, task.file(number))
    return [task.file(number) for number in range(task.count)]


@pytest.mark.parametrize(
    ("lengths", "count", "due"),
    [([4, 0, 6], 4, [3, 3, 2, 2]), ([2], 4, [1, 1]), ([2, 3], 1, [5]), ([0], 2, [])],
)
def test_lengths_and_order(tmp_path: Path, lengths: list[int], count: int, due: list[int]) -> None:
    files = write(tmp_path / "train", lengths, count)
    assert [file.name for file in files] == [f"part-{i:05d}.parquet" for i in range(len(due))]
    tables = [pq.read_table(file) for file in files]
    assert [table.num_rows for table in tables] == due
    assert all(table.schema == SCHEMA for table in tables)
    rows = [row for table in tables for row in table.to_pylist()]
    assert rows == [
        {"text": f"text {i}", "language": GROUPS[i % 2][1], "kind": GROUPS[i % 2].kind, "words": 2}
        for i in range(sum(due))
    ]


def test_equal_rows_give_equal_files_whatever_they_came_in(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(writing_shards, "ROWS_A_GROUP", 4)
    made = [
        write(tmp_path / "a", [25], 2, batch=100),
        write(tmp_path / "b", [1, 0, 9, 15], 2, batch=2),
    ]
    digests = [[hashlib.sha256(file.read_bytes()).hexdigest() for file in files] for files in made]
    assert digests[0] == digests[1]
    assert [pq.ParquetFile(file).num_row_groups for file in made[0]] == [4, 3]


def test_dropped_rows_are_written_aside_where_a_folder_is_given(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(writing_shards, "ROWS_A_GROUP", 2)
    for folder in (None, tmp_path / "dropped"):
        with Aside(folder, "00003") as aside:
            for number in range(5):
                aside.add(f"text {number}", GROUPS[1], "short")
        with Aside(folder, "00004"):
            pass
        with pytest.raises(ValueError), Aside(folder, "00005") as aside:
            for number in range(5):
                aside.add(f"text {number}", GROUPS[1], "short")
            raise ValueError
    assert [file.name for file in (tmp_path / "dropped").iterdir()] == ["part-00003.parquet"]
    table = pq.read_table(tmp_path / "dropped" / "part-00003.parquet")
    assert table.schema == DROPPED_SCHEMA
    assert table.to_pylist() == [
        {"text": f"text {i}", "language": "en", "kind": "public", "reason": "short"} for i in range(5)
    ]

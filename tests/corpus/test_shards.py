"""Shards: names, columns, equal lengths, one total order."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from understudy.corpus.engine import daft
from understudy.corpus.shards import SCHEMA, write_shards


def rows(draws: list[int]) -> daft.DataFrame:
    return daft.from_pydict(
        {
            "text": [f"text {d}" for d in draws],
            "language": ["en"] * len(draws),
            "kind": ["public"] * len(draws),
            "words": [2] * len(draws),
            "draw": draws,
        }
    )


@pytest.mark.parametrize(("n", "shards", "lengths"), [(10, 4, [3, 3, 2, 2]), (2, 4, [1, 1]), (5, 1, [5])])
def test_lengths_and_order(tmp_path: Path, n: int, shards: int, lengths: list[int]) -> None:
    assert write_shards(rows(list(range(n))[::-1]), tmp_path / "train", shards) == n
    files = sorted((tmp_path / "train").iterdir())
    assert [file.name for file in files] == [f"part-{i:05d}.parquet" for i in range(len(lengths))]
    tables = [pq.read_table(file) for file in files]
    assert [table.num_rows for table in tables] == lengths
    assert all(table.schema == SCHEMA for table in tables)
    assert [text for table in tables for text in table["text"].to_pylist()] == [f"text {i}" for i in range(n)]


def test_shards_of_a_killed_attempt_are_gone_and_equal_rows_give_equal_files(tmp_path: Path) -> None:
    def digest() -> list[str]:
        return [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(tmp_path.glob("part-*"))]

    write_shards(rows([3, 1, 2, 9, 4]), tmp_path, 4)
    write_shards(rows([3, 1, 2]), tmp_path, 2)
    first = digest()
    assert len(first) == 2
    write_shards(rows([2, 3, 1]), tmp_path, 2)
    assert digest() == first

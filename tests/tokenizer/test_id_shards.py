"""Rows of ids on disk."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.tokenizer.shards import ShardWriter, cut


@pytest.mark.parametrize(("vocabulary", "kind"), [(65_536, np.uint16), (65_537, np.uint32)])
def test_rows_come_back(tmp_path: Path, vocabulary: int, kind: type) -> None:
    batches = [[[0, vocabulary - 1, 2], [0, 2]], [], [[0, 5, 6, 7, 2]] * 3]
    with ShardWriter(tmp_path, vocabulary) as writer:
        for number, batch in enumerate(batches):
            writer.write(batch, [number] * len(batch))
    rows = [row for batch in batches for row in batch]
    assert (writer.num_rows, writer.num_tokens) == (5, 20)
    ids = np.load(tmp_path / "ids.npy", mmap_mode="r")
    offsets = np.load(tmp_path / "offsets.npy", mmap_mode="r")
    languages = np.load(tmp_path / "languages.npy", mmap_mode="r")
    assert (ids.dtype, offsets.dtype, languages.dtype) == (kind, np.int64, np.uint8)
    assert [ids[a:b].tolist() for a, b in pairwise(offsets)] == rows
    assert languages.tolist() == [0, 0, 2, 2, 2]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ids.npy", "languages.npy", "offsets.npy"]


def test_a_failed_write_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    with ShardWriter(tmp_path, 10) as writer:
        writer.write([[0, 2]], [0])
    with pytest.raises(OSError, match="full"), ShardWriter(tmp_path, 10) as writer:
        writer.write([[0, 5, 2]], [0])
        raise OSError("disk full")
    assert list(tmp_path.iterdir()) == []


@given(ids=st.lists(st.integers(5, 99), max_size=30), max_length=st.integers(3, 12))
def test_cut_rows_hold_all_ids_in_order(ids: list[int], max_length: int) -> None:
    rows = cut(ids, max_length, 0, 2)
    assert [i for row in rows for i in row[1:-1]] == ids
    assert all(len(row) <= max_length and row[0] == 0 and row[-1] == 2 and len(row) > 2 for row in rows)
    assert all(len(row) == max_length for row in rows[:-1])

"""Rows of a step dealt out: every row once, alike turns everywhere, dummies that do not count."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from understudy.training.batches import Batch
from understudy.training.shares import share_out, shares
from understudy.training.world import World


def test_by_hand() -> None:
    batch = Batch(np.arange(5), 8)
    mine, theirs = (shares(batch, rank, 2, 16) for rank in (0, 1))
    assert [(part.rows.tolist(), counted) for part, counted in mine] == [([0, 2], True), ([4], True)]
    assert [(part.rows.tolist(), counted) for part, counted in theirs] == [([1], True), ([3], True)]
    (only, _), (dummy, counted) = shares(Batch(np.array([7, 9, 11]), 8), 1, 2, 8)
    assert (only.rows.tolist(), dummy.rows.tolist(), counted) == ([9], [7], False)


@given(st.integers(1, 40), st.integers(1, 8), st.integers(1, 5), st.none() | st.integers(1, 200))
def test_every_row_counts_once(rows: int, length: int, size: int, limit: int | None) -> None:
    batch = Batch(np.arange(100, 100 + rows), length)
    dealt = [shares(batch, rank, size, limit) for rank in range(size)]
    assert len({len(turns) for turns in dealt}) == 1
    seen = sorted(row for turns in dealt for part, counted in turns if counted for row in part.rows)
    assert seen == list(range(100, 100 + rows))
    if limit is not None:
        assert all(len(part.rows) * length <= max(limit, length) for turns in dealt for part, _ in turns)


@given(st.integers(0, 12), st.integers(1, 5))
def test_jobs_are_shared_out_and_all_have_every_result(jobs: int, size: int) -> None:
    """The processes one after the other: each adds its results to those before it."""
    results = [(0.1 * job, float(job % 3)) for job in range(jobs)]
    calls: list[list[int]] = []
    total: dict[str, float] = {}

    class Process(World):
        def sums(self, values):
            for name, value in values.items():
                total[name] = total.get(name, 0.0) + value
            return total

    for rank in range(size):
        called: list[int] = []

        def measure(job: int, called: list[int] = called) -> tuple[float, float]:
            called.append(job)
            return results[job]

        got = share_out(range(jobs), measure, 2, Process(rank, size))
        calls.append(called)
    assert got.shape == (jobs, 2)
    assert np.array_equal(got, np.array(results).reshape(jobs, 2))
    assert len({len(called) for called in calls}) == 1  # all are in step
    assert len(calls[0]) == -(-jobs // size)
    assert {job for called in calls for job in called} == set(range(jobs))

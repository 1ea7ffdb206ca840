"""Targets are met exactly, by the rule of the reference, and every copy has a place of its own."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.corpus import dedup, shuffle
from understudy.corpus.dedup import unit_draw
from understudy.corpus.draw import SPAN, draw, draws, key
from understudy.corpus.packing import Ranges
from understudy.corpus.partitions import collect, writing
from understudy.corpus.sampling import repeats
from understudy.corpus.shuffle import Lot, Shuffle, kth_smallest, times_for


@given(st.lists(st.integers(0, SPAN - 1), min_size=1, max_size=200), st.data())
def test_the_kth_smallest_is_found_however_the_draws_lie(numbers: list[int], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(numbers)))
    groups = np.zeros(len(numbers), np.int16)

    def scan():
        for start in range(0, len(numbers), 7):
            yield groups[start : start + 7], np.array(numbers[start : start + 7], np.uint64)

    assert kth_smallest(scan, {0: (k, len(numbers))}) == {0: sorted(numbers)[k - 1]}


def test_of_many_draws_few_are_looked_at_and_groups_are_told_apart() -> None:
    drawn = draws(map(str, range(200_000)), key(0, "unit"))
    groups = (np.arange(200_000) % 3 == 0).astype(np.int16)
    scans = 0

    def scan():
        nonlocal scans
        scans += 1
        yield groups, drawn

    got = kth_smallest(scan, {0: (1000, int((groups == 0).sum())), 1: (60_000, int(groups.sum()))})
    assert got == {0: np.sort(drawn[groups == 0])[999], 1: np.sort(drawn[groups == 1])[59_999]}
    assert scans == 1
    assert kth_smallest(scan, {}) == {}


LOT = Lot(SPAN // 10, frozenset({SPAN // 2}))
Unit = tuple[int, int, str, int]
"""Group, split, text, number of the copy."""


def shuffled(folder: Path, units: list[Unit], targets: dict[int, int], partitions: int, ranges: Ranges):
    """What the pass makes of units in some partitions: the rows of training, and of validation."""
    files = [folder / f"unique-{number}.arrow" for number in range(partitions)]
    for number, file in enumerate(files):
        mine = units[number::partitions]
        drawn = draws((unit_draw(text, copy) for *_, text, copy in mine), key(3, "unit"))
        columns = {
            "group": [group for group, *_ in mine],
            "split": [split for _, split, *_ in mine],
            "unit": drawn,
            "words": [2] * len(mine),
            "text": [text for *_, text, _ in mine],
        }
        with writing(file, dedup.SCHEMA, 1) as rounds:
            rounds.write(pa.table(columns, dedup.SCHEMA), np.zeros(len(mine), np.int64))
    train = Counter(
        group for group, split, *_ in units if not LOT.validation(np.array([split], np.uint64))[0]
    )
    times = times_for(train, targets, files, LOT)
    task = Shuffle(folder, files, times, LOT, 3, ranges, Ranges(1, 1))
    for number in range(task.count):
        task.make(number, task.file(number))
    made = [task.file(number) for number in range(task.count)]
    rows = []
    for number in range(ranges.tasks + 1):
        part = collect(made, shuffle.SCHEMA, number, ranges.tasks + 1)
        if number < ranges.tasks:
            assert set(ranges.task(part["draw"].to_numpy()).tolist()) <= {number}
        rows.append(part.to_pylist())
    return [row for part in rows[:-1] for row in part], rows[-1]


@pytest.fixture
def units() -> list[Unit]:
    generator = random.Random(4)
    found = [(0, generator.randrange(SPAN), f"sentence {n}", 0) for n in range(200)]
    found += [
        (1, split, f"utterance {n}", c)
        for n in range(40)
        for split in [generator.randrange(SPAN)]
        for c in range(3)
    ]
    return [*found, (1, SPAN // 2, "smallest of its group", 0)]


@pytest.mark.parametrize("targets", [{0: 0, 1: 7}, {0: 150, 1: 1000}, {0: 1000, 1: 3}])
def test_the_rows_are_those_of_the_reference(
    tmp_path: Path, units: list[Unit], targets: dict[int, int]
) -> None:
    train, validation = shuffled(tmp_path, units, targets, 2, Ranges(4, 2))
    out = LOT.validation(np.array([split for _, split, *_ in units], np.uint64))
    assert Counter(row["text"] for row in validation) == Counter(
        text for (*_, text, _), o in zip(units, out, strict=True) if o
    )
    assert "smallest of its group" in {row["text"] for row in validation}
    for group, target in targets.items():
        mine = [unit for unit, o in zip(units, out, strict=True) if unit[0] == group and not o]
        drawn = [draw(unit_draw(text, copy), key(3, "unit")) for *_, text, copy in mine]
        due: Counter[str] = Counter()
        for (*_, text, _), times in zip(mine, repeats(drawn, target), strict=True):
            due[text] += times
        assert Counter(row["text"] for row in train if row["group"] == group) == +due
        assert sum(due.values()) == target
    assert all(row["words"] == 2 for row in train)


def test_partitions_and_rounds_change_nothing(tmp_path: Path, units: list[Unit], monkeypatch) -> None:
    def rows(*arguments) -> list[str]:
        train, validation = shuffled(tmp_path, *arguments)
        return sorted(map(str, train)) + sorted(map(str, validation))

    targets = {0: 450, 1: 1000}
    due = rows(units, targets, 1, Ranges(4, 1))
    monkeypatch.setattr(shuffle, "BYTES_A_ROUND", 500)
    assert rows(units[::-1], targets, 3, Ranges(4, 4)) == due


def test_every_copy_has_its_own_place_in_the_shuffle(tmp_path: Path) -> None:
    train, _ = shuffled(tmp_path, [(0, SPAN - 1, "one", 0)], {0: 50}, 1, Ranges(1, 1))
    assert len({row["draw"] for row in train}) == 50

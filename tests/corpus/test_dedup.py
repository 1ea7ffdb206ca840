"""An utterance seen n times is kept sqrt(n) times; public text once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.corpus import gather
from understudy.corpus.dedup import SCHEMA, Deduplicate, copies, unit_draw
from understudy.corpus.draw import below, draw, draws, key, slot
from understudy.corpus.groups import Group
from understudy.corpus.partitions import collect, writing

GROUPS = [Group(kind, language, kind) for kind in ("in_domain", "public") for language in ("de", "en")]

Row = tuple[Group, str]
"""Group and text."""


@pytest.mark.parametrize(
    ("seen", "kept"),
    [(1, 1), (2, 1), (3, 2), (4, 2), (6, 2), (7, 3), (12, 3), (13, 4), (100, 10), (10**6, 1000)],
)
def test_in_domain_table(seen: int, kept: int) -> None:
    assert copies(seen, "in_domain") == kept
    assert copies(seen, "public") == 1


def deduplicate(folder: Path, rows: list[Row], partitions: int, share: float):
    """What the pass makes of rows that came in three files; its facts, and the units of every partition."""
    files = [folder / f"{number}.arrow" for number in range(3)]
    for number, file in enumerate(files):
        seen = Counter(rows[number::3])
        texts = [text for _, text in seen]
        split = draws(texts, key(1, "split"))
        columns = {
            "group": [GROUPS.index(group) for group, _ in seen],
            "text": texts,
            "words": [len(text.split()) for text in texts],
            "split": split,
            "seen": list(seen.values()),
        }
        with writing(file, gather.SCHEMA, partitions) as rounds:
            rounds.write(pa.table(columns, gather.SCHEMA), slot(split, partitions))
    task = Deduplicate(folder, files, GROUPS, partitions, 1, below(share), None, None)
    facts = [task.make(number, task.file(number)) for number in range(partitions)]
    units = [collect([task.file(number)], SCHEMA, 0, 1).to_pylist() for number in range(partitions)]
    return facts, units


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(GROUPS), st.sampled_from(["a", "b", "a b", "é", "c d e"])), min_size=1
    ),
    st.integers(1, 4),
)
def test_units_and_counts_agree_with_a_counter(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], partitions: int
) -> None:
    facts, units = deduplicate(tmp_path_factory.mktemp("dedup"), rows, partitions, 0.5)
    seen = Counter(rows)
    kept = {row: copies(n, row[0][0]) for row, n in seen.items()}
    got = Counter((GROUPS[unit["group"]], unit["text"]) for part in units for unit in part)
    assert got == kept
    for part in units:
        for unit in part:
            text, number = unit["text"], 0
            assert unit["split"] == draw(text, key(1, "split"))
            possible = [
                draw(unit_draw(text, number), key(1, "unit"))
                for number in range(kept[GROUPS[unit["group"]], text])
            ]
            assert unit["unit"] in possible
            assert unit["words"] == len(text.split())
    for number, group in enumerate(GROUPS):
        mine = {row: n for row, n in kept.items() if row[0] == group}
        out = {row for row in mine if draw(row[1], key(1, "split")) < below(0.5)}
        sides = {"held_out": out, "train": set(mine) - out}
        assert sum(f["seen"][number] for f in facts) == sum(seen[row] for row in mine)
        for side, chosen in sides.items():
            assert [sum(f[side][measure][number] for f in facts) for measure in range(3)] == [
                sum(mine[row] for row in chosen),
                sum(mine[row] * len(row[1].split()) for row in chosen),
                sum(mine[row] * len(row[1].encode()) for row in chosen),
            ]


def test_units_of_a_text_have_draws_of_their_own(tmp_path: Path) -> None:
    _, [units] = deduplicate(tmp_path, [(GROUPS[0], "stop")] * 100, 1, 0.5)
    assert len(units) == 10
    assert len({unit["unit"] for unit in units}) == 10


def test_the_smallest_draw_of_a_group_is_told_with_its_like_in_other_groups(tmp_path: Path) -> None:
    rows = [(group, f"text {n}") for group in GROUPS[:2] for n in range(30)]
    rows += [(GROUPS[3], f"other {n}") for n in range(5)] + [(GROUPS[1], "one more")]
    facts, _ = deduplicate(tmp_path, rows, 3, 0.0)
    told = {(low[0], low[1]): low[2:] for f in facts for low in f["lowest"]}
    for group in GROUPS:
        mine = [draw(text, key(1, "split")) for g, text in rows if g == group]
        for other, text in rows if mine else ():
            if draw(text, key(1, "split")) == min(mine):
                assert told[min(mine), GROUPS.index(other)] == [1, 2, len(text)]
    assert not np.isin([g for _, g in told], [2]).any()

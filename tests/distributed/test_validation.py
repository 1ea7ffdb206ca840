"""Validation is shared out among processes, and its numbers are those of one process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("validate.py")


def test_each_process_measures_a_share_and_all_have_the_same_numbers(start, tmp_path: Path) -> None:
    told: dict[int, list[dict[str, Any]]] = {}
    for size in (1, 3):
        folder = tmp_path / str(size)
        folder.mkdir()
        for code, error in start(size, [PROGRAM, folder]).wait():
            assert code == 0, error[-4000:]
        told[size] = [json.loads((folder / f"rank-{rank}.json").read_text()) for rank in range(size)]
    batches = told[1][0]["calls"]
    assert batches > 3
    for size, ranks in told.items():
        assert {rank["calls"] for rank in ranks} == {-(-batches // size)}
        for rank in ranks:
            assert rank["numbers"].keys() >= {"perplexity", "perplexity.aa", "perplexity.bb"}
            assert rank["numbers"] == pytest.approx(told[1][0]["numbers"], rel=1e-12)

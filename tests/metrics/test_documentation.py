"""The figures of docs/measures.md are those of the code, and their sums are right."""

from __future__ import annotations

import json
import re
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from understudy.metrics.compare import _change
from understudy.metrics.counts import count
from understudy.metrics.measures import MEASURES
from understudy.metrics.nlu import score
from understudy.metrics.pairs import paired
from understudy.metrics.resampling import mcnemar, sign_p
from understudy.utterances.frame import Frame

PAGE = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
REFERENCES, HYPOTHESES = (
    [Frame.from_json(json.loads(line)) for line in block.splitlines()]
    for block in re.findall(r"```jsonl\n(.*?)```", PAGE, re.DOTALL)
)
FIGURES = re.findall(r"^\| `([\w.-]+)` \|.*\| ([\d +*/().-]+) = ([\d.]+) \|$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def scores() -> dict[str, Any]:
    return score(REFERENCES, HYPOTHESES)


@pytest.mark.parametrize(("name", "sum_", "figure"), FIGURES, ids=[name for name, _, _ in FIGURES])
def test_a_figure_is_what_the_code_says(scores: dict[str, Any], name: str, sum_: str, figure: str) -> None:
    value: Any = reduce(lambda row, key: row[key], name.split("."), scores)
    assert f"{value:.4f}" == figure
    assert eval(sum_, {"__builtins__": {}}) == pytest.approx(value)


def test_every_measure_has_a_worked_example(scores: dict[str, Any]) -> None:
    named = {name for name, _, _ in FIGURES}
    assert {*MEASURES} <= named
    of_confidence = {name for name, value in scores["confidence"]["all"].items() if isinstance(value, float)}
    assert {f"confidence.all.{name}" for name in of_confidence} <= named


def test_the_table_of_counts() -> None:
    rows = re.findall(r"^\| (\d), (\S+) \| (\d) \| (\d) \| (\d) \| (\d) \|$", PAGE, re.MULTILINE)
    assert len(rows) == len(REFERENCES)
    pairs = {(one.id, one.locale): count(one, other) for one, other in paired(REFERENCES, HYPOTHESES)}
    for id, locale, *figures in rows:
        counts = pairs[id, locale]
        due = (counts.correct, counts.substituted, counts.deleted, counts.inserted)
        assert tuple(map(int, figures)) == due


def test_the_figures_of_significance() -> None:
    change = _change(
        "semer",
        (np.array([0.25, 0.35]), np.array([0.3])),
        (np.array([0.20, 0.22]), np.array([0.2])),
        0.95,
    )
    assert f"{100 * change['relative']:.2f} % ± {100 * change['sd']:.2f}" in PAGE
    p = sign_p(np.array([1.0] * 30 + [-1.0] * 1970))
    assert f"30 of 2,000 is p = {p:.4f}" in PAGE
    lost = np.arange(29) < 9
    exact = mcnemar(lost, ~lost)
    text = f"{exact['only_baseline']} lost and {exact['only_candidate']} won is p = {exact['p']:.4f}"
    assert text in " ".join(PAGE.split())

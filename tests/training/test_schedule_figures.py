"""The figures of the documentation: what the code gives today, and what the papers' tables say."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from understudy.training.schedule import learning_rate

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def plots() -> Any:
    spec = importlib.util.spec_from_file_location("plots", DOCS / "plots.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["plots"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name", ["schedules-shapes.svg", "schedules-pretraining.svg", "schedules-distillation.svg"]
)
def test_the_figure_is_what_the_code_gives(plots: Any, name: str) -> None:
    title, curves = plots.FIGURES[name]
    drawn = plots.draw(title, curves())
    ElementTree.fromstring(drawn)
    assert drawn == (DOCS / name).read_text(encoding="utf-8"), "run: python docs/plots.py"
    assert name in (DOCS / "schedules.md").read_text(encoding="utf-8")


def test_every_figure_of_the_papers_lies_on_its_curve(plots: Any) -> None:
    for _, curves in plots.FIGURES.values():
        for curve in curves():
            assert curve.stated
            for step, stated in curve.stated:
                rate = learning_rate(step - 1, curve.steps, curve.settings, curve.hidden)
                assert rate == pytest.approx(stated, rel=1e-3), (curve.name, step)

"""Every recipe reads at each of its scales; the papers' own run from end to end when tiny."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.core.recipe.load import load_recipe
from understudy.stages.plan import Devices, plan_recipe

RECIPES = Path(__file__).parents[2] / "recipes"
FILES = sorted(RECIPES.glob("*.yaml"))
PAPERS = {"alexatm-paper": ("h200", 64), "transfer-sets-paper": ("v100", 8)}


def scales(file: Path) -> list[str | None]:
    return [None, *yaml.safe_load(file.read_text()).get("scales", {})]


@pytest.mark.parametrize(
    ("file", "scale"),
    [(file, scale) for file in FILES for scale in scales(file)],
    ids=lambda value: value.stem if isinstance(value, Path) else str(value or "as written"),
)
def test_a_recipe_reads_at_each_of_its_scales(file: Path, scale: str | None) -> None:
    recipe = load_recipe(file, [] if scale is None else [f"scale={scale}"])
    assert recipe.name == file.stem
    assert recipe.description


@pytest.mark.parametrize("name", PAPERS)
def test_the_papers_recipes_fit_on_the_papers_machines(name: str) -> None:
    gpu, count = PAPERS[name]
    plan = plan_recipe(RECIPES / f"{name}.yaml", [], Devices(gpu=gpu, count=count))
    teacher = next(step for step in plan["steps"] if step.startswith("teacher"))
    assert plan["steps"][teacher]["parameters"]["encoder"] == 2_281_623_040


@pytest.mark.slow
@pytest.mark.parametrize("name", PAPERS)
def test_the_papers_recipes_run_from_end_to_end_when_tiny(name: str, understudy: Any, tmp_path: Path) -> None:
    answer = understudy("run", RECIPES / f"{name}.yaml", "--set", "scale=tiny", "--runs", tmp_path)
    assert answer.code == 0, answer.err
    steps = load_recipe(RECIPES / f"{name}.yaml", ["scale=tiny"]).steps
    made = {folder.name for folder in (tmp_path / name).iterdir() if (folder / "manifest.json").exists()}
    assert made == set(steps)
    assert "NaN" not in answer.out and "nan" not in answer.out
    assert (tmp_path / name / "report" / "report.html").stat().st_size > 10_000

"""The recipes in the guides are recipes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from understudy.core.recipe.load import load_recipe

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = {
    "classification.md": {"pretrained", "classify", "judge"},
    "search.md": {"pretrained", "finetune", "evaluate"},
    "suspects.md": {"suspects"},
}


@pytest.mark.parametrize("name", GUIDES)
def test_a_guides_recipe_loads(tmp_path: Path, name: str) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", (DOCS / name).read_text(), re.DOTALL)
    file = tmp_path / "recipe.yaml"
    file.write_text(block)
    assert {step.stage for step in load_recipe(file).steps.values()} == GUIDES[name]

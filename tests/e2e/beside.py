"""Steps beside those of a finished run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from understudy.stages.runner import Run


class Beside:
    """A run whose steps are links to the finished ones of another, and a recipe that may say more.

    Args:
        recipe: of the finished run.
        made: its artifacts, which tests must not change.
        folder: gets ``tiny.yaml`` and ``runs``; what is in there already is not linked.
        without: a step that is not linked.
    """

    def __init__(self, recipe: Path, made: Path, folder: Path, without: str = "") -> None:
        self.recipe = yaml.safe_load(recipe.read_text())
        self.file, self.runs = folder / "tiny.yaml", folder / "runs"
        self.made = self.runs / made.name
        self.made.mkdir(parents=True, exist_ok=True)
        for each in made.glob("[!.]*"):
            if each.is_dir() and each.name != without and not (self.made / each.name).exists():
                (self.made / each.name).symlink_to(each.resolve())
        self.add()

    def add(self, **steps: Any) -> None:
        """Steps by name, ``_`` for ``-``; those that are there already are replaced."""
        self.recipe["steps"] |= {name.replace("_", "-"): step for name, step in steps.items()}
        self.file.write_text(yaml.safe_dump(self.recipe))

    def change(self, step: str, **keys: Any) -> None:
        """Other keys in a step."""
        self.add(**{step: self.recipe["steps"].get(step, {}) | keys})

    def make(self, *steps: str) -> None:
        """Execute steps, and what they need."""
        Run(self.file, self.runs).execute(list(steps), say=lambda _: None)

    def manifest(self, step: str) -> dict[str, Any]:
        """Of a step that was made."""
        return json.loads((self.made / step / "manifest.json").read_text())

    def numbers(self, step: str) -> dict[str, Any]:
        """In its manifest."""
        return self.manifest(step)["numbers"]

    def weights(self, *parts: str) -> bytes:
        """Of the model of a step."""
        return self.made.joinpath(*parts, "model", "model.safetensors").read_bytes()

"""Every recipe reads at each of its scales; those of the papers run from end to end when tiny."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.core.recipe.load import load_recipe
from understudy.stages.plan import Devices, plan_recipe

RECIPES = Path(__file__).parents[2] / "recipes"
FILES = sorted(RECIPES.glob("*.yaml"))
SCENARIOS = ("calendar", "play", "qa", "email", "iot", "weather")
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
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


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files laid out as MASSIVE and ``generic/`` are: nonsense; each scenario has words of its own."""
    folder = tmp_path_factory.mktemp("made-up")
    chance = random.Random(0)
    for locale in ("de-DE", "en-US", "es-ES", "fr-FR", "hi-IN", "it-IT", "te-IN"):
        language = locale[:2]
        words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(400)]
        sentences = [
            # There are no novels in French.
            {"text": " ".join(chance.choices(words, k=9)), "source": "CN"[n % 2 * (language != "fr")]}
            for n in range(400)
        ]
        utterances = []
        for number in range(900):
            scenario = number % len(SCENARIOS)
            said, slot = chance.choices(words[40 * scenario :][:60], k=5), chance.choice(words)
            partition = chance.choice(["train"] * 8 + ["dev", "test"])
            utterances.append({
                "id": str(number), "locale": locale, "partition": partition,
                "scenario": SCENARIOS[scenario], "intent": f"{SCENARIOS[scenario]}_{number // 6 % 2}",
                "utt": f"{' '.join(said)} {slot}", "annot_utt": f"{' '.join(said)} [date : {slot}]",
            })  # fmt: skip
        for path, rows in ((f"generic/{language}", sentences), (f"massive/{locale}", utterances)):
            file = folder / f"{path}.jsonl.gz"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PAPERS, "transfer-sets", "alexatm-small"])
def test_a_recipe_of_the_papers_runs_from_end_to_end_when_tiny(
    name: str, understudy: Any, made_up: Path, tmp_path: Path
) -> None:
    given = [f"data={made_up}", "scale=tiny"]
    options = [part for each in given for part in ("--set", each)]
    answer = understudy("run", RECIPES / f"{name}.yaml", *options, "--runs", tmp_path)
    assert answer.code == 0, answer.err
    steps = load_recipe(RECIPES / f"{name}.yaml", given).steps
    made = {folder.name for folder in (tmp_path / name).iterdir() if (folder / "manifest.json").exists()}
    assert made == set(steps)
    assert "NaN" not in answer.out and "nan" not in answer.out
    assert (tmp_path / name / "report" / "report.html").stat().st_size > 10_000

"""A model for each locale, picked on development data from states of one distillation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from beside import Beside

from understudy.metrics.nlu import score
from understudy.stages.lineage import lineage
from understudy.stages.select import picked
from understudy.utterances.read import read_frames

RECIPE = Path(__file__).with_name("tiny.yaml")
SMALL = {"tokens_per_batch": 256}
SPLIT = {"labels": "all", "split": "dev", "resamplings": 0}
STEPS: dict[str, Any] = {
    "learns": {
        "stage": "distill",
        "teacher": "teacher-1",
        "shards": "public-shards",
        "encoder": {"layers": 1, "hidden": 16, "ffn": 16, "heads": 2, "max_length": 48},
        "duration": {"steps": 4},
        "keep": {"every": {"steps": 2}},
        "optimization": SMALL,
    },
    "early": {"stage": "finetune", "model": "learns/steps-2", "labels": "all", "duration": {"steps": 80},
              "optimization": SMALL | {"learning_rate": 1e-2}},
    "late": {"stage": "finetune", "model": "learns", "labels": "all", "duration": {"steps": 80}, "seed": 4,
             "optimization": SMALL | {"learning_rate": 1e-2}},
    "pick": {"stage": "select", "models": ["early", "late"], "labels": "all", "by": "intent_accuracy"},
    "dev-early": {"stage": "evaluate", "model": "early", **SPLIT},
    "dev-late": {"stage": "evaluate", "model": "late", **SPLIT},
    "test-ja": {"stage": "evaluate", "model": "pick/ja-JP", "labels": "all", "resamplings": 0},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(teachers: Path, tmp_path_factory: pytest.TempPathFactory) -> Beside:
    world = Beside(RECIPE, teachers, tmp_path_factory.mktemp("select"))
    world.add(**STEPS)
    world.make(*STEPS)
    return world


def test_each_locale_has_the_model_that_is_best_on_its_development_data(made: Beside) -> None:
    due: dict[str, dict[str, float]] = {}
    for model in ("early", "late"):
        frames = [
            list(read_frames(made.made / f"dev-{model}" / f"{kind}.jsonl"))
            for kind in ("references", "predictions")
        ]
        for locale, row in score(*frames)["by_locale"].items():
            due.setdefault(locale, {})[model] = row["intent_accuracy"]
    told = made.numbers("pick")
    assert told["development"] == due
    assert {row["early"] != row["late"] for row in due.values()} == {True}, "or nothing would be tested"
    for locale, name in told["choice"].items():
        assert due[locale][name] == max(due[locale].values())
        for file in ("manifest.json", "heads.safetensors", "model/model.safetensors"):
            assert (made.made / "pick" / locale / file).read_bytes() == (made.made / name / file).read_bytes()
    assert json.loads((made.made / "pick" / "choice.json").read_text()) == told["choice"]


def test_less_is_better_of_errors_and_the_first_of_equals_is_taken() -> None:
    table = {"b": {"x": 0.2, "y": 0.1}, "a": {"x": 0.5, "y": 0.5}}
    assert picked(table, "exact_match") == {"a": "x", "b": "x"}
    assert picked(table, "semer") == {"a": "x", "b": "y"}


def test_what_was_picked_is_evaluated_as_the_step_that_made_it(made: Beside) -> None:
    name = made.numbers("pick")["choice"]["ja-JP"]
    test = made.manifest("test-ja")
    assert test["inputs"]["pick/ja-JP"] == made.manifest(name)["fingerprint"]
    entry = next(entry for entry in lineage(made.made / "test-ja")["inputs"] if entry["stage"] == "finetune")
    assert entry["step"] == name and "state" not in entry
    assert entry["inputs"][0].get("state") != "no longer there"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("steps.test-ja.model=pick", "steps.test-ja.model: name one part of step 'pick', such as pick/en-US"),
        ("steps.test-ja.model=pick/german", "name one part of step 'pick'"),
        ("steps.test-ja.model=pick/de-DE", "pick/de-DE: is missing from the artifact"),
        ("steps.pick.models=[early]", "steps.pick.models: "),
    ],
)
def test_a_choice_that_cannot_be_is_one_line(
    made: Beside, understudy: Any, change: str, message: str
) -> None:
    understudy("step", made.file, "test-ja", "--runs", made.runs, "--set", change).is_user_error(message)

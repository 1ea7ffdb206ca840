"""What makes a step's fingerprint, and what it may open."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import understudy
from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.recipe.entries import Labels
from understudy.core.recipe.schema import StepConfig
from understudy.core.recipe.step import Step
from understudy.core.stage import Inputs, LabelFiles
from understudy.stages import generate, prepare, tokenizer
from understudy.stages.runner import Run
from understudy.utterances.read import read_split

RECIPE = """\
name: r
corpora:
  raw: {path: "{data}/raw/{language}.jsonl", locales: [en]}
  made: {path: "generic/{language}.jsonl", locales: [en], source: world}
labels:
  all: {path: "{data}/labelled/{locale}.jsonl", locales: [en-US], format: frames}
steps:
  world: {stage: generate, locales: [en-US], train: 20, dev: 10, test: 10, unlabelled: 10, generic: 10}
  from-raw: {stage: prepare, corpora: [raw], minimum_words: 0}
  from-made: {stage: prepare, corpora: [made], minimum_words: 0}
"""


def stub(config: Any, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Stands for a stage's work: the runner cares only for what goes in and what lies there afterwards."""
    for folder in ("generic", "unlabelled"):
        (out / folder).mkdir(exist_ok=True)
        (out / folder / "en.jsonl").write_text(f"{config.seed}")
    return {"read": len(inputs.artifacts)}


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(generate, "run", stub)
    monkeypatch.setattr(prepare, "run", stub)
    file = tmp_path / "r.yaml"
    file.write_text(RECIPE)
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "en.jsonl").write_text('{"text": "a"}\n')
    Run(file, tmp_path / "runs", [f"data={tmp_path / 'data'}"]).execute(say=lambda _: None)
    return file


def would(recipe: Path, *overrides: str, data: str = "data") -> dict[str, str]:
    """Step -> state in a dry run."""
    run = Run(recipe, recipe.parent / "runs", [f"data={recipe.parent / data}", *overrides])
    return {outcome.step: outcome.state for outcome in run.execute(dry_run=True)}


SAME = dict.fromkeys(("world", "from-raw", "from-made"), "up to date")


def test_the_same_recipe_and_bytes_are_up_to_date(recipe: Path) -> None:
    assert would(recipe) == SAME
    recipe.write_text("# a comment\n" + RECIPE.replace("name: r", "name: r\ndescription: words"))
    assert would(recipe) == SAME


def test_the_same_bytes_in_another_place_are_the_same_input(recipe: Path) -> None:
    shutil.move(recipe.parent / "data", recipe.parent / "moved")
    assert would(recipe, data="moved") == SAME
    (recipe.parent / "moved" / "raw" / "en.jsonl").rename(recipe.parent / "moved" / "english.jsonl")
    assert would(recipe, "corpora.raw.path='{data}/english.jsonl'", data="moved") == SAME


def test_the_bytes_of_a_reference_are_an_input_too(recipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizer, "run", stub)
    reference = recipe.parent / "reference"
    reference.mkdir()
    (reference / "tokenizer.json").write_text("{}")
    match = f"{{stage: tokenizer, text: [from-raw], vocabulary: {{match: '{reference}'}}}}"
    recipe.write_text(RECIPE + f"  pieces: {match}\n")
    Run(recipe, recipe.parent / "runs", [f"data={recipe.parent / 'data'}"]).execute(say=lambda _: None)
    assert would(recipe)["pieces"] == "up to date"
    (reference / "tokenizer.json").write_text('{"changed": 1}')
    assert would(recipe)["pieces"] == "would run"
    (reference / "tokenizer.json").unlink()
    reference.rmdir()
    with pytest.raises(UserError, match=r"reference: no such file"):
        would(recipe)


def test_other_bytes_are_another_input(recipe: Path) -> None:
    (recipe.parent / "data" / "raw" / "en.jsonl").write_text('{"text": "b"}\n')
    assert would(recipe) == SAME | {"from-raw": "would run"}


@pytest.mark.parametrize(
    ("override", "changed"),
    [
        ("steps.from-raw.seed=1", {"from-raw": "would run"}),
        ("steps.from-raw.spoken.share=0.5", {"from-raw": "would run"}),
        ("corpora.raw.kind=in_domain", {"from-raw": "would run"}),
        ("corpora.made.kind=in_domain", {"from-made": "would run"}),
        ("corpora.made.path=unlabelled/en.jsonl", {"from-made": "would run"}),
        ("steps.world.seed=1", {"world": "would run", "from-made": "waits"}),
        ("labels.all.fraction=0.5", {}),
    ],
)
def test_a_change_reaches_exactly_the_steps_that_depend_on_it(
    recipe: Path, override: str, changed: dict[str, str]
) -> None:
    assert would(recipe, override) == SAME | changed


def test_a_stages_version_is_part_of_the_fingerprint(recipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from understudy.core.recipe.text_steps import Prepare

    monkeypatch.setattr(Prepare, "version", 99)
    assert would(recipe) == SAME | {"from-raw": "would run", "from-made": "would run"}


def test_an_input_made_again_with_other_bytes_reaches_its_readers(recipe: Path) -> None:
    overrides = [f"data={recipe.parent / 'data'}", "steps.world.seed=7"]
    run = Run(recipe, recipe.parent / "runs", overrides)
    done = {outcome.step: outcome.state for outcome in run.execute(say=lambda _: None)}
    assert done == {"world": "done", "from-raw": "up to date", "from-made": "done"}
    made = Artifact.load(recipe.parent / "runs" / "r" / "from-made").manifest
    assert made.inputs == {
        "world": Artifact.load(recipe.parent / "runs" / "r" / "world").manifest.fingerprint
    }
    raw = Artifact.load(recipe.parent / "runs" / "r" / "from-raw").manifest
    assert list(raw.sources) == [str(recipe.parent / "data" / "raw" / "en.jsonl")]


def test_a_failed_stage_leaves_its_work_and_no_artifact(
    recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(config: Any, inputs: Inputs, out: Path) -> dict[str, Any]:
        (out / "checkpoint").write_text("half")
        raise RuntimeError("broken")

    monkeypatch.setattr(prepare, "run", fails)
    folder = recipe.parent / "runs" / "r"
    run = Run(recipe, recipe.parent / "runs", [f"data={recipe.parent / 'data'}", "steps.from-raw.seed=3"])
    with pytest.raises(RuntimeError, match="broken"):
        run.execute(["from-raw"], say=lambda _: None)
    assert (folder / ".from-raw.partial" / "checkpoint").exists()
    assert Artifact.load(folder / "from-raw").manifest.config["seed"] == 0, "what was there stays"
    seen: list[bool] = []

    def continues(config: Any, inputs: Inputs, out: Path) -> dict[str, Any]:
        seen.append((out / "checkpoint").exists())
        return {}

    monkeypatch.setattr(prepare, "run", continues)
    run.execute(["from-raw"], say=lambda _: None)
    assert seen == [True], "the next attempt goes on where it stopped"
    assert Artifact.load(folder / "from-raw").manifest.config["seed"] == 3


# Only `evaluate` opens the test split.


def step_classes() -> list[type[Step]]:
    from typing import get_args

    return list(get_args(get_args(StepConfig)[0]))


def test_only_evaluate_and_who_keeps_test_texts_out_are_given_the_test_split() -> None:
    given = {kind.__name__ for kind in step_classes() if "test" in kind.splits}
    assert given == {"Evaluate", "Judge", "Prepare"}


@pytest.fixture
def frames(tmp_path: Path) -> LabelFiles:
    file = tmp_path / "en-US.jsonl"
    keys = {"locale": "en-US", "text": "hi", "domain": "d", "intent": "i", "slots": []}
    rows = [keys | {"id": str(i), "partition": name} for i, name in enumerate(("train", "dev", "test"))]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    config = Labels(path="{locale}.jsonl", locales=("en-US",), format="frames")
    return LabelFiles(config, {"en-US": (file,)}, ("train", "dev"))


def test_what_a_stage_is_not_given_it_cannot_open(frames: LabelFiles) -> None:
    assert [frame.id for frame in read_split(frames, "dev")] == ["1"]
    with pytest.raises(ValueError, match="may not open the test split"):
        read_split(frames, "test")


@pytest.mark.parametrize("stage", ["finetune", "export", "evaluate"])
def test_the_runner_gives_each_stage_its_splits_only(
    recipe: Path, stage: str, monkeypatch: pytest.MonkeyPatch, frames: LabelFiles
) -> None:
    """The splits in the inputs that a stage's `run` is called with, whatever the stage then does."""
    import importlib

    nlu = "{stage: finetune, encoder: {layers: 1, hidden: 8, ffn: 8, heads: 1}, tokenizer: t, labels: all, "
    steps = {
        "t": "{stage: tokenizer, text: [from-raw]}",
        "finetune": nlu + "duration: {steps: 1}}",
        "evaluate": "{stage: evaluate, model: finetune, labels: all}",
        "export": "{stage: export, model: finetune, labels: all}",
    }
    recipe.write_text(RECIPE + "".join(f"  {name}: {text}\n" for name, text in steps.items()))
    labelled = recipe.parent / "data" / "labelled"
    labelled.mkdir()
    shutil.copy(next(iter(frames.files["en-US"])), labelled)
    given: dict[str, tuple[str, ...]] = {}

    def opens(name: str) -> Callable[..., dict[str, Any]]:
        def run(config: Any, inputs: Inputs, out: Path) -> dict[str, Any]:
            given[name] = inputs.labels["all"].splits if inputs.labels else ()
            return {}

        return run

    for name in ("tokenizer", "finetune", "evaluate", "export"):
        monkeypatch.setattr(importlib.import_module(f"understudy.stages.{name}"), "run", opens(name))
    overrides = [f"data={recipe.parent / 'data'}"]
    Run(recipe, recipe.parent / "runs", overrides).execute(["t", "finetune", stage], say=lambda _: None)
    assert given[stage] == (("dev", "test") if stage == "evaluate" else ("train", "dev"))


# What opens a split, and the place of the split among its arguments; `read` is a partial in finetune.
OPENING = {"read_split": 1, "read_examples": 1, "read_selected": 1, "read_outside": 2, "read": 0}


def test_no_code_but_evaluates_asks_for_the_test_split() -> None:
    """Every call that opens a split: a literal train or dev, but in the places named below."""
    package = Path(understudy.__file__).parent
    asked: dict[str, set[str]] = {}
    for file in sorted(package.rglob("*.py")):
        name = file.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(file.read_text())):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", "")
            if called in OPENING and (called != "read" or name == "stages/finetune.py"):
                asked.setdefault(name, set()).add(ast.unparse(node.args[OPENING[called]]))
    assert asked.pop("stages/evaluate.py") == {"config.split"}
    assert asked.pop("stages/judge.py") == {"config.split"}
    assert asked.pop("stages/prepare.py") == {"split"}, "what training text must not hold"
    assert asked.pop("stages/resample.py") == {"split"}, "of its pool, which cannot hold test"
    for name in ("utterances/pairs.py", "utterances/select.py", "stages/calibrate.py"):
        assert asked.pop(name) == {"split"}, "handed on to who is asked above"
    assert {
        "stages/finetune.py",
        "stages/export.py",
        "stages/classify.py",
        "stages/suspects.py",
    } <= asked.keys()
    assert {split for splits in asked.values() for split in splits} <= {"'train'", "'dev'"}

"""What a recipe can ask of training: nouns to fill in, an early end, trackers; and a signal from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from beside import Beside

from understudy.model.huggingface import load_model

ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1"}


def changed(tiny: Any, folder: Path, step: str, corpora: dict[str, Any] | None = None, **keys: Any) -> Beside:
    """The tiny recipe with other keys in a step; its other steps are those that have been made."""
    world = Beside(tiny.recipe, tiny.folder, folder, without=step)
    world.recipe["corpora"] |= corpora or {}
    world.change(step, **keys)
    return world


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    words = {"en": ["wake", "the", "lamp"], "ja": ["明日", "の", "歌"]}
    for language, (verb, other, noun) in words.items():
        space = " " if language == "en" else ""
        text = space.join([verb, other, noun])
        at = len(text) - len(noun)
        row = {
            "id": "s",
            "text": text,
            "upos": ["VERB", "NOUN"],
            "start": [0, at],
            "end": [len(verb), len(text)],
        }
        (tmp_path / f"{language}.jsonl").write_text(json.dumps(row | {"partition": "test"}) + "\n")
    return tmp_path


def test_nouns_by_language_and_bits_are_in_the_manifest(tiny: Any, tagged: Path, understudy: Any) -> None:
    corpora = {"tagged": {"path": str(tagged / "{language}.jsonl"), "locales": ["en", "ja"]}}
    world = changed(tiny, tagged, "teacher-1", corpora, nouns={"corpus": "tagged"})
    assert understudy("step", world.file, "teacher-1", "--runs", world.runs).code == 0
    told = world.numbers("teacher-1")
    for measure in ("nouns", "bits_per_character", "perplexity"):
        assert told[measure] == pytest.approx((told[f"{measure}.en"] + told[f"{measure}.ja"]) / 2, abs=1e-5)
    assert 0 <= told["nouns"] <= 1 < told["bits_per_character"]
    line = json.loads((world.made / "teacher-1" / "log.jsonl").read_text().splitlines()[-1])
    assert line["mfu"] > 0 and line["tokens_per_second"] > 0


def test_nouns_without_tags_are_one_line(tiny: Any, tagged: Path, understudy: Any) -> None:
    (tagged / "ja.jsonl").write_text('{"text": "明日の歌"}\n')
    corpora = {"tagged": {"path": str(tagged / "{language}.jsonl"), "locales": ["en", "ja"]}}
    world = changed(tiny, tagged, "teacher-1", corpora, nouns={"corpus": "tagged"})
    answer = understudy("step", world.file, "teacher-1", "--runs", world.runs)
    answer.is_user_error(f"{tagged / 'ja.jsonl'}: line 1: has no 'upos', 'start' and 'end'")


def test_a_recipe_may_end_when_nothing_more_is_learned(tiny: Any, tmp_path: Path, understudy: Any) -> None:
    duration = {"converged": {"patience": 1, "improvement": 0.9}, "steps": 12}
    world = changed(tiny, tmp_path, "teacher-1", duration=duration, validate_every=2, trackers=[])
    assert understudy("step", world.file, "teacher-1", "--runs", world.runs).code == 0
    assert world.numbers("teacher-1")["steps"] == 4
    assert not (world.made / "teacher-1" / "tensorboard").exists()


def test_trackers_are_no_part_of_the_fingerprint(tiny: Any, tmp_path: Path, understudy: Any) -> None:
    assert list((tiny.folder / "teacher-1" / "tensorboard").iterdir())
    file = tmp_path / "tiny.yaml"
    recipe = yaml.safe_load(tiny.recipe.read_text())
    recipe["steps"]["teacher-1"]["trackers"] = ["mlflow"]
    file.write_text(yaml.safe_dump(recipe))
    answer = understudy("run", file, "--runs", tiny.runs, "--dry-run", "--only", "teacher-1")
    assert "up to date" in answer.out


@pytest.mark.slow
def test_sigterm_leaves_with_143_and_the_same_command_continues(tiny: Any, tmp_path: Path) -> None:
    world = changed(tiny, tmp_path, "teacher-1", duration={"steps": 400}, checkpoint_every=1000)
    command = [sys.executable, "-m", "understudy", "step", world.file, "teacher-1", "--runs", world.runs]
    partial = world.made / ".teacher-1.partial"
    with subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True) as process:
        log = partial / "log.jsonl"
        while process.poll() is None and not (log.exists() and log.stat().st_size):
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        told = process.stderr.read()
    assert process.returncode == 143, told
    assert told.splitlines()[-1] == "understudy: stopped; run the same command to continue"
    assert "Traceback" not in told
    (saved,) = (partial / "checkpoints").glob("step-*")
    step = int(saved.name.removeprefix("step-"))
    assert 20 <= step < 400
    command += ["--set", "steps.teacher-1.trackers=[]"]  # no part of what is made: it goes on all the same
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert world.numbers("teacher-1")["steps"] == 400


def test_processes_and_rows_that_do_not_fit_are_one_line(tiny: Any, tmp_path: Path, understudy: Any) -> None:
    world = changed(tiny, tmp_path, "teacher-1")
    small = "steps.teacher-1.encoder.max_length=16"
    answer = understudy("step", world.file, "teacher-1", "--runs", world.runs, "--set", small)
    answer.is_user_error("do not fit a model of 16; encode them with a smaller max_length, or raise encoder")
    wanted = "steps.teacher-1.duration={converged: {patience: 3}}"
    answer = understudy("step", world.file, "teacher-1", "--runs", world.runs, "--set", wanted)
    answer.is_user_error("give exactly one of steps, examples, tokens, epochs, as the most, beside converged")


def test_models_that_are_kept_are_models_for_later_steps(tiny: Any, tmp_path: Path, understudy: Any) -> None:
    """The folders are whole, other steps name them, and the best by perplexity is handed on."""
    keep = {"best": True, "every": {"steps": 4}}
    optimization = {"tokens_per_batch": 256, "warmup_steps": 8}
    world = changed(tiny, tmp_path, "student", keep=keep, validate_every=2, optimization=optimization)
    world.add(
        further={
            "stage": "pretrain",
            "from": "student/steps-4",
            "duration": {"steps": 1},
            "shards": "mixed-shards",
            "optimization": {"tokens_per_batch": 256},
        }
    )
    for step, warned in (("student", True), ("further", False)):
        answer = understudy("step", world.file, step, "--runs", world.runs)
        assert answer.code == 0, answer.err
        assert (f"{step}: the warm-up of 8 steps outlasts all" in answer.err) == warned
    made, told = world.made / "student", world.numbers("student")
    assert [kept["name"] for kept in told["kept"]] == ["steps-4", "steps-8"]
    assert told["kept"][0]["examples"] < told["kept"][1]["examples"] == told["examples"]
    assert {entry.name for entry in made.iterdir() if "manifest" not in entry.name} >= {
        "model",
        "steps-4",
        "steps-8",
    }
    assert not list(made.glob("*.safetensors")) and not (made / "checkpoints").exists()
    models = {name: load_model(made / name / "model").state_dict() for name in ("steps-4", "steps-8", ".")}
    assert not torch.equal(models["steps-4"]["head_bias"], models["steps-8"]["head_bias"])
    best = min(told["history"], key=lambda entry: entry["perplexity"])
    assert told["perplexity"] == best["perplexity"]
    if best["step"] == 8:
        assert torch.equal(models["."]["head_bias"], models["steps-8"]["head_bias"])

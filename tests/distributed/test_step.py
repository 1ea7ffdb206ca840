"""``understudy step`` under torchrun: one artifact, one message, and what a killed process leaves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from safetensors.torch import load_file

pytestmark = pytest.mark.slow

RECIPE = Path(__file__).parent.parent / "e2e" / "tiny.yaml"
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "DS_ACCELERATOR": "cpu"}
STEP = "steps.teacher-1"
PATIENCE = 300
"""Seconds, for what takes a few where nothing else runs."""
SETTINGS = [f"{STEP}.optimization.precision=fp32", f"{STEP}.encoder.dropout=0"]


def command(runs: Path, step: str, *settings: str, recipe: Path = RECIPE) -> list[str]:
    words = ["-m", "understudy", "step", str(recipe), step, "--runs", str(runs)]
    return words + [word for setting in settings for word in ("--set", setting)]


def torchrun(processes: int, words: list[str]) -> list[str]:
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    return [sys.executable, *launcher, *(["--module", *words[1:]] if words[0] == "-m" else words)]


def call(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, env=ENVIRONMENT, timeout=400, check=False)


def ours(error: str) -> list[str]:
    """The lines of standard error that are understudy's."""
    return [line for line in error.splitlines() if line.startswith(("understudy: ", "teacher-1: "))]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the first pretraining reads."""
    runs = tmp_path_factory.mktemp("runs")
    words = ["-m", "understudy", "run", str(RECIPE), "--runs", str(runs)]
    steps = ("world", "public-text", "mixed-text", "tokenizer", "public-shards")
    done = call([sys.executable, *words, *(word for step in steps for word in ("--only", step))])
    assert done.returncode == 0, done.stderr
    return runs


@pytest.fixture
def runs(inputs: Path, tmp_path: Path) -> Path:
    shutil.copytree(inputs, tmp_path / "runs")
    return tmp_path / "runs"


def test_two_processes_make_the_artifact_that_one_makes(inputs: Path, tmp_path: Path) -> None:
    manifests, weights = [], []
    for processes in (1, 2):
        runs = tmp_path / str(processes)
        shutil.copytree(inputs, runs)
        words = command(runs, "teacher-1", *SETTINGS)
        done = call(torchrun(2, words) if processes == 2 else [sys.executable, *words])
        assert done.returncode == 0, done.stderr
        assert len(ours(done.stderr)) == 2, done.stderr
        folder = runs / "tiny" / "teacher-1"
        manifests.append(json.loads((folder / "manifest.json").read_text()))
        weights.append(load_file(folder / "model" / "model.safetensors"))
    one, two = manifests
    assert _steady(one["files"]) == _steady(two["files"])
    assert one["fingerprint"] == two["fingerprint"]
    assert one["numbers"]["tokens"] == two["numbers"]["tokens"]
    for entry, due in zip(two["numbers"]["history"], one["numbers"]["history"], strict=True):
        assert entry == pytest.approx(due, rel=1e-4)
    for name, tensor in weights[0].items():
        if not name.endswith("key.bias"):  # has no gradient but rounding
            assert (tensor - weights[1][name]).abs().max() < 1e-4, name
    again = call(torchrun(2, words))
    assert (again.returncode, ours(again.stderr)) == (0, ["teacher-1: up to date"])


def test_a_killed_process_ends_the_job_and_the_next_continues(runs: Path) -> None:
    words = command(runs, "teacher-1", f"{STEP}.duration.steps=4000", f"{STEP}.checkpoint_every=20")
    checkpoints = runs / "tiny" / ".teacher-1.partial" / "checkpoints"
    job = subprocess.Popen(torchrun(2, words), stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        _until(lambda: len(list(checkpoints.glob("step-*"))) > 1)
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(job.pid)], capture_output=True, text=True, check=True
        )
        victim = max(int(pid) for pid in listed.stdout.split())
        os.kill(victim, signal.SIGKILL)
        _, error = job.communicate(timeout=PATIENCE)  # it ends by itself
    finally:
        job.kill()
    assert job.returncode
    assert f"exitcode  : -9 (pid: {victim})" in error
    (line,) = [line for line in ours(error) if line.startswith("understudy")]
    newest = max(checkpoints.glob("step-*")).name
    assert line.endswith(f"Start the same command again: it continues from {newest}")
    steps = int(newest.removeprefix("step-"))
    job = subprocess.Popen(torchrun(2, words), stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        _until(lambda: max(checkpoints.glob("step-*")).name > newest)
    finally:
        job.terminate()
        job.communicate(timeout=PATIENCE)
    log = [json.loads(line) for line in (checkpoints.parent / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log] == list(range(20, 20 * len(log) + 1, 20))
    assert len(log) * 20 >= steps + 20


def _steady(files: dict[str, int]) -> set[str]:
    """Without those that are named for the hour and the process."""
    return {name for name in files if not name.startswith("tensorboard/")}


def _until(condition) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("step", "settings", "problem"),
    [
        (
            "teacher-1",
            [f"{STEP}.parallel.replicas=3"],
            f"{STEP}.parallel.replicas: 3 replicas do not",
        ),
        ("public-shards", [], "steps.public-shards: stage 'encode' runs in one process, and 2 were started"),
        ("teacher-1", [f"{STEP}.parallel.zero=4"], f"{STEP}.parallel.zero"),
        (
            "teacher-1",
            [f"{STEP}.optimization.tokens_per_batch=257"],
            f"{STEP}.optimization.tokens_per_batch: 2 processes do not divide 257 positions; 256 or 258",
        ),
    ],
)
def test_a_mistake_is_one_line_before_anything_trains(
    inputs: Path, start, step: str, settings: list[str], problem: str
) -> None:
    ended = start(2, command(inputs, step, *settings)).wait()
    assert [code for code, _ in ended] == [2, 2]
    everything = "".join(error for _, error in ended)
    (line,) = [line for line in everything.splitlines() if line.startswith("understudy: ")]
    assert problem in line
    assert "Traceback" not in everything


@pytest.mark.parametrize("engine", ["fsdp", "deepspeed"])
def test_fine_tuning_keeps_the_best_weights_of_all_processes(
    inputs: Path, tmp_path: Path, engine: str
) -> None:
    if engine == "deepspeed":
        pytest.importorskip("deepspeed", reason="the second engine is an extra")
    start = "encoder: {layers: 2, hidden: 16, ffn: 32, heads: 2, max_length: 48}\n    tokenizer: tokenizer"
    recipe = tmp_path / "tiny.yaml"
    recipe.write_text(RECIPE.read_text().replace("    model: student\n", f"    {start}\n"))
    weights, numbers = [], []
    for processes in (1, 2):
        runs = tmp_path / str(processes)
        shutil.copytree(inputs, runs)
        settings = [
            "optimization.precision=fp32",
            "dropout=0",
            "heads=[domain, intent, crf]",
            "class_weights={domain: sqrt}",
            f"parallel.engine={engine}",
            "parallel.zero=3",
        ]
        words = command(runs, "nlu-all", *(f"steps.nlu.{each}" for each in settings), recipe=recipe)
        done = call(torchrun(2, words) if processes == 2 else [sys.executable, *words])
        assert done.returncode == 0, done.stderr
        folder = runs / "tiny" / "nlu-all"
        numbers.append(json.loads((folder / "manifest.json").read_text())["numbers"])
        heads = load_file(folder / "heads.safetensors")
        weights.append(heads | load_file(folder / "model" / "model.safetensors"))
        assert not (folder / "best.safetensors").exists()
    for entry, due in zip(numbers[1]["history"], numbers[0]["history"], strict=True):
        assert entry == pytest.approx(due, abs=1e-3)
    for name, tensor in weights[0].items():
        if not name.endswith("key.bias"):
            assert (tensor - weights[1][name]).abs().max() < 1e-3, name

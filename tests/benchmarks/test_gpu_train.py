"""The benchmark of one GPU runs where there is torch and little else; its check of attention finds faults."""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from understudy.core.recipe.optimization import Optimization
from understudy.model import attention
from understudy.model.config import EncoderConfig

SMALL = EncoderConfig(vocabulary=100, layers=1, hidden=32, ffn=32, heads=2, max_length=64)
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

WITHOUT = """
import runpy, sys

absent = "pydantic daft sentencepiece onnxruntime onnx tokenizers transformers fastapi uvicorn yaml"
sys.modules.update(dict.fromkeys(absent.split()))  # to import one of them is an error
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(*arguments: object) -> list[dict]:
    command = [
        sys.executable,
        "-c",
        WITHOUT,
        BENCHMARKS / "gpu_train.py",
        "--device",
        "cpu",
        "--tiny",
        *arguments,
    ]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_a_model_where_only_torch_is_installed(tmp_path: Path) -> None:
    lines = run("--presets", "170m", "2.3b", "--checkpointing", "--profile", tmp_path)
    assert [line["preset"] for line in lines] == ["170m", "2.3b"]
    for line in lines:
        assert line["notes"] == [] and line["kernel"] == "padded" and line["checkpointing"]
        assert line["steps"] == 3 and line["tokens_per_step"] == 512
        seconds = line["tokens_per_step"] / line["tokens_per_second"]
        assert math.isclose(seconds, line["seconds_per_step"], rel_tol=0.02)
        assert math.isclose(line["mfu"], line["tflops"] / line["peak_tflops"], abs_tol=1e-3)
        assert all(6 < loss < 9 for loss in line["losses"])  # log 2000 is 7.6
        assert (tmp_path / f"{line['preset']}.json.gz").stat().st_size > 1000
        assert "aten::" in (tmp_path / f"{line['preset']}.txt").read_text()


def test_the_largest_model_is_the_one_that_the_plan_lets_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from gpu.largest import largest
    from gpu.trial import Trial

    trial = Trial(
        config=SMALL, device=torch.device("cpu"), kernel="padded", tokens=128, turns=1, compile=False,
        checkpointing=True,
    )  # fmt: skip
    line = largest(trial, 2.0 * 2**20, 100)
    assert line["layers"] == line["planned_layers"] > 2
    deeper = replace(trial, config=replace(SMALL, layers=line["layers"] + 1))
    assert deeper.plan() > 2.0 * 2**20


def test_settings_are_those_of_a_recipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from gpu.trial import SETTINGS

    Optimization(**vars(SETTINGS))


def test_micro_batches_have_one_shape_and_cover_every_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from gpu.micro_batches import Rows, micro_batches

    made = micro_batches(Rows(1024, 64), 500, 5, pinned=False)
    shapes = {tuple(x.shape for x in turn.inputs[:3]) for turn in made.turns}
    assert len(shapes) == 1
    assert 32 < made.length <= 64 and made.tokens == 1024
    for ids, positions, borders, *_ in (turn.inputs for turn in made.turns):
        assert len(ids) == 1024 == borders[-1]
        lengths = borders.diff()
        assert lengths.max() <= 64 and (lengths >= 0).all()
        assert (positions == 0).sum() == (lengths > 0).sum()


def test_padded_micro_batches_count_real_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from gpu.micro_batches import Rows, micro_batches

    made = micro_batches(Rows(1024, 64, padded=True), 500, 5, pinned=False)
    masks = [turn.inputs[1] for turn in made.turns]
    assert {mask.shape for mask in masks} == {(16, 64)}
    lengths = torch.stack(masks).sum(-1).double()
    assert made.tokens == pytest.approx(float(lengths.sum()) / 5) and made.tokens < 1024
    assert made.length == pytest.approx(float((lengths**2).sum() / lengths.sum()))


def test_what_fails_is_tried_again_smaller_or_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import gpu_train
    from gpu.trial import Trial

    tried: list[tuple[int, bool]] = []

    def run(self: Trial, steps: int, seconds: float, profile: Path | None) -> dict:
        tried.append((self.tokens, self.compile))
        if self.compile:
            raise RuntimeError("no compiler")
        if self.tokens > 1024:
            raise torch.OutOfMemoryError("too much")
        return {"tflops": 1.0}

    monkeypatch.setattr(Trial, "run", run)
    trial = Trial(
        config=SMALL, device=torch.device("cpu"), kernel="padded", tokens=4096, turns=1, compile=True,
        checkpointing=False,
    )  # fmt: skip
    options = argparse.Namespace(steps=1, profile=None)
    line = gpu_train.measured(trial, [], options, 100.0, "170m")
    assert tried == [(4096, True), (4096, False), (2048, False), (1024, False)]
    assert line["tokens"] == 1024 and not line["compile"] and line["tflops"] == 1.0
    assert line["notes"] == ["RuntimeError: no compiler", *["OutOfMemoryError: too much"] * 2]
    monkeypatch.setattr(Trial, "run", lambda *_: 1 / 0)
    assert gpu_train.measured(replace(trial, compile=False), [], options, 100.0, "170m")["failed"]


def test_a_kernel_that_is_wrong_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from gpu.kernel import working_kernel

    assert working_kernel(SMALL, torch.device("cpu")) == ("padded", [])
    right = attention.attention
    monkeypatch.setattr(
        attention, "attention", lambda q, k, v, bias, dropout: right(q, k, v, 0 * q[:, :1, :1, :1], dropout)
    )
    kernel, notes = working_kernel(SMALL, torch.device("cpu"))
    assert kernel == "plain" and "from the plain formula" in notes[0]

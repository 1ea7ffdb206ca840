"""Several students and teachers in sequence, in two processes as in one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.slow

RECIPE = Path(__file__).parent.parent / "e2e" / "tiny.yaml"
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1"}
ENCODER = {"layers": 1, "hidden": 16, "ffn": 32, "heads": 2, "max_length": 48, "dropout": 0}
BOTH: dict[str, Any] = {
    "stage": "distill",
    "teachers": [
        {"teacher": "teacher-1", "shards": "public-shards", "duration": {"steps": 4}},
        {"teacher": "teacher-2", "shards": "mixed-shards", "duration": {"steps": 4}},
    ],
    "students": {
        "a": {"encoder": ENCODER, "weights": "paper-b"},
        "b": {"encoder": ENCODER | {"hidden": 24}, "weights": {"relations": 1}},
    },
    "optimization": {"tokens_per_batch": 256, "precision": "fp32"},
    "checkpoint_every": 2,
}
BEFORE = ["world", "public-text", "mixed-text", "tokenizer", "public-shards", "mixed-shards",
          "teacher-1", "teacher-2"]  # fmt: skip


def test_two_processes_teach_what_one_teaches(tmp_path: Path) -> None:
    recipe = yaml.safe_load(RECIPE.read_text())
    recipe["steps"] |= {"one": BOTH, "two": BOTH}
    file, runs = tmp_path / "tiny.yaml", tmp_path / "runs"
    file.write_text(yaml.safe_dump(recipe))
    only = [word for step in [*BEFORE, "one"] for word in ("--only", step)]
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--module"]
    for command in (
        ["-m", "understudy", "run", file, "--runs", runs, *only],
        [*launcher, "understudy", "step", file, "two", "--runs", runs],
    ):
        done = subprocess.run(
            [sys.executable, *map(str, command)], capture_output=True, text=True, env=ENVIRONMENT, timeout=400
        )
        assert done.returncode == 0, done.stderr
    one, two = (
        json.loads((runs / "tiny" / name / "manifest.json").read_text())["numbers"] for name in ("one", "two")
    )
    for name in ("a", "b"):
        assert two["parts"][name]["perplexity"] == pytest.approx(one["parts"][name]["perplexity"], rel=1e-4)
        assert (runs / "tiny" / "two" / name / "model" / "model.safetensors").exists()

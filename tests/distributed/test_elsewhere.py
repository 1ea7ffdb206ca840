"""Models from elsewhere learn in two processes, layer by layer, as in one; what is tied is stored once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from safetensors.torch import load_file

from understudy.model.huggingface import load_model
from understudy.stages.runner import Run
from understudy.training.engines.layers import layers_of

pytestmark = pytest.mark.slow

TINY = Path(__file__).parent.parent / "e2e" / "tiny.yaml"
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1"}
LAUNCHER = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--module"]
BEFORE = ["world", "public-text", "theirs", "their-shards"]


@pytest.mark.parametrize("kind", ["bert", "modernbert"])
def test_two_processes_train_as_one(kind: str, elsewhere: Callable[[str], Path], tmp_path: Path) -> None:
    folder = shutil.copytree(elsewhere(kind), tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    still = {name: 0.0 for name, value in config.items() if "dropout" in name and isinstance(value, float)}
    (folder / "config.json").write_text(json.dumps(config | still))
    assert len(layers_of(load_model(folder))) == 2

    recipe = yaml.safe_load(TINY.read_text())
    train = {"stage": "pretrain", "from": "theirs", "shards": "their-shards", "duration": {"steps": 4}}
    train["optimization"] = {"tokens_per_batch": 256, "precision": "fp32"}
    recipe["steps"] |= {
        "theirs": {"stage": "pretrained", "path": str(folder)},
        "their-shards": {"stage": "encode", "text": "public-text", "tokenizer": "theirs", "max_length": 48},
        "one": train,
        "two": train | {"parallel": {"zero": 3, "activation_checkpointing": True}},
    }
    file, runs = tmp_path / "tiny.yaml", tmp_path / "runs"
    file.write_text(yaml.safe_dump(recipe))
    Run(file, runs).execute([*BEFORE, "one"], say=lambda _: None)
    words = [*LAUNCHER, "understudy", "step", str(file), "two", "--runs", str(runs)]
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, env=ENVIRONMENT, timeout=400, check=False
    )
    assert done.returncode == 0, done.stderr
    one, two, start = (
        load_file(runs / "tiny" / step / "model" / "model.safetensors") for step in ("one", "two", "theirs")
    )
    assert one.keys() == two.keys() == start.keys(), "a tied weight is stored once"
    assert max(float((one[name] - start[name]).abs().max()) for name in start) > 1e-4
    for name, tensor in one.items():
        if not name.endswith("key.bias"):  # has no gradient but rounding
            assert (tensor - two[name]).abs().max() < 1e-4, name

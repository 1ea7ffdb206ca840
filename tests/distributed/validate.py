"""One of several processes that validate the toy task together: FOLDER; run by ``test_validation.py``."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import torch

from understudy.core.artifact import Artifact, Manifest
from understudy.core.recipe.optimization import Parallel
from understudy.training.engines.choice import engine_for
from understudy.training.world import World


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    world = World.join(Parallel())
    spec = importlib.util.spec_from_file_location(
        "toy", Path(__file__).parent.parent / "training" / "conftest.py"
    )
    assert spec is not None and spec.loader is not None
    toy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(toy)
    if world.main:
        toy.write_shards(folder / "shards")
    world.wait()
    task = toy.masked_task(Artifact(folder / "shards", Manifest.model_construct()), dropout=0.0)
    task.tokens_at_once = (
        64  # of 24 rows, so that there are several batches, and not the same number for each
    )
    calls = 0
    encoder = task.model.encoder
    forward = encoder.forward

    def counted(*arguments):
        nonlocal calls
        calls += 1
        return forward(*arguments)

    encoder.forward = counted
    engine = engine_for(task.objective, toy.settings_of(), Parallel(zero=3), world)
    task.objective.eval()
    numbers = engine.evaluate(task.validate)
    (folder / f"rank-{world.rank}.json").write_text(json.dumps({"calls": calls, "numbers": numbers}))
    world.leave()


main(Path(sys.argv[1]))

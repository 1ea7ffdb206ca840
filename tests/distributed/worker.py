"""Trains the toy task in one of several processes and writes down what it saw; see ``conftest.train``."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from understudy.core.artifact import Artifact, Manifest
from understudy.core.recipe.optimization import Parallel
from understudy.objectives.packed import PackedMaskedLm
from understudy.training import loop
from understudy.training.checkpoint import Checkpoints, Progress
from understudy.training.engines import choice
from understudy.training.world import World

HERE = Path(__file__)


def toy() -> Any:
    """The toy task of the training room's tests."""
    spec = importlib.util.spec_from_file_location("toy", HERE.parent.parent / "training" / "conftest.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def local_bytes(tensors: Any) -> int:
    """Of this process's parts."""
    parts = [getattr(each, "_local_tensor", each) for each in tensors if each is not None]
    return sum(part.numel() * part.element_size() for part in parts)


def held(engine: Any) -> dict[str, int]:
    """Bytes of weights, gradients and moments, before a step."""
    if hasattr(engine, "engine"):  # DeepSpeed
        inner = engine.engine.optimizer.optimizer
        flat = engine._flat()
        moments = [value for state in inner.state.values() for value in state.values() if value.dim()]
        parts = [getattr(p, "ds_tensor", None) for p in engine.names.values()]
        return {
            "weights": local_bytes(engine.names.values()) + local_bytes(parts) + local_bytes(flat),
            "moments": local_bytes(moments),
        }
    moments = [value for state in engine.optimizer.state.values() for value in state.values() if value.dim()]
    return {
        "weights": local_bytes(engine.trained),
        "gradients": local_bytes(p.grad for p in engine.trained),
        "moments": local_bytes(moments),
    }


class Settled(Checkpoints):
    """Each checkpoint has its name before the next step, so that a stop some steps later finds it."""

    def save(self, progress: Progress) -> None:
        super().save(progress)
        self.settle()


def run_case(
    folder: Path,
    shards: Path,
    world: World,
    *,
    steps: int = 20,
    stop_after: int | None = None,
    start: str | None = None,
    parallel: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    packed: bool = False,
    **options: Any,
) -> None:
    """Train, from a copy of the checkpoints of the case ``start``; write losses, numbers and weights."""
    room = toy()
    folder.mkdir(exist_ok=True)
    if start is not None and world.main:
        shutil.copytree(folder.parent / start / "checkpoints", folder / "checkpoints")
    world.wait()
    seen: list[dict[str, float]] = []
    norms: list[float] = []
    bytes_held: dict[str, int] = {}

    def together(parts: dict[str, Tensor], here: World) -> dict[str, Tensor]:
        summed = real_together(parts, here)
        seen.append({name: float(value) for name, value in summed.items()})
        if len(seen) == stop_after:
            raise KeyboardInterrupt
        return summed

    def engine_for(*arguments: Any) -> Any:
        engine = choice.engine_for(*arguments)
        step = engine.step

        def measured(rate: float) -> float:
            if len(seen) == 5:
                bytes_held.update(held(engine))
            norms.append(step(rate))
            return norms[-1]

        engine.step = measured
        return engine

    real_together = loop.together
    loop.Checkpoints = Checkpoints if stop_after is None else Settled  # type: ignore[misc]
    loop.together, loop.engine_for, loop.LOG_EVERY = together, engine_for, 1  # type: ignore[assignment]
    task = room.masked_task(Artifact(shards, Manifest.model_construct()), dropout=0.0)
    if packed:
        task.objective = PackedMaskedLm(task.model)
    changes: dict[str, Any] = {"tokens_per_batch": 256, "tokens_per_device": 64} | (settings or {})
    optimization = room.settings_of(**changes)
    numbers: dict[str, Any] = {}
    try:
        numbers = room.run(
            task,
            folder,
            steps=steps,
            settings=optimization,
            world=world,
            parallel=Parallel(**(parallel or {})),
            rehearsed=True,
            **options,
        )
    except KeyboardInterrupt:
        world.wait()
    finally:
        loop.together = real_together
    state = task.objective.state_dict()
    if world.main and numbers:
        save_file({name: tensor.contiguous() for name, tensor in state.items()}, folder / "final.safetensors")
    results = {"losses": seen, "norms": norms, "numbers": numbers, "bytes": bytes_held}
    (folder / f"rank-{world.rank}.json").write_text(json.dumps(results))
    world.wait()


def main(folder: Path) -> None:
    """All cases of the folder, one after the other."""
    torch.set_num_threads(1)
    world = World.join(Parallel())
    shards = folder / "shards"
    if world.main:
        toy().write_shards(shards)
    world.wait()
    for name, case in json.loads((folder / "cases.json").read_text()).items():
        run_case(folder / name, shards, world, **case)
    world.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

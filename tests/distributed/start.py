"""One of two processes that begin a deferred model under an engine: FOLDER; run by ``test_start.py``."""

from __future__ import annotations

import json
import sys
import weakref
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.masked_lm import MaskedLm
from understudy.training.engines.choice import engine_for
from understudy.training.world import World

CONFIG = EncoderConfig(vocabulary=501, layers=12, hidden=48, ffn=96, heads=2, max_length=16)


class Memory(TorchDispatchMode):
    """The most bytes of tensors with memory that were alive at a time, of those made meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.alive: dict[int, int] = {}
        self.peak = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        if type(out) is Tensor and out.device.type != "meta":
            storage = out.untyped_storage()
            if storage.data_ptr() and storage._cdata not in self.alive:
                self.alive[storage._cdata] = storage.nbytes()
                weakref.finalize(storage, self.alive.pop, storage._cdata, None)
                self.peak = max(self.peak, sum(self.alive.values()))
        return out


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    world = World.join(Parallel())
    torch.manual_seed(7)
    with torch.device("meta"):
        model = MaskedLanguageModel(CONFIG)
    assert all(parameter.is_meta for parameter in model.parameters())
    settings = Optimization(precision="fp32")
    with Memory() as memory:
        engine = engine_for(MaskedLm(model), settings, Parallel(), world)
    held = sum(getattr(p, "to_local", lambda p=p: p)().nbytes for p in model.parameters())
    weights = engine.weights()
    if world.main:
        save_file(weights, folder / "whole.safetensors")
    numbers = {"held": held, "peak": memory.peak}
    (folder / f"rank-{world.rank}.json").write_text(json.dumps(numbers))
    world.leave()


main(Path(sys.argv[1]))

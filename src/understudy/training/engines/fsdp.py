"""PyTorch's FSDP2: every process holds a part of each weight, its gradient and its optimizer state.

What is held between steps is a part only, in every mode; the modes differ in what is whole during a step:

==== ============================== ======================================
zero whole weights                  whole gradients
==== ============================== ======================================
1    from the first turn to the last summed over a step's turns, then exchanged once
2    of a turn's forward and backward one layer's at a time
3    of one layer at a time          one layer's at a time
==== ============================== ======================================

With ``replicas`` each part is held by that many processes (hybrid sharding): weights are gathered among few
near ones, and gradients summed over the replicas once a step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar, cast

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch.distributed.fsdp import (
    FSDPModule,
    MixedPrecisionPolicy,
    fully_shard,
    register_fsdp_forward_method,
)
from torch.distributed.tensor import DTensor

from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.model.start import begin
from understudy.training.engine import DTYPES, autocast
from understudy.training.engines.layers import layers_of
from understudy.training.engines.scale import LossScale
from understudy.training.engines.state import SCALE, read_state, tensors_of, write_parts
from understudy.training.engines.whole import replace_weights
from understudy.training.optimizer import optimizer_for, set_rate
from understudy.training.world import World

T = TypeVar("T")
_CALL = "call_gathered"
"""A method of the module: calls a function while what is outside the layers is whole."""


class Fsdp:
    """See :class:`understudy.training.engine.Engine`.

    Weights are held in float32 and gathered in the precision of products; gradients are summed in float32.
    """

    def __init__(self, module: nn.Module, settings: Optimization, parallel: Parallel, world: World) -> None:
        self.settings, self.zero, self.world = settings, parallel.zero, world
        dtype = DTYPES[settings.precision]
        policy = MixedPrecisionPolicy(
            param_dtype=None if dtype == torch.float32 else dtype, reduce_dtype=torch.float32
        )
        mesh = _mesh(world, parallel.replicas)
        for layer in layers_of(module):
            fully_shard(layer, mesh=mesh, mp_policy=policy, reshard_after_forward=self.zero == 3)
        # What is outside the layers, the word embedding above all, is used at both ends of a pass.
        fully_shard(module, mesh=mesh, mp_policy=policy, reshard_after_forward=False)
        begin(module, world.device)  # now that each process knows its parts
        self.module = module
        setattr(module, _CALL, lambda function: function())
        register_fsdp_forward_method(module, _CALL)
        self.parts = [part for part in module.modules() if isinstance(part, FSDPModule)]
        for part in self.parts:
            # The loop divides by counts of all processes, so gradients are summed and never averaged.
            part.set_gradient_divide_factor(1.0)
            part.set_force_sum_reduction_for_comms(True)
        self.optimizer = optimizer_for(module, settings)
        self.trained = [p for group in self.optimizer.param_groups for p in group["params"]]
        self.scale = LossScale(settings.precision == "fp16")
        self.writers = dist.new_group(backend="gloo")

    def forward(self, inputs: Iterable[Tensor]) -> dict[str, Tensor]:
        """Weights are gathered on the way."""
        with autocast(self.settings, self.world.device):
            sums = self.module(*(each.to(self.world.device, non_blocking=True) for each in inputs))
        return cast(dict[str, Tensor], sums)

    def backward(self, loss: Tensor, *, last: bool) -> None:
        """Gradients are exchanged: of ZeRO 1 in the last turn only, and among replicas too."""
        root = self.parts[0]
        root.set_is_last_backward(last)
        root.set_reshard_after_backward(last or self.zero > 1)
        if self.zero == 1:
            root.set_requires_gradient_sync(last)
        else:
            root.set_requires_all_reduce(last)
        (loss * self.scale.value).backward()  # type: ignore[no-untyped-call]

    def discard(self) -> None:
        """Of this process's parts."""
        self.optimizer.zero_grad(set_to_none=True)

    @property
    def awaiting_moments(self) -> Sequence[Tensor]:
        """All that is trained, until the first step."""
        return () if self.optimizer.state else self.trained

    @property
    def loss_scale(self) -> float:
        """Halved by each overflow."""
        return self.scale.value

    def step(self, rate: float) -> float:
        """Every process updates its part."""
        set_rate(self.optimizer, rate)
        self.scale.divide(self.trained)
        whole = torch.nn.utils.clip_grad_norm_(self.trained, self.settings.clip)
        norm = float(whole.full_tensor() if isinstance(whole, DTensor) else whole)
        if math.isfinite(norm):
            self.optimizer.step()
        self.scale.update(finite=math.isfinite(norm))
        self.optimizer.zero_grad(set_to_none=True)
        return norm

    def evaluate(self, function: Callable[[], T]) -> T:
        """Gathers what is outside the layers for as long as it takes; each layer gathers its own."""
        try:
            return cast(T, getattr(self.module, _CALL)(function))
        finally:
            for part in self.parts:
                part.reshard()

    def save(self, folder: Path) -> Future[None]:
        """A file a process, written in the background."""
        tensors = self.module.state_dict() | tensors_of(self.module, self.optimizer)
        if self.scale.enabled:
            tensors[SCALE] = self.scale.state
        return write_parts(folder, tensors, self.writers)

    def load(self, folder: Path) -> None:
        """Every process reads what overlaps with its part."""
        scale = read_state(folder, self.module, self.optimizer)
        if scale is not None:
            self.scale.restore(scale)

    def weights(self) -> dict[str, Tensor]:
        """Gathered one at a time."""
        whole: dict[str, Tensor] = {}
        for name, part in self.module.state_dict().items():
            tensor = part.full_tensor().cpu()
            if self.world.main:
                whole[name] = tensor
        return whole

    def finish(self, weights: dict[str, Tensor] | None) -> None:
        """Process 0 has the whole module on its host."""
        replace_weights(self.module, weights or self.weights())


def _mesh(world: World, replicas: int) -> DeviceMesh:
    if replicas == 1:
        return init_device_mesh(world.device.type, (world.size,), mesh_dim_names=("shard",))
    shape = (replicas, world.size // replicas)
    return init_device_mesh(world.device.type, shape, mesh_dim_names=("replicate", "shard"))

"""What holds the weights while they are trained: this process alone, or sharded over several."""

from __future__ import annotations

import math
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, cast

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from understudy.core.recipe.optimization import Optimization
from understudy.model.huggingface import load_weights
from understudy.training.optimizer import optimizer_for
from understudy.training.world import World

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


class Engine(Protocol):
    """Forward, backward, step, and the state that a checkpoint holds."""

    def forward(self, inputs: Iterable[Tensor]) -> dict[str, Tensor]:
        """The objective's sums for one micro-batch, in the configured precision, on this device."""

    def backward(self, loss: Tensor, *, last: bool) -> None:
        """Add to the gradients; ``last``: of the step, so that processes exchange them now."""

    def step(self, rate: float) -> float:
        """Clip, update (unless a gradient is not finite) and clear; the gradients' norm before clipping."""

    def save(self, folder: Path) -> None:
        """Write weights and optimizer state; every process calls it."""

    def load(self, folder: Path) -> None:
        """Take up what :meth:`save` wrote.

        Raises:
            UserError: a file is missing or damaged.
            RuntimeError: it is of another module.
        """

    def weights(self) -> dict[str, Tensor]:
        """All weights, whole; every process calls it."""


class Alone:
    """One process that holds everything."""

    def __init__(self, module: nn.Module, settings: Optimization, world: World) -> None:
        self.module = module.to(world.device)
        self.settings, self.device = settings, world.device
        self.optimizer = optimizer_for(self.module, settings)
        self.trained = [p for group in self.optimizer.param_groups for p in group["params"]]
        # float16 has no room for small gradients: they are scaled up, and down again before the step.
        self.scaler = torch.amp.GradScaler(world.device.type, enabled=settings.precision == "fp16")

    def forward(self, inputs: Iterable[Tensor]) -> dict[str, Tensor]:
        """See :class:`Engine`."""
        with autocast(self.settings, self.device):
            sums = self.module(*(each.to(self.device, non_blocking=True) for each in inputs))
        return cast(dict[str, Tensor], sums)

    def backward(self, loss: Tensor, *, last: bool) -> None:
        """See :class:`Engine`."""
        del last
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]

    def step(self, rate: float) -> float:
        """See :class:`Engine`."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.scaler.unscale_(self.optimizer)
        norm = float(torch.nn.utils.clip_grad_norm_(self.trained, self.settings.clip))
        if math.isfinite(norm):
            self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        return norm

    def save(self, folder: Path) -> None:
        """See :class:`Engine`."""
        save_file(_copies(self.module.state_dict()), folder / "model.safetensors")
        tensors = {
            f"{parameter}.{key}": value
            for parameter, values in self.optimizer.state_dict()["state"].items()
            for key, value in values.items()
        }
        scale = {"scale": torch.tensor(self.scaler.get_scale())} if self.scaler.is_enabled() else {}
        save_file(_copies(tensors) | scale, folder / "optimizer.safetensors")

    def load(self, folder: Path) -> None:
        """See :class:`Engine`."""
        weights, tensors = (load_weights(folder / f"{name}.safetensors") for name in ("model", "optimizer"))
        self.module.load_state_dict(weights)
        scale = tensors.pop("scale", None)
        if scale is not None and self.scaler.is_enabled():
            self.scaler.update(float(scale))
        slots: dict[int, dict[str, Tensor]] = {}
        for name, tensor in tensors.items():
            parameter, key = name.split(".", 1)
            slots.setdefault(int(parameter), {})[key] = tensor
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": slots, "param_groups": groups})

    def weights(self) -> dict[str, Tensor]:
        """See :class:`Engine`."""
        return _copies(self.module.state_dict())


def autocast(settings: Optimization, device: torch.device) -> AbstractContextManager[object]:
    """Matrix products in the configured precision."""
    dtype = DTYPES[settings.precision]
    return torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32)


def _copies(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in tensors.items()}

"""One process that holds everything."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import torch
from torch import Tensor, nn

from understudy.model.start import begin
from understudy.training.engine import autocast
from understudy.training.engines.scale import LossScale
from understudy.training.engines.state import SCALE, read_state, tensors_of, write_whole
from understudy.training.optimizer import optimizer_for, set_rate
from understudy.training.world import World

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Optimization

T = TypeVar("T")


class Alone:
    """See :class:`understudy.training.engine.Engine`."""

    def __init__(self, module: nn.Module, settings: Optimization, world: World) -> None:
        begin(module, world.device)
        self.module = module.to(world.device)
        self.settings, self.device = settings, world.device
        self.optimizer = optimizer_for(self.module, settings)
        self.trained = [p for group in self.optimizer.param_groups for p in group["params"]]
        self.scale = LossScale(settings.precision == "fp16")

    def forward(self, inputs: Iterable[Tensor]) -> dict[str, Tensor]:
        """In autocast."""
        with autocast(self.settings, self.device):
            sums = self.module(*(each.to(self.device, non_blocking=True) for each in inputs))
        return cast(dict[str, Tensor], sums)

    def backward(self, loss: Tensor, *, last: bool) -> None:
        """Scaled, in float16."""
        del last
        (loss * self.scale.value).backward()  # type: ignore[no-untyped-call]

    def discard(self) -> None:
        """All of them."""
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
        """Clip, update and clear."""
        set_rate(self.optimizer, rate)
        self.scale.divide(self.trained)
        norm = float(torch.nn.utils.clip_grad_norm_(self.trained, self.settings.clip))
        if math.isfinite(norm):
            self.optimizer.step()
        self.scale.update(finite=math.isfinite(norm))
        self.optimizer.zero_grad(set_to_none=True)
        return norm

    def evaluate(self, function: Callable[[], T]) -> T:
        """Nothing to prepare."""
        return function()

    def save(self, folder: Path) -> Future[None]:
        """Two files, written at once."""
        scale = {SCALE: self.scale.state} if self.scale.enabled else {}
        return write_whole(folder, self.module.state_dict(), tensors_of(self.module, self.optimizer) | scale)

    def load(self, folder: Path) -> None:
        """Read in place."""
        scale = read_state(folder, self.module, self.optimizer)
        if scale is not None:
            self.scale.restore(scale)

    def weights(self) -> dict[str, Tensor]:
        """A copy."""
        return {
            name: tensor.detach().to("cpu", copy=True) for name, tensor in self.module.state_dict().items()
        }

    def finish(self, weights: dict[str, Tensor] | None) -> None:
        """The module was whole all along."""
        if weights is not None:
            self.module.load_state_dict(weights)

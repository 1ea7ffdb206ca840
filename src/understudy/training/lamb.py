"""LAMB (You et al. 2020, algorithm 2): Adam's step, rescaled to each matrix's own size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor


class Lamb(torch.optim.Optimizer):
    """With bias correction, the weight decay inside the rescaled update, and phi the identity.

    Our own: of the kept libraries, ``pytorch_optimizer`` applies the decay outside of the rescaling, and
    keeps the step count where a checkpoint of the state does not see it. A weight or update of norm 0 leaves
    the update as it is. Works on sharded tensors: norms are of the whole.
    """

    def __init__(
        self,
        params: Iterable[dict[str, Any]],
        lr: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step; a closure is refused."""
        if closure is not None:
            raise ValueError("no closure here")
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._update(weight, group)

    def _update(self, weight: Tensor, group: dict[str, Any]) -> None:
        (beta1, beta2), state = group["betas"], self.state[weight]
        if not state:
            state["step"] = torch.zeros((), dtype=torch.float32)
            state["exp_avg"], state["exp_avg_sq"] = torch.zeros_like(weight), torch.zeros_like(weight)
        state["step"] += 1
        step = float(state["step"])
        first = state["exp_avg"].lerp_(weight.grad, 1 - beta1)
        second = state["exp_avg_sq"].mul_(beta2).addcmul_(weight.grad, weight.grad, value=1 - beta2)
        update = (first / (1 - beta1**step)) / ((second / (1 - beta2**step)).sqrt() + group["eps"])
        update = update + group["weight_decay"] * weight
        size, length = torch.linalg.vector_norm(weight), torch.linalg.vector_norm(update)
        # Without a branch on its value, which would wait for the device.
        ratio = torch.where((size > 0) & (length > 0), size / length, torch.ones_like(size))
        weight.sub_(group["lr"] * ratio * update)

"""Optimizers of the papers, with weight decay on matrices only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from understudy.training.lamb import Lamb

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Optimization


FACTOR = "factor"
"""Of a group of parameters: what the step's rate is multiplied with."""


def optimizer_for(module: nn.Module, settings: Optimization) -> torch.optim.Optimizer:
    """The recipe's optimizer over what is to be trained; biases, norms and other vectors are not decayed.

    A module may have ``rate_factors()``: parameters, frozen for now or not, and factors of their rates.
    """
    factors: dict[nn.Parameter, float] = getattr(module, "rate_factors", dict)()
    trained = [p for p in module.parameters() if p.requires_grad or p in factors]
    groups: list[dict[str, Any]] = []
    for factor in dict.fromkeys(factors.get(p, 1.0) for p in trained):
        same = [p for p in trained if factors.get(p, 1.0) == factor]
        for decay, members in (
            (settings.weight_decay, [p for p in same if p.dim() >= 2]),
            (0.0, [p for p in same if p.dim() < 2]),
        ):
            groups.append({"params": members, "weight_decay": decay, FACTOR: factor})
    common: dict[str, Any] = {
        "lr": settings.learning_rate,
        "betas": settings.betas,
        "eps": settings.epsilon,
    }
    if settings.optimizer == "lamb":
        return Lamb(groups, **common)
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(groups, fused=True, **common)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """The rate of the next step, for each group times its factor."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get(FACTOR, 1.0)

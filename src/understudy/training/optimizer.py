"""Optimizers of the papers, with weight decay on matrices only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from understudy.training.lamb import Lamb

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Optimization


def optimizer_for(module: nn.Module, settings: Optimization) -> torch.optim.Optimizer:
    """The recipe's optimizer over what is to be trained; biases, norms and other vectors are not decayed."""
    trained = [parameter for parameter in module.parameters() if parameter.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [p for p in trained if p.dim() >= 2], "weight_decay": settings.weight_decay},
        {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0},
    ]
    common: dict[str, Any] = {
        "lr": settings.learning_rate,
        "betas": settings.betas,
        "eps": settings.epsilon,
    }
    if settings.optimizer == "lamb":
        return Lamb(groups, **common)
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(groups, fused=True, **common)

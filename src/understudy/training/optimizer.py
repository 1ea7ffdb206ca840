"""AdamW with weight decay on matrices only."""

from __future__ import annotations

import torch
from torch import nn

from understudy.core.recipe.model_steps import Optimization


def adamw(module: nn.Module, settings: Optimization) -> torch.optim.AdamW:
    """Torch's fused AdamW; biases, norms and other vectors are not decayed."""
    trained = [parameter for parameter in module.parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() >= 2], "weight_decay": settings.weight_decay},
        {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.learning_rate, betas=settings.betas, fused=True)

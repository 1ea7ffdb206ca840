"""Masked language modelling: Stage 1 from random weights, Stage 2 from another step's model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.recipe.model_steps import Pretrain
from understudy.core.stage import Inputs
from understudy.objectives.packed import masked_lm_for
from understudy.stages.masked import start_model, train_masked
from understudy.training.world import World


def run(config: Pretrain, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Train by MLM; the payload is ``model/``, a Hugging Face folder, and ``log.jsonl``."""
    model = start_model(config, inputs, later=True)
    objective = masked_lm_for(model, World.here(config.parallel).device)
    return train_masked(config, inputs, out, model=model, objective=objective)

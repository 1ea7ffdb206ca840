"""A smaller model from a larger one, through soft targets and hidden layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.recipe.distill_steps import Distill
from understudy.core.stage import Inputs
from understudy.model.cost import training_flops
from understudy.model.huggingface import load_model
from understudy.objectives.distillation import Distillation
from understudy.stages.masked import same_tokenizer, start_model, train_masked
from understudy.training.world import World


def run(config: Distill, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Distil; the payload is the student's ``model/`` and ``log.jsonl``."""
    student = start_model(config, inputs)
    teacher_folder = inputs.artifacts[config.teacher].file("model")
    same_tokenizer(teacher_folder, inputs.artifacts[config.shards].file("tokenizer"))
    teacher = load_model(teacher_folder).to(World.here(config.parallel).device)
    distillation = Distillation(
        student,
        teacher,
        weights=config.weights,
        temperature=config.temperature,
        layers=config.layers,
    )

    def operations(length: int) -> int:
        return training_flops(
            student.config,
            length,
            teacher=teacher.config,
            soft=config.weights.soft > 0,
            matched=len(distillation.match.layers) if distillation.match else 0,
        ).model

    return train_masked(config, inputs, out, model=student, objective=distillation, operations=operations)

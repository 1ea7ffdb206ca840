"""What every stage that trains does: a duration into steps, then the loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.recipe.distill_steps import Distill
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.recipe.model_steps import Pretrain
from understudy.training.loop import Task, train
from understudy.training.world import World


def fit(
    task: Task, config: Pretrain | Distill | Finetune, out: Path, *, examples: int, tokens: int
) -> dict[str, Any]:
    """Train as the config says, continuing from what a killed step left in ``out``.

    Args:
        task: what is trained.
        config: gives duration, optimization, seed and intervals.
        out: the step's folder.
        examples: rows in one pass over the data.
        tokens: real tokens in one pass.

    Returns:
        The loop's numbers, see :func:`understudy.training.loop.train`.
    """
    steps = config.duration.in_steps(steps_per_epoch=len(task.batches(0)), examples=examples, tokens=tokens)
    return train(
        task,
        steps=steps,
        settings=config.optimization,
        seed=config.seed,
        folder=out,
        label=out.name.strip(".").removesuffix(".partial"),
        validate_every=config.validate_every,
        checkpoint_every=config.checkpoint_every,
        until=config.duration.converged,
        trackers=config.trackers,
        about=config.model_dump(mode="json", by_alias=True),
        world=World.here(config.parallel),
        parallel=config.parallel,
    )

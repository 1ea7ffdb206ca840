"""What every stage that trains does: a duration into steps, the loop, and what is left when it is over."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from torch import nn

from understudy.core.recipe.classify_steps import Classify
from understudy.core.recipe.distill_steps import Phase
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.recipe.model_steps import Pretrain
from understudy.model.huggingface import load_weights
from understudy.training.keeping import BEST, kept_file
from understudy.training.loop import Task, train
from understudy.training.world import World


def fit(
    task: Task,
    config: Pretrain | Phase | Finetune | Classify,
    out: Path,
    *,
    examples: int,
    tokens: int,
    ends: Callable[[Sequence[Mapping[str, Any]]], bool] = lambda _: False,
) -> dict[str, Any]:
    """Train as the config says, continuing from what a killed step left in ``out``.

    Args:
        task: what is trained.
        config: gives duration, optimization, seed and intervals.
        out: the step's folder.
        examples: rows in one pass over the data.
        tokens: real tokens in one pass.
        ends: whether to end early, by all validations so far.

    Returns:
        The loop's numbers, see :func:`understudy.training.loop.train`.
    """
    steps = config.duration.in_steps(steps_per_epoch=len(task.batches(0)), examples=examples, tokens=tokens)
    label, world = out.name.strip(".").removesuffix(".partial"), World.here(config.parallel)
    warmup = config.optimization.warmup_steps
    if world.main and warmup is not None and warmup >= steps:
        print(f"{label}: the warm-up of {warmup:,} steps outlasts all {steps:,} of training", file=sys.stderr)
    return train(
        task,
        steps=steps,
        settings=config.optimization,
        seed=config.seed,
        folder=out,
        label=label,
        validate_every=config.validate_every,
        checkpoint_every=config.checkpoint_every,
        until=config.duration.converged,
        ends=ends,
        keep=getattr(config, "keep", None),
        trackers=config.trackers,
        about=config.model_dump(mode="json", by_alias=True),
        world=world,
        parallel=config.parallel,
    )


def save_all(objective: nn.Module, out: Path, numbers: dict[str, Any], save: Callable[[Path], None]) -> None:
    """Save what was trained, and the states that were put aside, each in a folder of its name.

    Args:
        objective: whose weights are the ones to hand on.
        out: the step's folder.
        numbers: of :func:`fit`.
        save: writes the models, as they are now, into a folder.
    """
    save(out)
    if not numbers["kept"]:
        return
    handed_on = {name: tensor.clone() for name, tensor in objective.state_dict().items()}
    for kept in numbers["kept"]:
        objective.load_state_dict(load_weights(kept_file(out, kept["name"])))
        save(out / kept["name"])
    objective.load_state_dict(handed_on)


def remove_traces(out: Path, numbers: dict[str, Any]) -> None:
    """Remove what only a killed step needs; its checkpoints first, since they count on the rest."""
    shutil.rmtree(out / "checkpoints", ignore_errors=True)
    for name in (BEST, *(kept["name"] for kept in numbers["kept"])):
        kept_file(out, name).unlink(missing_ok=True)


def handed_on(config: Pretrain | Phase, numbers: dict[str, Any]) -> dict[str, Any]:
    """The validation of the weights that are handed on: the last, or the best."""
    history: list[dict[str, Any]] = numbers["history"]
    return min(history, key=lambda entry: float(entry["perplexity"])) if config.keep.best else history[-1]

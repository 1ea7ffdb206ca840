"""Weights put aside while training goes on: the best so far, and every so many steps or examples."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors.torch import save_file
from torch import Tensor

from understudy.training.convergence import PERPLEXITY, SCORE

if TYPE_CHECKING:
    from understudy.core.recipe.watching import Every
    from understudy.training.checkpoint import Progress
    from understudy.training.engine import Engine
    from understudy.training.world import World

BEST = "best"


def kept_file(folder: Path, name: str) -> Path:
    """Where the weights of that name are until the training is over."""
    return folder / f"{name}.safetensors"


def put_aside(folder: Path, engine: Engine, world: World, name: str) -> None:
    """Write all weights of what is trained, whole or not at all; every process calls this."""
    weights: dict[str, Tensor] = engine.weights()
    if world.main:
        file = kept_file(folder, name)
        temporary = file.with_name(f".{file.name}.tmp")
        save_file(weights, temporary)
        temporary.replace(file)
    world.wait()


def name_due(at: Progress, examples_before: int, every: Every | None) -> str | None:
    """The name of the weights to put aside after this step, ``examples-80000000`` or ``steps-500``.

    The first step at or beyond a multiple counts; its own numbers stand in the manifest.

    Args:
        at: after the step.
        examples_before: rows read before it.
    """
    if every is None:
        return None
    if every.steps is not None:
        return f"steps-{at.step}" if at.step % every.steps == 0 else None
    assert every.examples is not None
    times = at.examples // every.examples
    return f"examples-{times * every.examples}" if times > examples_before // every.examples else None


def score_of(numbers: Mapping[str, Any], *, best: bool) -> float | None:
    """What says which weights are best, higher being better; none: the last are handed on.

    Args:
        numbers: of a validation.
        best: the recipe asks for the lowest perplexity, where there is no score.
    """
    if SCORE in numbers:
        return float(numbers[SCORE])
    return -float(numbers[PERPLEXITY]) if best and PERPLEXITY in numbers else None

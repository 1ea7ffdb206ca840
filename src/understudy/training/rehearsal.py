"""The largest batch goes first, to no effect: memory that will not do shows before hours of training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch

from understudy.core.errors import UserError
from understudy.objectives.losses import Objective
from understudy.training.batches import Batch
from understudy.training.engine import Engine
from understudy.training.gradients import gradients
from understudy.training.loader import Loader
from understudy.training.world import World

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Optimization

_WIDTH = 300
"""Attending to so many positions takes about the memory of the rest of a layer (heads of 64)."""
_MOMENTS = 2
"""Of Adam, AdamW and LAMB: tensors as large as the weights."""


def largest(batches: Sequence[Batch]) -> Batch:
    """The batch that takes the most memory: positions, and for each those it attends to."""
    return max(batches, key=lambda batch: len(batch.rows) * batch.length * (_WIDTH + batch.length))


def rehearse(
    objective: Objective,
    engine: Engine,
    batches: Sequence[Batch],
    epoch: int,
    loader: Loader,
    settings: Optimization,
    world: World,
) -> None:
    """Forward and backward pass of the largest batch; gradients are dropped, generators put back.

    On a GPU room is kept meanwhile for the moments of the optimizer, which come with the first step.

    Raises:
        UserError: the memory does not suffice.
    """
    batch = largest(batches)
    generator = torch.get_rng_state()
    cuda = torch.cuda.get_rng_state(world.device) if world.device.type == "cuda" else None
    try:
        moments = [torch.empty_like(each) for each in engine.awaiting_moments for _ in range(_MOMENTS)]
        gradients(objective, engine, loader.turns(batch, epoch), world, {})
        del moments
    except RuntimeError as error:  # torch.OutOfMemoryError is one; that of the CPU has no type of its own
        if not is_out_of_memory(error):
            raise
        raise UserError(_advice(batch, settings, world), place="optimization.tokens_per_device") from None
    finally:
        engine.discard()
        torch.set_rng_state(generator)
        if cuda is not None:
            torch.cuda.set_rng_state(cuda, world.device)


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether torch found no memory, on whatever device."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _advice(batch: Batch, settings: Optimization, world: World) -> str:
    limit = settings.tokens_per_device
    at_once = limit or settings.tokens_per_batch // world.size
    half = max(64, batch.length, at_once // 2)
    if half >= at_once:
        remedy = "even one row is too much: lower max_length, or train a smaller encoder or on more devices"
    elif limit:
        remedy = f"lower it from {limit} to {half}"
    else:
        remedy = f"set it to {half}, so that a step's {at_once} positions are worked on in turns"
    problem = f"rows of {batch.length} pieces, the largest batch, do not fit the memory of {world.device}"
    return f"{problem}; {remedy}"

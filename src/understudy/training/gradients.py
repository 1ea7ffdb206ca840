"""A step's gradients, summed over micro-batches and processes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from understudy.objectives.losses import Losses, Objective, losses
from understudy.training.engine import Engine
from understudy.training.loader import Turn
from understudy.training.world import World


def gradients(
    objective: Objective, engine: Engine, turns: Sequence[Turn], world: World, votes: Mapping[str, float]
) -> tuple[Losses, dict[str, float]]:
    """Add a step's gradients up over this process's turns.

    Every sum is divided by the number of its valid positions in the whole step, over all turns of all
    processes: the mean of means of unequal parts would not be the mean. A part that is not finite makes
    every gradient that hangs on it so, on every process, which leads all of them to leave the step out.

    Args:
        votes: numbers to be summed over the processes on the same way.

    Returns:
        The parts of the loss, as this process's share, and the summed votes.
    """
    mine = dict.fromkeys(objective.weights, 0.0)
    for turn in turns:
        for name, count in objective.counts(*turn.inputs).items():
            mine[name] += count * turn.counted
    summed = world.sums(mine | dict(votes))
    counts = {name: round(summed[name]) for name in mine}
    total = torch.zeros(())
    parts: dict[str, Tensor] = {}
    for number, turn in enumerate(turns, start=1):
        sums = {
            name: _finite_or_nan(part * turn.counted) for name, part in engine.forward(turn.inputs).items()
        }
        mean = losses(sums, counts, objective.weights)
        engine.backward(mean.total, last=number == len(turns))
        total = mean.total.detach()
        parts = {name: part + parts[name] if parts else part for name, part in mean.parts.items()}
    return Losses(total, parts), {name: summed[name] for name in votes}


def _finite_or_nan(part: Tensor) -> Tensor:
    """The same where it is finite; no branch on its value, which would wait for the device.

    Part by part, since of several students one may be left out while the others go on.
    """
    return part * torch.where(torch.isfinite(part), 1.0, torch.nan)

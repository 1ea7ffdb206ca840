"""What every objective returns, how sums become a loss, and the cross-entropy they share.

An objective returns sums, not means. The loop divides each by the number of valid positions of the whole
step, over micro-batches and ranks, so a step's gradient does not hang on how its rows were dealt out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from understudy.utterances.tags import IGNORED

IGNORE = IGNORED
"""The label of positions that no loss counts."""


class Objective(Protocol):
    """A module that turns a batch into the parts of a loss."""

    @property
    def weights(self) -> Mapping[str, float]:
        """The weight of each part in the loss."""

    @property
    def __call__(self) -> Callable[..., dict[str, Tensor]]:
        """``(*inputs)`` to part -> scalar, summed over the part's valid positions."""

    @property
    def counts(self) -> Callable[..., dict[str, int]]:
        """``(*inputs)`` to part -> how many positions its sum is over."""


@dataclass
class Losses:
    """The loss of a step, and its parts."""

    total: Tensor
    """Scalar to differentiate: the weighted sum of the parts' means."""
    parts: dict[str, Tensor]
    """Each part's mean, detached."""


def losses(sums: Mapping[str, Tensor], counts: Mapping[str, int], weights: Mapping[str, float]) -> Losses:
    """Sums of a batch to its loss, each divided by its count (by 1 where nothing counts)."""
    means = {name: total / max(1, counts[name]) for name, total in sums.items()}
    weighted = [weights[name] * mean for name, mean in means.items()]
    return Losses(torch.stack(weighted).sum(), {name: mean.detach() for name, mean in means.items()})


def mean_losses(objective: Objective, *inputs: Tensor) -> Losses:
    """The loss of one batch by itself."""
    return losses(objective(*inputs), objective.counts(*inputs), objective.weights)


def summed_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Sum over the labels that are not ``IGNORE``, at least in float32; 0 where there is none.

    Args:
        logits: (N, classes).
        labels: (N,).
    """
    return F.cross_entropy(at_least_float32(logits), labels, ignore_index=IGNORE, reduction="sum")


def soft_cross_entropy(student: Tensor, teacher: Tensor, valid: Tensor, temperature: float) -> Tensor:
    """-sum_v softmax(t / T)_v log softmax(s / T)_v, times T^2, summed over the valid positions.

    T^2 keeps the gradient's size independent of T. Computed at least in float32.

    Args:
        student, teacher: (N, V) scores.
        valid: (N,) boolean.
    """
    log_student = F.log_softmax(at_least_float32(student) / temperature, dim=-1)
    target = F.softmax(at_least_float32(teacher) / temperature, dim=-1)
    per_position = -(target * log_student).sum(-1)
    return temperature**2 * (per_position * valid).sum()


def count_labels(labels: Tensor) -> int:
    """How many labels are not ``IGNORE``."""
    return int((labels != IGNORE).sum())


def at_least_float32(x: Tensor) -> Tensor:
    """Half precision made float32, anything wider as it is."""
    return x.to(torch.promote_types(x.dtype, torch.float32))

"""Lessons read from disk instead of asked: a teacher's likeliest pieces, and states of some layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import IGNORE, at_least_float32
from understudy.objectives.matching import Projected
from understudy.objectives.output import masked_logsumexp

_LEAST = 1e-7
"""Of a share of probability whose logarithm is taken."""


def top_cross_entropy(ours: Tensor, logs: Tensor, valid: Tensor, temperature: float) -> Tensor:
    """Soft cross-entropy with the likeliest pieces and one class for all others, times T^2, summed.

    With k = V it is :func:`.losses.soft_cross_entropy`; with fewer it is that of a coarser choice.

    Args:
        ours, logs: (N, k) the student's and the teacher's log probabilities of those at this temperature.
        valid: (N,) boolean.
    """
    shares = at_least_float32(logs).exp()
    rest = (1 - shares.sum(-1)).clamp(min=0)
    others = (1 - ours.exp().sum(-1)).clamp(min=_LEAST).log()
    each = -(shares * ours).sum(-1) - rest * others
    return temperature**2 * torch.where(valid, each, 0.0).sum()


@dataclass
class Written:
    """The lesson about a batch, as it stands on disk."""

    states: Mapping[int, Tensor]
    valid: Tensor
    top: Tensor
    logs: Tensor
    projected: dict[int, Projected] = field(default_factory=dict)

    def places(self, state: Tensor) -> Tensor:
        """The same."""
        return state

    def cross_entropies(
        self,
        student: MaskedLanguageModel,
        hidden: Tensor,
        selected: Tensor,
        labels: Tensor,
        temperature: float,
    ) -> tuple[Tensor, Tensor]:
        """At the selected positions, which are those that were written down."""
        valid = labels != IGNORE
        picks = torch.cat([labels[:, None], self.top], dim=1)
        normaliser, picked = masked_logsumexp(student, hidden, selected, picks, 1.0)
        hard = torch.where(valid, normaliser - picked[:, 0], 0.0).sum()
        if temperature != 1:
            normaliser, picked = masked_logsumexp(student, hidden, selected, picks, temperature)
        ours = picked[:, 1:] - normaliser[:, None]
        return hard, top_cross_entropy(ours, self.logs, valid, temperature)


class WrittenTeacher:
    """A teacher whose words were written down.

    The task gives ``(top, logs, *states)``: (N, k) twice, and (B, L, H) of each layer that is there.
    """

    def __init__(self, layers: int, hidden: int, written: Sequence[int]) -> None:
        self.layers, self.hidden, self.written = layers, hidden, tuple(written)

    def want(self, states: set[int], projected: set[int]) -> None:
        """Refuse what was not written.

        Raises:
            UserError: a layer is not there, or attention relations are wanted.
        """
        if projected:
            raise UserError(
                "attention relations are not written down; drop it, or ask the teacher", place="targets"
            )
        if missing := sorted(states - set(self.written)):
            there = f"layers {', '.join(map(str, self.written))}" if self.written else "no layer"
            wanted = ", ".join(map(str, missing))
            raise UserError(
                f"hold the states of {there}, and the map wants {wanted}; name it in 'hidden' there",
                place="targets",
            )

    def __call__(self, ids: Tensor, mask: Tensor, selected: Tensor, *given: Tensor) -> Written:
        """What stands there."""
        del ids, selected
        top, logs, *states = given
        return Written(dict(zip(self.written, states, strict=True)), mask, top, logs)

    def places(self, mask: Tensor, *given: Tensor) -> int:
        """Real pieces."""
        del given
        return int(mask.sum())

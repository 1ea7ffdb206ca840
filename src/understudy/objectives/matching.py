"""A student's inside beside its teacher's: hidden states (paper A 2.6), attention relations (MiniLMv2)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.objectives.losses import at_least_float32

Projected = tuple[Tensor, Tensor, Tensor]
"""Queries, keys and values of a layer, (B, L, H) each."""


def layer_map(student: int, teacher: int, given: Mapping[int, int] | None = None) -> dict[int, int]:
    """Student layer -> teacher layer, both counted from 0.

    Without ``given``, evenly spaced with last to last: 4 and 16 layers give 0 1 2 3 -> 3 7 11 15 (paper A).

    Raises:
        UserError: a layer that does not exist, or none at all.
    """
    if given is None:
        # The first layers of a student deeper than its teacher all learn the teacher's first.
        return {layer: max(1, (layer + 1) * teacher // student) - 1 for layer in range(student)}
    if not given:
        raise UserError("names no layer; leave it out for evenly spaced ones", place="layers")
    for mine, theirs in given.items():
        _check_layer("student", mine, student, "layers")
        _check_layer("teacher", theirs, teacher, "layers")
    return dict(given)


def _check_layer(whose: str, layer: int, layers: int, place: str) -> None:
    if not 0 <= layer < layers:
        raise UserError(f"the {whose} has no layer {layer}; it has 0 to {layers - 1}", place=place)


class HiddenMatch(nn.Module):
    """Mean squared distance of mapped layers, each state normalised to zero mean and unit variance.

    The residual stream of a pre-layernorm encoder grows from layer to layer; without normalisation the
    last layer's scale alone would set the loss. A learned projection joins different widths.
    """

    def __init__(self, student_hidden: int, teacher_hidden: int, layers: Mapping[int, int]) -> None:
        super().__init__()
        self.layers = dict(layers)
        same = student_hidden == teacher_hidden
        self.projections = nn.ModuleList(
            nn.Identity() if same else nn.Linear(student_hidden, teacher_hidden) for _ in layers
        )

    def forward(self, student: Mapping[int, Tensor], teacher: Mapping[int, Tensor], valid: Tensor) -> Tensor:
        """Mean over layers and dimensions, summed over valid positions, at least in float32.

        All positions are computed, of which few are not valid: on a CPU few shapes are worth more.

        Args:
            student, teacher: by layer (..., H).
            valid: (...) nonzero where a position counts.
        """
        total = torch.zeros((), device=valid.device)
        for (mine, theirs), projection in zip(self.layers.items(), self.projections, strict=True):
            ours = at_least_float32(projection(_normalised(student[mine])))
            distances = (ours - _normalised(teacher[theirs])).square().mean(-1)
            total = total + torch.where(valid.bool(), distances, 0.0).sum()
        return total / len(self.layers)


class RelationMatch(nn.Module):
    """Kullback-Leibler divergence of attention relations (MiniLMv2, Wang et al. 2021, 3.1-3.2).

    The queries of all heads are laid side by side and cut into relation heads anew, so the models' own heads
    need not agree in number. A relation is the softmax over j of q_i q_j / sqrt(d); keys and values alike.

    Raises:
        UserError: a layer that does not exist, or relation heads that do not divide a width.
    """

    def __init__(
        self, student: tuple[int, int], teacher: tuple[int, int], layers: tuple[int, int], heads: int
    ):
        """``student`` and ``teacher``: layers and width; ``layers``: which one of either."""
        super().__init__()
        for whose, (count, width), layer in zip(
            ("student", "teacher"), (student, teacher), layers, strict=True
        ):
            _check_layer(whose, layer, count, f"relations.{whose}")
            if width % heads:
                raise UserError(
                    f"{heads} relation heads do not divide the {whose}'s width {width}",
                    place="relations.heads",
                )
        self.student, self.teacher = layers
        self.heads = heads

    def forward(self, student: Projected, teacher: Projected, mask: Tensor) -> Tensor:
        """Mean over the three relations and their heads, summed over real positions.

        Args:
            student, teacher: queries, keys and values, (B, L, H) each.
            mask: (B, L), nonzero at real pieces.
        """
        total = torch.zeros((), device=mask.device)
        real = mask.bool()
        for ours, theirs in zip(student, teacher, strict=True):
            target, guess = self._log_relation(theirs, real), self._log_relation(ours, real)
            # Padding as a key has no share in either, and a difference that is not a number.
            terms = torch.where(real[:, None, None, :], target.exp() * (target - guess), 0.0)
            total = total + torch.where(real[:, None, :], terms.sum(-1), 0.0).sum()
        return total / (3 * self.heads)

    def _log_relation(self, x: Tensor, real: Tensor) -> Tensor:
        """(B, heads, L, L) log probabilities over the last."""
        batch, length, _ = x.shape
        split = at_least_float32(x).reshape(batch, length, self.heads, -1).transpose(1, 2)
        split = split / split.shape[-1] ** 0.25  # before the product, where it can't outgrow its precision
        with torch.autocast(x.device.type, enabled=False):
            scores = split @ split.transpose(-1, -2)
        return F.log_softmax(scores.masked_fill(~real[:, None, None, :], float("-inf")), dim=-1)


def _normalised(x: Tensor) -> Tensor:
    return F.layer_norm(at_least_float32(x), x.shape[-1:])

"""A student of the task learns the distributions of a fine-tuned teacher: intents, domains and tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.model.crf import Crf
from understudy.model.nlu import NluModel
from understudy.objectives.losses import at_least_float32, soft_cross_entropy
from understudy.objectives.nlu import JointNlu
from understudy.objectives.output import NON_FINITE
from understudy.utterances.tags import LabelSet

NOWHERE = -1
"""The teacher's place of a unit that it does not see."""
TAUGHT = "_taught"
"""Behind a head's name: what it learns from the teacher."""


class TaskTeacher:
    """A frozen fine-tuned model that gives log probabilities over a student's labels.

    Labels go by their names. What the teacher alone knows is left out and the rest made to sum to 1 again;
    what it does not know it holds for impossible.

    Raises:
        UserError: teacher and student have no head, or under one no label, in common.
    """

    def __init__(self, model: NluModel, student: NluModel) -> None:
        self.model = model.eval().requires_grad_(False)
        self.heads = [name for name in student.heads if name in model.heads]
        if not self.heads:
            raise UserError(
                f"the teacher has the heads {', '.join(model.heads)}, and the student none of them"
            )
        self._columns = {
            name: _columns(_names(model.labels, name), _names(student.labels, name), name)
            for name in self.heads
        }

    def __call__(self, ids: Tensor, mask: Tensor, places: Tensor) -> dict[str, Tensor]:
        """By head (B, classes), slots (B, U, tags); -inf for what the teacher does not know.

        Args:
            ids, mask: (B, L) in the teacher's pieces.
            places: (B, U) of each unit in them, or :data:`NOWHERE`.

        Raises:
            UserError: a score is not finite.
        """
        seen = places != NOWHERE
        model = self.model.to(ids.device)
        with torch.inference_mode():
            scores = model(ids, mask, places.clamp(min=0))
        told: dict[str, Tensor] = {}
        for name in self.heads:
            raw = at_least_float32(scores[name].clone())
            if not torch.isfinite(raw).all():
                raise UserError(NON_FINITE, place="taught.model")
            if name == "slots" and model.crf is not None:
                # Units that are seen stand first where tokenizers agree; elsewhere a gap breaks the chain.
                whole = seen.long().cumprod(1).bool()
                marginals = model.crf.marginals(raw, whole).clamp(min=1e-30).log()
                logs = torch.where(whole[..., None], marginals, F.log_softmax(raw, -1))
            else:
                logs = F.log_softmax(raw, -1)
            columns = self._columns[name].to(ids.device)
            known = logs[..., columns.clamp(min=0)].masked_fill(columns < 0, float("-inf"))
            told[name] = F.log_softmax(known, -1)
        return told


class TaughtNlu(nn.Module):
    """:class:`.nlu.JointNlu`, and beside each head's part what the teacher says of all utterances.

    A student's CRF learns the teacher's best path, as a likelihood; every other head its distribution.

    Args:
        weights: ``hard``, and of each head.
        temperature: of the distributions.
    """

    def __init__(
        self, joint: JointNlu, teacher: TaskTeacher, weights: Mapping[str, float], temperature: float
    ) -> None:
        super().__init__()
        self.joint, self.temperature = joint, temperature
        self._teacher = [teacher]
        self.heads = [name for name in teacher.heads if weights[name]]
        hard = {name: weight * weights["hard"] for name, weight in joint.weights.items()}
        soft = {name + TAUGHT: joint.weights[name] * weights[name] for name in self.heads}
        self.weights = hard | soft
        # Without weights: what BIO forbids is all that it knows.
        self._paths = [Crf(joint.model.labels.tags)] if joint.model.crf is not None else []
        self._scores: dict[str, Tensor] = {}
        joint.model.register_forward_hook(self._note)

    def rate_factors(self) -> dict[nn.Parameter, float]:
        """As of :class:`.nlu.JointNlu`."""
        return self.joint.rate_factors()

    def forward(self, *inputs: Tensor) -> dict[str, Tensor]:
        """Sums of each part.

        Args:
            inputs: those of :class:`.nlu.JointNlu`, then ids, mask and places of :class:`TaskTeacher`.
        """
        ids, (theirs, their_mask, their_places) = inputs[0], inputs[6:]
        told = self._teacher[0](theirs, their_mask, their_places)
        sums: dict[str, Tensor] = self.joint(*inputs[:6])
        seen = their_places != NOWHERE
        for name in self.heads:
            # Where R-Drop passes twice, the first pass.
            ours = self._scores[name][: len(ids)]
            if name == "slots" and self.joint.model.crf is not None:
                chain = _unbroken(seen)
                path = self._paths[0].to(ids.device).best_paths(told[name].clamp(min=-1e4), chain)
                sums[name + TAUGHT] = self.joint.model.crf.negative_log_likelihood(ours, path, chain).sum()
            else:
                valid = seen.flatten() if name == "slots" else ids.new_ones(len(ids), dtype=torch.bool)
                classes = ours.shape[-1]
                sums[name + TAUGHT] = soft_cross_entropy(
                    ours.reshape(-1, classes), told[name].reshape(-1, classes), valid, self.temperature
                )
        self._scores = {}
        return sums

    def counts(self, *inputs: Tensor) -> dict[str, int]:
        """Labelled utterances and pieces; all utterances, and the units that the teacher sees."""
        counts = self.joint.counts(*inputs[:6])
        seen = inputs[8] != NOWHERE
        if self._paths:
            seen = _unbroken(seen)
        for name in self.heads:
            counts[name + TAUGHT] = int(seen.sum()) if name == "slots" else len(inputs[0])
        return counts

    def _note(self, _module: nn.Module, _inputs: Any, output: dict[str, Tensor]) -> None:
        self._scores = output


def _unbroken(seen: Tensor) -> Tensor:
    """(B, U) the units that are seen before the first that is not."""
    return seen.long().cumprod(1).bool()


def _names(labels: LabelSet, head: str) -> Sequence[str]:
    return {"intent": labels.intents, "domain": labels.domains, "slots": labels.tags}[head]


def _columns(teacher: Sequence[str], student: Sequence[str], head: str) -> Tensor:
    """For each of the student's labels its number with the teacher, or -1."""
    number_of = {name: number for number, name in enumerate(teacher)}
    columns = [number_of.get(name, -1) for name in student]
    if max(columns, default=-1) < (1 if head == "slots" else 0):
        raise UserError(
            f"the teacher's {head} labels and the student's have none in common", place="taught.model"
        )
    return torch.tensor(columns)

"""A student learns a teacher's outputs and hidden states (paper A 2.6, B A.3)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.core.recipe.distill_steps import LossWeights
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import IGNORE, at_least_float32, count_labels, summed_cross_entropy
from understudy.objectives.masked_lm import masked_logits


def layer_map(student: int, teacher: int, given: dict[int, int] | None = None) -> dict[int, int]:
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
        if not 0 <= mine < student:
            raise UserError(f"the student has no layer {mine}; it has 0 to {student - 1}", place="layers")
        if not 0 <= theirs < teacher:
            raise UserError(f"the teacher has no layer {theirs}; it has 0 to {teacher - 1}", place="layers")
    return given


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


class HiddenMatch(nn.Module):
    """Mean squared distance of mapped layers, each state normalised to zero mean and unit variance.

    The residual stream of a pre-layernorm encoder grows from layer to layer; without normalisation the
    last layer's scale alone would set the loss. A learned projection joins different widths.
    """

    def __init__(self, student_hidden: int, teacher_hidden: int, layers: dict[int, int]) -> None:
        super().__init__()
        self.layers = layers
        same = student_hidden == teacher_hidden
        self.projections = nn.ModuleList(
            nn.Identity() if same else nn.Linear(student_hidden, teacher_hidden) for _ in layers
        )

    def forward(self, student: list[Tensor], teacher: list[Tensor], mask: Tensor) -> Tensor:
        """Mean over layers and dimensions, summed over real positions, at least in float32.

        Args:
            student, teacher: (B, L, H) of each layer.
            mask: (B, L), nonzero at real pieces.
        """
        real = mask.bool()
        total = torch.zeros((), device=mask.device)
        for (mine, theirs), projection in zip(self.layers.items(), self.projections, strict=True):
            ours = projection(_normalised(student[mine][real]))
            target = _normalised(teacher[theirs][real])
            total = total + (at_least_float32(ours) - target).square().mean(-1).sum()
        return total / len(self.layers)


def _normalised(x: Tensor) -> Tensor:
    return F.layer_norm(at_least_float32(x), x.shape[-1:])


class Distillation(nn.Module):
    """Student, the projections that are trained with it, and the frozen teacher.

    Raises:
        UserError: the two differ in vocabulary, the teacher reads shorter texts than the student, a layer
            does not exist, or every weight is 0.
    """

    def __init__(
        self,
        student: MaskedLanguageModel,
        teacher: MaskedLanguageModel,
        *,
        weights: LossWeights,
        temperature: float,
        layers: dict[int, int] | None,
    ) -> None:
        super().__init__()
        if student.config.vocabulary != teacher.config.vocabulary:
            raise UserError(
                f"the student has {student.config.vocabulary} pieces and the teacher "
                f"{teacher.config.vocabulary}; soft targets need one tokenizer",
                place="teacher",
            )
        if student.config.max_length > teacher.config.max_length:
            raise UserError(
                f"the student reads {student.config.max_length} pieces and the teacher only "
                f"{teacher.config.max_length}; give the student that encoder.max_length",
                place="teacher",
            )
        if not (weights.mlm or weights.soft or weights.hidden):
            raise UserError("every weight is 0, so nothing would be learned", place="weights")
        self.student = student
        # A list hides the teacher from parameters(), state_dict() and train().
        self._teacher = [teacher.eval().requires_grad_(False)]
        self.temperature = temperature
        self.weights = {name: weight for name, weight in weights if weight}
        mapping = layer_map(student.config.layers, teacher.config.layers, layers)
        self.match = (
            HiddenMatch(student.config.hidden, teacher.config.hidden, mapping) if weights.hidden else None
        )

    def forward(self, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """Sums of the parts whose weight is not 0; shapes as in :class:`.masked_lm.MaskedLm`.

        Raises:
            UserError: the teacher emits values that are not finite.
        """
        teacher = self._teacher[0].to(ids.device)
        want_states = self.match is not None
        theirs: list[Tensor] = []
        with torch.no_grad():
            hidden = teacher.encoder(ids, mask, theirs if want_states else None)
            targets = masked_logits(teacher, hidden, selected) if "soft" in self.weights else None
        if not torch.isfinite(hidden if targets is None else targets).all():
            raise UserError("the teacher emits values that are not finite; train it again", place="teacher")
        mine: list[Tensor] = []
        logits = masked_logits(
            self.student, self.student.encoder(ids, mask, mine if want_states else None), selected
        )
        sums: dict[str, Tensor] = {}
        if "mlm" in self.weights:
            sums["mlm"] = summed_cross_entropy(logits, labels)
        if targets is not None:
            sums["soft"] = soft_cross_entropy(logits, targets, labels != IGNORE, self.temperature)
        if self.match is not None:
            sums["hidden"] = self.match(mine, theirs, mask)
        return sums

    def counts(self, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor) -> dict[str, int]:
        """Masked positions, and real ones for the hidden states."""
        del ids, selected
        masked = count_labels(labels)
        counts = {"mlm": masked, "soft": masked, "hidden": int(mask.sum())}
        return {name: counts[name] for name in self.weights}

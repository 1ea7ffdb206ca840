"""Students learn a teacher's outputs and what goes on inside it (paper A 2.6, B A.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import count_labels
from understudy.objectives.matching import HiddenMatch, RelationMatch, layer_map
from understudy.objectives.output import masked_cross_entropy
from understudy.objectives.projections import Projections
from understudy.objectives.teaching import Teacher, everywhere

PARTS = ("mlm", "soft", "hidden", "relations")


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of the loss, as a recipe gives them."""

    weights: Mapping[str, float]
    """Of :data:`PARTS`; one that is 0 or missing is not computed."""
    temperature: float = 1.0
    everywhere: bool = False
    """Soft targets at all positions, not at masked ones alone."""
    layers: Mapping[int, int] | None = None
    """Student layer -> teacher layer; none: evenly spaced, last to last."""
    relation_layers: tuple[int | None, int | None] = (None, None)
    """Of the student and of the teacher; none: the last."""
    relation_heads: int | None = None
    """None: the student's heads."""


class Distillation(nn.Module):
    """A student, the projections that are trained with it, and the teacher it listens to.

    Raises:
        UserError: a layer does not exist, relation heads do not divide a width, or every weight is 0.
    """

    def __init__(self, student: MaskedLanguageModel, teacher: Teacher, terms: Terms) -> None:
        super().__init__()
        self.weights = {name: terms.weights[name] for name in PARTS if terms.weights.get(name)}
        if not self.weights:
            raise UserError("every weight is 0, so nothing would be learned", place="weights")
        self.student, self.terms = student, terms
        # A list hides the teacher from parameters(), state_dict() and train(), should it be a module.
        self._teacher = [teacher]
        ours, heads = student.config, terms.relation_heads or student.config.heads
        mapping = layer_map(ours.layers, teacher.layers, terms.layers)
        self.match = HiddenMatch(ours.hidden, teacher.hidden, mapping) if "hidden" in self.weights else None
        self.relations = None
        if "relations" in self.weights:
            mine, theirs = terms.relation_layers
            self.relations = RelationMatch(
                (ours.layers, ours.hidden),
                (teacher.layers, teacher.hidden),
                (ours.layers - 1 if mine is None else mine, teacher.layers - 1 if theirs is None else theirs),
                heads,
            )
            self._noted = Projections(student, self.relations.student)
        teacher.want(
            set(mapping.values()) if self.match else set(),
            {self.relations.teacher} if self.relations else set(),
        )

    @property
    def teacher(self) -> Teacher:
        """Who teaches."""
        return self._teacher[0]

    def forward(
        self, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor, *given: Tensor
    ) -> dict[str, Tensor]:
        """Sums of the parts whose weight is not 0; shapes as in :class:`.masked_lm.MaskedLm`.

        Args:
            given: what the task adds for this kind of teacher.

        Raises:
            UserError: the teacher emits values that are not finite.
        """
        lesson = self.teacher(ids, mask, selected, *given)
        states: list[Tensor] = []
        hidden = self.student.encoder(ids, mask, states if self.match else None)
        sums: dict[str, Tensor] = {}
        if "soft" in self.weights and not self.terms.everywhere:
            hard, soft = lesson.cross_entropies(
                self.student, hidden, selected, labels, self.terms.temperature
            )
            sums = {"mlm": hard, "soft": soft} if "mlm" in self.weights else {"soft": soft}
        elif "mlm" in self.weights:
            sums["mlm"] = masked_cross_entropy(self.student, hidden, selected, labels)
        if "soft" in self.weights and self.terms.everywhere:
            _, sums["soft"] = lesson.cross_entropies(
                self.student, hidden, *everywhere(mask), self.terms.temperature
            )
        if self.match is not None:
            mine = {layer: lesson.places(states[layer]) for layer in self.match.layers}
            sums["hidden"] = self.match(mine, lesson.states, lesson.valid)
        if self.relations is not None:
            theirs = lesson.projected[self.relations.teacher]
            sums["relations"] = self.relations(self._noted.take(), theirs, mask)
        return sums

    def counts(
        self, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor, *given: Tensor
    ) -> dict[str, int]:
        """Masked positions; real ones, or words, for what is matched everywhere."""
        del ids, selected
        real = int(mask.sum())
        counts = {
            "mlm": count_labels(labels),
            "soft": real if self.terms.everywhere else count_labels(labels),
            "hidden": self.teacher.places(mask, *given) if self.match else 0,
            "relations": real,
        }
        return {name: counts[name] for name in self.weights}


class Students(nn.Module):
    """Several distillations from one teacher; the parts of each are named ``student.part``."""

    def __init__(self, students: Mapping[str, Distillation]) -> None:
        super().__init__()
        self.students = nn.ModuleDict(students)
        self.weights = {
            f"{name}.{part}": weight
            for name, student in students.items()
            for part, weight in student.weights.items()
        }

    def items(self) -> list[tuple[str, Distillation]]:
        """By name."""
        return [(name, cast(Distillation, student)) for name, student in self.students.items()]

    @property
    def teacher(self) -> Teacher:
        """Of them all."""
        return self.items()[0][1].teacher

    def forward(self, *inputs: Tensor) -> dict[str, Tensor]:
        """Sums of all parts of all students; the teacher is asked by each."""
        return {
            f"{name}.{part}": total
            for name, student in self.items()
            for part, total in student(*inputs).items()
        }

    def counts(self, *inputs: Tensor) -> dict[str, int]:
        """Of all parts of all students."""
        return {
            f"{name}.{part}": count
            for name, student in self.items()
            for part, count in student.counts(*inputs).items()
        }


def check_pair(student: MaskedLanguageModel, teacher: MaskedLanguageModel) -> None:
    """Raise a :class:`UserError` where the two, of one tokenizer, do not fit each other."""
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

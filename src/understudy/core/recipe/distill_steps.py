"""The step that teaches smaller models what a larger one knows."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from understudy.core.duration import Duration
from understudy.core.recipe.entries import Reads, Strict
from understudy.core.recipe.model_steps import EncoderShape, TrainedStep, check_start
from understudy.core.recipe.optimization import Optimization

_MODELS = ("pretrained", "pretrain", "distill")
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

PAPER_WEIGHTS = {
    "paper-a": {"mlm": 1.0, "soft": 1.0},
    "paper-b": {"hidden": 1.0, "soft": 2.0, "mlm": 1.0},
}
"""The losses of paper A's intermediate model (2.6), and of paper B's student (A.3)."""


class LossWeights(Strict):
    """Weight of each part of the distillation loss."""

    mlm: float = Field(default=1.0, ge=0)
    soft: float = Field(default=1.0, ge=0)
    hidden: float = Field(default=0.0, ge=0)
    relations: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _something(self) -> LossWeights:
        if not any(weight for _, weight in self):
            raise ValueError("every weight is 0, so nothing would be learned")
        return self


def _named_weights(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in PAPER_WEIGHTS:
        raise ValueError(f"a weight of each loss, or a named setting, is due: {', '.join(PAPER_WEIGHTS)}")
    return PAPER_WEIGHTS[value]


Weights = Annotated[LossWeights, BeforeValidator(_named_weights)]
"""Weight of each loss, or ``paper-a`` (mlm : soft = 1 : 1), ``paper-b`` (hidden : soft : mlm = 1 : 2 : 1)."""


class Relations(Strict):
    """Which attention relations are matched (MiniLMv2, Wang et al. 2021)."""

    student: int | None = Field(default=None, ge=0)
    """Layer, from 0; none: the last."""
    teacher: int | None = Field(default=None, ge=0)
    """Layer, from 0; none: the last."""
    heads: int | None = Field(default=None, ge=1)
    """Relation heads, the same on both sides whatever the models' own; none: the student's. They divide both
    widths."""


class Student(Strict):
    """One of several students that learn from the same pass of the teacher."""

    start: Annotated[str | None, Reads(_MODELS)] = Field(default=None, alias="from")
    encoder: EncoderShape | None = None
    copy_layers: tuple[int, ...] | Literal["spaced"] | None = None
    weights: Weights | None = None
    """None: the step's; so with all that follows."""
    layers: dict[int, int] | None = None
    temperature: float | None = Field(default=None, gt=0)
    relations: Relations | None = None

    @model_validator(mode="after")
    def _start_or_shape(self) -> Student:
        _check_start(self.start, self.encoder, self.copy_layers)
        return self


class Taught(Strict):
    """One of several teachers in sequence, with its own transfer set."""

    teacher: Annotated[str, Reads(_MODELS)]
    shards: Annotated[str, Reads(("encode",))]
    duration: Duration
    optimization: Optimization | None = None
    """None: the step's."""
    weights: Weights | None = None
    """None: the step's; so with all that follows."""
    layers: dict[int, int] | None = None
    temperature: float | None = Field(default=None, gt=0)


class Distill(TrainedStep):
    """Smaller models from larger ones: soft targets, hidden layers and MLM (paper A 2.6, B A.3)."""

    version: ClassVar[int] = 2

    stage: Literal["distill"]
    teacher: Annotated[str | None, Reads(_MODELS)] = None
    shards: Annotated[str | None, Reads(("encode",))] = None
    """The transfer set."""
    duration: Duration | None = None
    teachers: tuple[Taught, ...] = ()
    """In place of ``teacher``, ``shards`` and ``duration``: several teachers, one after the other."""
    start: Annotated[str | None, Reads(_MODELS)] = Field(default=None, alias="from")
    encoder: EncoderShape | None = None
    copy_layers: tuple[int, ...] | Literal["spaced"] | None = None
    """With ``encoder``: start as these layers of the (first) teacher, or as evenly ``spaced`` ones, and with
    its embeddings and head. All sizes but the number of layers are the teacher's then."""
    students: dict[str, Student] = Field(default_factory=dict)
    """In place of ``from`` and ``encoder``: several students, named ``step/student`` by later steps."""
    weights: Weights = LossWeights()
    temperature: float = Field(default=1.0, gt=0)
    positions: Literal["masked", "all"] = "masked"
    """Where soft targets are matched: at masked positions, or at all that hold a piece."""
    layers: dict[int, int] | None = None
    """Student layer -> teacher layer for hidden matching; none: evenly spaced, last to last."""
    relations: Relations = Relations()
    targets: Annotated[str | None, Reads(("targets",))] = None
    """A ``targets`` step: what the teacher says was written down there, and the teacher need not run."""
    languages: tuple[str, ...] = ()
    """Those that the transfer sets must hold; one that is missing ends the step before it begins."""

    @model_validator(mode="after")
    def _one_form_of_each(self) -> Distill:
        single = {"teacher": self.teacher, "shards": self.shards, "duration": self.duration}
        given = [name for name, value in single.items() if value is not None]
        if self.teachers and given:
            raise ValueError(f"'{given[0]}' goes into each of 'teachers'")
        if not self.teachers and len(given) < len(single):
            missing = ", ".join(f"'{name}'" for name in single if name not in given)
            raise ValueError(f"give 'teachers', or also {missing}")
        if self.keep.best and self.students:
            raise ValueError("'keep.best' is of one student; several are best at different times")
        if self.targets is not None and self.teachers:
            raise ValueError("'targets' are of one teacher; give 'teacher', 'shards' and 'duration'")
        if not self.students:
            _check_start(self.start, self.encoder, self.copy_layers)
        elif self.start or self.encoder or self.copy_layers:
            raise ValueError("'from', 'encoder' and 'copy_layers' go into each of 'students'")
        for name in self.students:
            if not _PART.fullmatch(name):
                raise ValueError(
                    f"'{name}' cannot name a student, whose folder gets the name: letters, figures, '_', '-'"
                )
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """The students, where there are several."""
        return tuple(self.students)

    def keeps(self, part: str) -> bool:
        """Whether it leaves a model of this name: ``[folder of a teacher in sequence/]...[/student]``."""
        names = part.split("/")
        folders = [
            f"{number}-{each.teacher.replace('/', '-')}" for number, each in enumerate(self.teachers, 1)
        ]
        if folders and names.pop(0) not in folders:
            return False
        if self.students and (not names or names.pop() not in self.students):
            return False
        return len(names) == 1 and self.keep.holds(names[0])

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The same step for each of its teachers alone, in order."""
        if not self.teachers:
            return (Phase.model_construct(**dict(self)),)
        made = []
        for each in self.teachers:
            changes = {"teacher": each.teacher, "shards": each.shards, "duration": each.duration}
            own = ("optimization", "weights", "layers", "temperature")
            changes |= {name: getattr(each, name) for name in own if getattr(each, name) is not None}
            made.append(Phase.model_construct(**dict(self) | {"teachers": ()} | changes))
        return tuple(made)


class Phase(Distill):
    """A distillation from one teacher: a part of the step, or all of it."""

    teacher: str
    shards: str
    duration: Duration

    @property
    def each_student(self) -> dict[str, Phase]:
        """By name, the same for each of the students alone; by an empty name where there is one."""
        if not self.students:
            return {"": self}
        own = ("weights", "layers", "temperature", "relations")
        return {
            name: self.model_copy(
                update={
                    "students": {},
                    "start": student.start,
                    "encoder": student.encoder,
                    "copy_layers": student.copy_layers,
                    **{key: value for key in own if (value := getattr(student, key)) is not None},
                }
            )
            for name, student in self.students.items()
        }


def _check_start(start: str | None, encoder: EncoderShape | None, copied: object) -> None:
    check_start(start, encoder)
    if copied is not None and encoder is None:
        raise ValueError("'copy_layers' goes with 'encoder'")

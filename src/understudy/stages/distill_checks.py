"""What a distillation refuses before its hours begin."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from understudy.core.errors import UserError
from understudy.core.recipe.distill_steps import Phase
from understudy.core.recipe.reading import part_of
from understudy.core.stage import Inputs
from understudy.objectives.written import WrittenTeacher
from understudy.tokenizer.protocol import Tokenizer
from understudy.tokenizer.subwords import Subwords
from understudy.training.masked_task import MaskedTask
from understudy.training.shards import TokenShards
from understudy.training.targets import About, TargetsTask


def check_languages(config: Phase, shards: TokenShards) -> None:
    """Raise a :class:`UserError` where a language that the recipe names has no row."""
    there = {shards.languages[number] for number in np.unique(shards.language_ids)}
    if missing := sorted(set(config.languages) - there):
        raise UserError(
            f"the transfer set '{config.shards}' has no text in {', '.join(missing)}; it has "
            f"{', '.join(sorted(there))}",
            place="languages",
        )


def check_weights(student: str, config: Phase, *, same: bool) -> None:
    """Raise a :class:`UserError` where weights ask for what this teacher cannot teach.

    Args:
        same: teacher and transfer set have the same tokenizer.
    """
    place = f"students.{student}.weights" if student else "weights"
    weights = dict(config.weights)
    if not (weights["soft"] or weights["hidden"] or weights["relations"]):
        raise UserError("the teacher would have no say; that is a pretrain step", place=place)
    asked = [part for part in ("soft", "relations") if weights[part]]
    if asked and not same:
        raise UserError(
            f"teacher '{config.teacher}' has another tokenizer than the transfer set, and "
            f"{' and '.join(asked)} need the same pieces; what can be matched, word by word, are hidden "
            "layers: {mlm: 1, soft: 0, hidden: 1}",
            place=place,
        )


def check_spelled(tokenizer: Tokenizer, shards: TokenShards) -> Subwords:
    """A tokenizer of ours; raise a :class:`UserError` for any other."""
    if not isinstance(tokenizer, Subwords):
        raise UserError(
            "was not made by understudy, and only the pieces of such a one can be put together to words for "
            "a teacher that has another tokenizer",
            file=shards.tokenizer,
        )
    return tokenizer


def written(config: Phase, inputs: Inputs) -> tuple[WrittenTeacher, Callable[..., MaskedTask]]:
    """A teacher whose words stand in a ``targets`` step, and the task that reads them.

    Raises:
        UserError: they are of another teacher or other shards, or not at this temperature or these positions.
    """
    assert config.targets is not None
    artifact = inputs.artifacts[config.targets]
    made = artifact.manifest
    for what in ("teacher", "shards"):
        theirs, ours = made.config[what], getattr(config, what)
        same = made.inputs[theirs] == inputs.artifacts[ours].manifest.fingerprint
        if not same or part_of(theirs) != part_of(ours):
            raise UserError(
                f"'{config.targets}' was made with {what} '{theirs}', which is not what '{ours}' is now; "
                "make targets of this one",
                place="targets",
            )
    about = About.load(artifact.path)
    for name, one in config.each_student.items():
        if one.weights.soft and one.temperature != about.temperature:
            place = f"students.{name}.temperature" if name else "temperature"
            raise UserError(f"is {one.temperature:g}, and the targets' is {about.temperature:g}", place=place)
    if config.positions == "all":
        raise UserError("targets are written down at masked positions only", place="positions")
    teacher = WrittenTeacher(about.teacher_layers, about.hidden, about.layers)
    return teacher, partial(TargetsTask, folder=artifact.path, about=about)

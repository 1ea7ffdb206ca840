"""A student's first weights: random, another step's, or some of its teacher's layers."""

from __future__ import annotations

import torch

from understudy.core.errors import UserError
from understudy.core.recipe.distill_steps import Phase
from understudy.core.stage import Inputs
from understudy.model.adapters import AdaptedModel
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.objectives.matching import layer_map
from understudy.stages.masked import same_tokenizer, start_model


def start_student(config: Phase, inputs: Inputs) -> MaskedLanguageModel:
    """A student as the recipe has it start.

    Raises:
        UserError: layers of the teacher are to be copied, and the tokenizers or the sizes do not fit.
    """
    student = start_model(config, inputs)
    if config.copy_layers is not None:
        folder = inputs.artifacts[config.teacher].file("model")
        same_tokenizer(folder, inputs.artifacts[config.shards].file("tokenizer"))
        teacher = load_model(folder)
        chosen = None if config.copy_layers == "spaced" else config.copy_layers
        copy_layers(student, teacher, chosen)
    return student


def copy_layers(
    student: MaskedLanguageModel, teacher: MaskedLanguageModel, layers: tuple[int, ...] | None
) -> None:
    """Give a student embeddings, head and some layers of its teacher.

    Args:
        layers: of the teacher, one for each of the student's; none: evenly spaced, last to last.

    Raises:
        UserError: a size other than the number of layers and of positions differs.
    """
    if isinstance(teacher, AdaptedModel):
        raise UserError("its layers are of another architecture than ours", place="copy_layers")
    ours, theirs = student.config, teacher.config
    for size in ("vocabulary", "hidden", "ffn", "heads"):
        mine, due = getattr(ours, size), getattr(theirs, size)
        if mine != due:
            raise UserError(
                f"the teacher's layers have {size} {due} and the student's {mine}; a copy needs the same",
                place="copy_layers",
            )
    if ours.max_length > theirs.max_length:
        raise UserError(
            f"the student reads {ours.max_length} pieces and the teacher only {theirs.max_length}",
            place="copy_layers",
        )
    if layers is not None and len(layers) != ours.layers:
        raise UserError(
            f"{len(layers)} layers are named, and the student has {ours.layers}", place="copy_layers"
        )
    given = None if layers is None else dict(enumerate(layers))
    try:
        source = layer_map(ours.layers, theirs.layers, given)
    except UserError as error:
        raise UserError(error.problem, place="copy_layers") from None
    weights = teacher.state_dict()
    own = student.state_dict()
    with torch.no_grad():
        for name, tensor in own.items():
            parts = name.split(".")
            if parts[:2] == ["encoder", "blocks"]:
                parts[2] = str(source[int(parts[2])])
            # The table of positions may be longer in the teacher.
            tensor.copy_(weights[".".join(parts)][: len(tensor)])

"""Losses of the output layer at masked positions: all scores at once while they are few, else in chunks."""

from __future__ import annotations

import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.memory import pieces_at_once
from understudy.objectives.chunked import (
    OutputLayer,
    chunked_cross_entropy_sum,
    chunked_cross_entropy_sums,
)
from understudy.objectives.losses import IGNORE, soft_cross_entropy, summed_cross_entropy


def masked_logits(model: MaskedLanguageModel, hidden: Tensor, selected: Tensor) -> Tensor:
    """Scores of all pieces at the selected positions only.

    Args:
        hidden: (B, L, H) encoder outputs.
        selected: (N,) indices into the flattened positions.

    Returns:
        (N, V).
    """
    return model.logits(hidden.flatten(0, 1)[selected])


def masked_cross_entropy(
    model: MaskedLanguageModel, hidden: Tensor, selected: Tensor, labels: Tensor
) -> Tensor:
    """Summed cross-entropy (natural logarithm) at the selected positions.

    Args:
        hidden: (B, L, H) encoder outputs.
        selected: (N,) indices into the flattened positions.
        labels: (N,) true pieces; ``IGNORE`` counts for nothing.
    """
    chunk = _chunk(model, selected)
    if chunk is None:
        return summed_cross_entropy(masked_logits(model, hidden, selected), labels)
    return chunked_cross_entropy_sum(*_layer(model, hidden, selected), labels, chunk)


def masked_cross_entropies(
    student: MaskedLanguageModel,
    hidden: Tensor,
    teacher: MaskedLanguageModel,
    teacher_hidden: Tensor,
    selected: Tensor,
    labels: Tensor,
    temperature: float,
) -> tuple[Tensor, Tensor]:
    """:func:`masked_cross_entropy` of the student, and its soft one with the teacher, summed.

    The teacher gets no gradient.

    Args:
        hidden, teacher_hidden: (B, L, H) outputs of either encoder; H may differ.
        selected: (N,) indices into the flattened positions.
        labels: (N,) true pieces; positions of ``IGNORE`` count for neither.
        temperature: of both softmaxes of the soft one.

    Raises:
        UserError: the teacher's scores are not finite.
    """
    chunk = _chunk(student, selected) if _separable(teacher) else None
    if chunk is None:
        with torch.no_grad():
            targets = masked_logits(teacher, teacher_hidden, selected)
        _check_finite(targets)
        logits = masked_logits(student, hidden, selected)
        soft = soft_cross_entropy(logits, targets, labels != IGNORE, temperature)
        return summed_cross_entropy(logits, labels), soft
    with torch.no_grad():
        theirs = _layer(teacher, teacher_hidden, selected)
    _check_finite(theirs[0])
    ours = _layer(student, hidden, selected)
    return chunked_cross_entropy_sums(ours, theirs, labels, temperature, chunk)


def _chunk(model: MaskedLanguageModel, selected: Tensor) -> int | None:
    """Pieces at a time; none: all at once."""
    vocabulary = model.config.vocabulary
    chunk = pieces_at_once(len(selected), vocabulary, selected.device.type)
    return chunk if chunk < vocabulary and _separable(model) else None


def _separable(model: MaskedLanguageModel) -> bool:
    """Whether the output matrix can be had alone, which some foreign models' cannot."""
    try:
        return model.output_matrix is not None
    except UserError:
        return False


def _layer(model: MaskedLanguageModel, hidden: Tensor, selected: Tensor) -> OutputLayer:
    return model.head(hidden.flatten(0, 1)[selected]), model.output_matrix, model.head_bias


def _check_finite(teachers: Tensor) -> None:
    if not torch.isfinite(teachers).all():
        raise UserError("the teacher emits values that are not finite; train it again", place="teacher")

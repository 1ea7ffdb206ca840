"""Losses of the output layer at masked positions: all scores at once while they are few, else in chunks."""

from __future__ import annotations

import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.memory import pieces_at_once
from understudy.objectives.chunked import chunked_cross_entropy_sum, chunked_logsumexp
from understudy.objectives.chunked_soft import SoftTargets, chunked_cross_entropy_sums
from understudy.objectives.chunks import OutputLayer
from understudy.objectives.losses import (
    IGNORE,
    at_least_float32,
    soft_cross_entropy,
    summed_cross_entropy,
)

NON_FINITE = "the teacher emits values that are not finite; train it again"


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


def masked_logsumexp(
    model: MaskedLanguageModel, hidden: Tensor, selected: Tensor, picks: Tensor, temperature: float
) -> tuple[Tensor, Tensor]:
    """The logarithm of the softmax's denominator at the selected positions, and the scores of some pieces.

    Args:
        hidden: (B, L, H) encoder outputs.
        selected: (N,) indices into the flattened positions.
        picks: (N, k) pieces; what comes back for one that does not exist means nothing.
        temperature: all scores are divided by it first.

    Returns:
        (N,) and (N, k), at least in float32.
    """
    chunk = _chunk(model, selected)
    if chunk is None:
        scores = at_least_float32(masked_logits(model, hidden, selected)) / temperature
        return scores.logsumexp(-1), scores.gather(1, picks.clamp(min=0))
    states, matrix, bias = _layer(model, hidden, selected)
    bias = None if bias is None else bias / temperature
    return chunked_logsumexp((states / temperature, matrix, bias), picks, chunk)


def soft_targets(
    teacher: MaskedLanguageModel, hidden: Tensor, selected: Tensor, temperature: float
) -> SoftTargets | Tensor:
    """What a teacher says at the selected positions: all scores (N, V) while they are few, else in chunks.

    Args:
        hidden: (B, L, H) what comes out of the teacher's encoder.
        selected: (N,) indices into the flattened positions.

    Raises:
        UserError: the teacher's scores are not finite.
    """
    chunk = _chunk(teacher, selected)
    with torch.no_grad():
        if chunk is None:
            return _finite(masked_logits(teacher, hidden, selected))
        states, matrix, bias = _layer(teacher, hidden, selected)
    return SoftTargets((_finite(states), matrix, bias), temperature, chunk)


def masked_cross_entropies(
    student: MaskedLanguageModel,
    hidden: Tensor,
    targets: SoftTargets | Tensor,
    selected: Tensor,
    labels: Tensor,
    temperature: float,
) -> tuple[Tensor, Tensor]:
    """:func:`masked_cross_entropy` of the student, and its soft one with the teacher, summed.

    Args:
        hidden: (B, L, H) encoder outputs.
        targets: of :func:`soft_targets` at the same positions and temperature.
        selected: (N,) indices into the flattened positions.
        labels: (N,) true pieces; positions of ``IGNORE`` count for neither.
        temperature: of both softmaxes of the soft one.
    """
    if isinstance(targets, SoftTargets) and _separable(student):
        return chunked_cross_entropy_sums(_layer(student, hidden, selected), targets, labels)
    theirs = targets if isinstance(targets, Tensor) else targets.scores()
    logits = masked_logits(student, hidden, selected)
    soft = soft_cross_entropy(logits, theirs, labels != IGNORE, temperature)
    return summed_cross_entropy(logits, labels), soft


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


def _finite(teachers: Tensor) -> Tensor:
    if not torch.isfinite(teachers).all():
        raise UserError(NON_FINITE, place="teacher")
    return teachers

"""Joint loss of intents and slot tags."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from understudy.model.nlu import NluModel
from understudy.objectives.losses import IGNORE, mean_losses
from understudy.objectives.nlu import JointNlu
from understudy.utterances.tags import LabelSet

LABELS = LabelSet(("a", "b"), ("d",), {"a": "d", "b": "d"}, ("O", "B-x", "I-x"))
INTENTS = torch.tensor([0, 1, 1, IGNORE, 0])


@pytest.fixture
def model(make) -> NluModel:
    return NluModel(make(), LABELS, 8).double().eval()


@pytest.fixture
def tags(masked: tuple[Tensor, ...]) -> Tensor:
    """Tags at every second real piece."""
    tags = torch.randint(0, 3, masked[1].shape, generator=torch.Generator().manual_seed(0))
    tags[:, ::2] = IGNORE
    return torch.where(masked[1], tags, IGNORE)


def slow(model: NluModel, ids: Tensor, mask: Tensor, intents: Tensor, tags: Tensor) -> tuple[float, float]:
    intent_scores, slot_scores = (torch.log_softmax(x, -1) for x in model(ids, mask))
    intent = [-float(intent_scores[b, i]) for b, i in enumerate(intents.tolist()) if i != IGNORE]
    slots = [
        -float(slot_scores[b, place, tag])
        for b, row in enumerate(tags.tolist())
        for place, tag in enumerate(row)
        if tag != IGNORE
    ]
    return sum(intent) / len(intent), sum(slots) / len(slots)


@pytest.mark.parametrize("slot_weight", [0.0, 1.0, 2.5])
def test_means_over_labelled_utterances_and_pieces(
    model: NluModel, masked: tuple[Tensor, ...], tags: Tensor, slot_weight: float
) -> None:
    ids, mask, *_ = masked
    losses = mean_losses(JointNlu(model, slot_weight), ids, mask, INTENTS, tags)
    intent, slots = slow(model, ids, mask, INTENTS, tags)
    assert {name: float(part) for name, part in losses.parts.items()} == pytest.approx(
        {"intent": intent, "slots": slots}, rel=1e-8
    )
    assert float(losses.total) == pytest.approx(intent + slot_weight * slots, rel=1e-8)


def test_a_batch_without_one_labelled_piece_still_teaches_its_intents(
    model: NluModel, masked: tuple[Tensor, ...], tags: Tensor
) -> None:
    ids, mask, *_ = masked
    losses = mean_losses(JointNlu(model, 1.0), ids, mask, INTENTS, torch.full_like(tags, IGNORE))
    assert losses.parts["slots"] == 0
    losses.total.backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)

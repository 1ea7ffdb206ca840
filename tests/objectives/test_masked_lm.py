"""The loss only at masked positions is the dense one."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from understudy.objectives.losses import IGNORE, at_least_float32, mean_losses, summed_cross_entropy
from understudy.objectives.masked_lm import MaskedLm

Masked = tuple[Tensor, Tensor, Tensor, Tensor]


def dense(model, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor) -> Tensor:
    """All positions' scores, then one position after another."""
    scores = torch.log_softmax(model(ids, mask), -1)
    total, count = torch.zeros((), dtype=torch.float64), 0
    for position, label in zip(selected.tolist(), labels.tolist(), strict=True):
        if label != IGNORE:
            total = total - scores[position // ids.shape[1], position % ids.shape[1], label]
            count += 1
    return total / count


def gradients(model, loss: Tensor) -> dict[str, Tensor]:
    model.zero_grad()
    loss.backward()
    return {name: parameter.grad.clone() for name, parameter in model.named_parameters()}


def test_loss_and_gradients_are_the_dense_ones(make, masked: Masked) -> None:
    model = make()
    losses = mean_losses(MaskedLm(model), *masked)
    due = dense(model, *masked)
    torch.testing.assert_close(losses.total, due, atol=1e-6, rtol=0)
    assert torch.equal(losses.parts["mlm"], losses.total)
    assert not losses.parts["mlm"].requires_grad
    got, want = gradients(model, losses.total), gradients(model, due)
    for name in want:
        torch.testing.assert_close(got[name], want[name], atol=1e-6, rtol=0, msg=name)
    assert any(gradient.abs().max() > 1e-3 for gradient in want.values())


def test_padding_of_selected_changes_nothing(make, masked: Masked) -> None:
    ids, mask, selected, labels = masked
    count = int((labels != IGNORE).sum())
    assert count < len(labels)
    bare = mean_losses(MaskedLm(make()), ids, mask, selected[:count], labels[:count]).total
    torch.testing.assert_close(mean_losses(MaskedLm(make()), *masked).total, bare, atol=1e-12, rtol=0)


def test_perplexity_sums_over_batches(make, masked: Masked) -> None:
    model = make()
    objective = MaskedLm(model)
    total, count = objective(*masked)["mlm"], objective.counts(*masked)["mlm"]
    assert count == int((masked[3] != IGNORE).sum())
    assert float(total) / count == pytest.approx(float(dense(model, *masked)), rel=1e-8)


def test_a_model_that_knows_nothing_has_the_vocabulary_as_perplexity(make, masked: Masked) -> None:
    model = make()
    for parameter in model.parameters():
        parameter.data.zero_()
    assert math.exp(mean_losses(MaskedLm(model), *masked).total) == pytest.approx(60)


def test_nothing_to_learn_is_a_loss_of_zero() -> None:
    logits = torch.randn(3, 7, requires_grad=True)
    loss = summed_cross_entropy(logits, torch.full((3,), IGNORE))
    loss.backward()
    assert loss == 0
    assert (logits.grad == 0).all()


def test_half_precision_scores_are_summed_in_single() -> None:
    logits = 4 * torch.randn(5000, 7)
    labels = torch.arange(5000) % 7
    half = logits.bfloat16()
    due = torch.nn.functional.cross_entropy(half.double(), labels)
    assert float(summed_cross_entropy(half, labels)) / 5000 == pytest.approx(float(due), rel=1e-5)
    kinds = [at_least_float32(torch.zeros(1, dtype=t)).dtype for t in (torch.half, torch.float, torch.double)]
    assert kinds == [torch.float32, torch.float32, torch.float64]

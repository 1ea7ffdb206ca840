"""Learning rates by a table, and what is decayed."""

from __future__ import annotations

import pytest
import torch

from understudy.core.recipe.optimization import Optimization
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.training.optimizer import optimizer_for
from understudy.training.schedule import learning_rate


@pytest.mark.parametrize(
    ("peak", "floor", "warmup", "rates"),
    [
        # Two steps of ten warm up, eight go down by an eighth of the way each.
        (0.8, 0.0, 0.2, [0.4, 0.8, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]),
        (1.0, 0.2, 0.2, [0.5, 1.0, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]),
        (1.0, 0.0, 0.0, [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]),
        (0.3, 0.5, 0.1, [0.3] * 10),
    ],
)
def test_rates_by_hand(peak: float, floor: float, warmup: float, rates: list[float]) -> None:
    settings = Optimization(learning_rate=peak, minimum_learning_rate=floor, warmup=warmup)
    assert [learning_rate(step, 10, settings) for step in range(10)] == pytest.approx(rates)
    assert learning_rate(10, 10, settings) == pytest.approx(min(floor, peak))


def test_a_run_of_one_step_learns_at_the_peak() -> None:
    assert learning_rate(0, 1, Optimization(learning_rate=0.5, warmup=0.06)) == 0.5


def test_matrices_are_decayed_and_vectors_are_not() -> None:
    config = EncoderConfig(vocabulary=20, layers=1, hidden=8, ffn=16, heads=2, max_length=8)
    model = MaskedLanguageModel(config)
    model.encoder.blocks[0].up.requires_grad_(False)
    optimizer = optimizer_for(model, Optimization(learning_rate=0.1, weight_decay=0.5, betas=(0.8, 0.9)))
    assert [group["betas"] for group in optimizer.param_groups] == [(0.8, 0.9)] * 2
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(1.0)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    for name, parameter in model.named_parameters():
        vector = name.endswith("bias") or "norm" in name
        due = 1.0 if vector or ".up." in name else 1 - 0.1 * 0.5
        assert (parameter == due).all(), name

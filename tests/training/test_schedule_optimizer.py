"""Learning rates by a table, and what is decayed."""

from __future__ import annotations

import numpy as np
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


def rates(steps: int, at: list[int], **given) -> list[float]:
    settings = Optimization(**given)
    return [learning_rate(step, steps, settings) for step in at]


def test_an_exponential_warmup_multiplies_by_the_same_factor_each_step() -> None:
    # From 1e-4 to 1e-2 in four steps: each is sqrt(10) times the one before.
    given = {"learning_rate": 1e-2, "minimum_learning_rate": 1e-4, "warmup_shape": "exponential"}
    got = rates(100, [0, 1, 2, 3, 4], warmup_steps=4, **given)
    assert got == pytest.approx([1e-4 * 10**0.5, 1e-3, 1e-2 / 10**0.5, 1e-2, 1e-2])


def test_a_cosine_goes_down_by_half_a_turn() -> None:
    given = {"learning_rate": 1.0, "minimum_learning_rate": 0.2, "schedule": "cosine", "warmup_steps": 2}
    # Eight steps down from 1.0: at the middle halfway, at a quarter (1 + cos 45°) / 2 of the way above.
    got = rates(10, [1, 2, 4, 6, 8, 10], **given)
    assert got == pytest.approx([1.0, 1.0, 0.2 + 0.8 * 0.853553, 0.6, 0.2 + 0.8 * 0.146447, 0.2], rel=1e-5)


def test_a_decay_that_ends_before_the_training_stays_at_the_floor() -> None:
    given = {"learning_rate": 1.0, "minimum_learning_rate": 0.1, "warmup_steps": 0, "decay_steps": 4}
    assert rates(100, [0, 2, 4, 50], **given) == pytest.approx([1.0, 0.55, 0.1, 0.1])
    # One that goes on after it is cut off: table 7's 9.3B model stops at 570k of 600k.
    given = {"learning_rate": 1.4e-4, "minimum_learning_rate": 1e-5, "warmup_steps": 10_000}
    last = rates(570_000, [569_999], decay_steps=600_000, **given)[0]
    assert last == pytest.approx(1e-5 + 1.3e-4 * (1 - 559_999 / 600_000))


def test_noam_by_the_formula_with_its_peak_at_the_warmup() -> None:
    # Paper A table 6: factor 0.5, 3250 warm-up steps, a hidden size of 768.
    settings = Optimization(learning_rate=0.5, schedule="noam", warmup_steps=3250)
    got = [learning_rate(step, 40_000, settings, hidden=768) for step in range(40_000)]
    assert max(got) == got[3249] == pytest.approx(0.5 * 768**-0.5 * 3250**-0.5)
    assert got[0] == pytest.approx(0.5 * 768**-0.5 * 3250**-1.5)
    assert got[12_999] == pytest.approx(got[3249] / 2)


def test_a_constant_rate_stays_and_an_exponential_start_needs_a_floor() -> None:
    assert rates(9, [2, 8], learning_rate=0.3, schedule="constant", warmup=0.2) == [0.3, 0.3]
    with pytest.raises(ValueError, match="minimum_learning_rate"):
        Optimization(warmup_shape="exponential", minimum_learning_rate=0)


def reference(kind: str, gradients: list[list[float]], start: list[float]) -> np.ndarray:
    """Three steps in float64, from the published algorithms (Kingma & Ba 2015, Loshchilov & Hutter 2019,
    You et al. 2020), decay 0.1, rate 0.01, betas 0.9 and 0.99, epsilon 1e-6."""
    weights, first, second = np.array(start), np.zeros(len(start)), np.zeros(len(start))
    for step, gradient in enumerate(np.array(gradients), start=1):
        if kind == "adam":
            gradient = gradient + 0.1 * weights
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        update = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-6)
        if kind == "adamw":
            weights = weights * (1 - 0.01 * 0.1)
        if kind == "lamb":
            update = update + 0.1 * weights
            update = update * np.linalg.norm(weights) / np.linalg.norm(update)
        weights = weights - 0.01 * update
    return weights


@pytest.mark.parametrize("kind", ["adamw", "adam", "lamb"])
def test_three_steps_against_a_float64_reference(kind: str) -> None:
    start, gradients = [0.5, -1.0, 2.0], [[0.1, -0.3, 0.2], [0.4, 0.0, -0.5], [-0.2, 0.6, 0.1]]
    module = torch.nn.Linear(3, 1, bias=False)
    module.weight.data = torch.tensor([start])
    settings = Optimization(
        optimizer=kind, learning_rate=0.01, weight_decay=0.1, betas=(0.9, 0.99), epsilon=1e-6
    )
    optimizer = optimizer_for(module, settings)
    for gradient in gradients:
        module.weight.grad = torch.tensor([gradient])
        optimizer.step()
    assert module.weight.detach().numpy()[0] == pytest.approx(reference(kind, gradients, start), rel=1e-5)


def test_lamb_leaves_an_update_of_weights_that_are_zero_as_it_is() -> None:
    module = torch.nn.Linear(2, 1, bias=False)
    module.weight.data.zero_()
    settings = Optimization(optimizer="lamb", learning_rate=0.01, weight_decay=0.1)
    module.weight.grad = torch.tensor([[3.0, -5.0]])
    optimizer_for(module, settings).step()
    # Bias-corrected, the first update is the gradient's sign.
    assert module.weight.detach().numpy()[0] == pytest.approx([-0.01, 0.01], rel=1e-5)


@pytest.mark.parametrize("kind", ["adam", "lamb"])
def test_other_optimizers_resume_to_the_bit(run, recorded, masked_task, tmp_path, kind: str) -> None:
    settings = Optimization(optimizer=kind, precision="fp32", tokens_per_batch=256)
    whole = recorded(masked_task())
    run(whole, tmp_path / "whole", settings=settings, steps=12, checkpoint_every=5)
    first = recorded(masked_task(), stop_before=8)
    with pytest.raises(KeyboardInterrupt):
        run(first, tmp_path / "parts", settings=settings, steps=12, checkpoint_every=5)
    second = recorded(masked_task())
    run(second, tmp_path / "parts", settings=settings, steps=12, checkpoint_every=5)
    assert second.seen == whole.seen[5:]

"""When validations have stopped getting better, by hand; the peak of matrix products."""

from __future__ import annotations

import pytest
import torch

from understudy.core.duration import Converged
from understudy.training.convergence import has_converged
from understudy.training.peak import matrix_peak


@pytest.mark.parametrize(
    ("perplexities", "converged"),
    [
        ([], False),
        ([100], False),
        ([100, 50, 50, 50], True),
        ([100, 50, 50], False),
        # 49.6 is not 1 % below 50, nor is 49.51; 49.4 is.
        ([100, 50, 49.6, 49.51], True),
        ([100, 50, 49.6, 49.4], False),
        ([100, 50, 49.6, 49.4, 60, 49], True),
        # Slow progress counts against the best, not against the one before.
        ([100, 50, 49.8, 49.4, 49.1], False),
    ],
)
def test_patience_on_perplexity(perplexities: list[float], converged: bool) -> None:
    history = [{"step": i, "perplexity": value} for i, value in enumerate(perplexities)]
    assert has_converged(history, Converged(patience=2, improvement=0.01)) is converged
    assert not has_converged(history, None)


def test_a_score_is_better_when_it_is_higher() -> None:
    history = [{"score": value, "perplexity": 1.0} for value in (0.2, 0.5, 0.4)]
    assert has_converged(history, Converged(patience=1))
    assert not has_converged(history[:2], Converged(patience=1))


def test_the_peak_is_measured_once_and_touches_no_generator() -> None:
    before = torch.get_rng_state()
    cpu = torch.device("cpu")
    peak = matrix_peak(cpu, torch.float32)
    assert torch.equal(before, torch.get_rng_state())
    assert 1e8 < peak < 1e14
    assert matrix_peak(cpu, torch.float32) == peak

"""Temperatures by hand and against scipy, and that they never change an answer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from understudy.core.errors import UserError
from understudy.metrics.calibration import (
    LEAST,
    expected_calibration_error,
    reliability,
    softmax_temperature,
)


def test_calibration_error_by_hand() -> None:
    # Two bins: (0.2, wrong), (0.5, right) with gap |0.5 - 0.35|; (0.8, right), (0.9, right) with gap 0.15.
    confidence, right = [0.2, 0.5, 0.8, 0.9], [False, True, True, True]
    assert expected_calibration_error(confidence, right, bins=2) == pytest.approx(0.15)
    assert reliability(confidence, right, bins=2)[:, :3].tolist() == [
        pytest.approx([2, 0.35, 0.5]),
        pytest.approx([2, 0.85, 1.0]),
    ]
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0
    for bad in ([], [1.5], [float("nan")]):
        with pytest.raises(UserError, match="confidence"):
            expected_calibration_error(bad, [True] * len(bad))


@pytest.mark.parametrize(("gap", "right", "of"), [(5.0, 80, 100), (0.3, 99, 100), (2.0, 51, 100)])
def test_a_temperature_by_hand(gap: float, right: int, of: int) -> None:
    """Two classes a gap apart: the likelihood asks for 1 / (1 + exp(-gap / T)) = right / of."""
    logits = np.tile([gap, 0.0], (of, 1))
    found = softmax_temperature(logits, np.arange(of) >= right)
    assert found.value == pytest.approx(gap / math.log(right / (of - right)), rel=1e-9)
    assert (found.examples, found.reason) == (of, None)


def drawn(seed: int, number: int, classes: int, spread: float, heat: float) -> tuple[NDArray, NDArray]:
    """Logits, and labels drawn from their softmax at a temperature, so that the best one is near it."""
    random = np.random.default_rng(seed)
    logits = random.normal(size=(number, classes)) * spread
    gumbel = random.gumbel(size=logits.shape)
    return logits, (logits / heat + gumbel).argmax(axis=1)


@pytest.mark.parametrize("heat", [0.2, 1.0, 7.0])
@pytest.mark.parametrize("classes", [2, 60])
def test_a_temperature_is_scipys(classes: int, heat: float) -> None:
    logits, labels = drawn(1, 400, classes, 3.0, heat)
    if classes == 2:
        labels[:9] = 1 - logits[:9].argmax(axis=1)  # some mistakes at every temperature

    def loss(inverse: float) -> float:
        return -float(log_softmax(logits * inverse, axis=1)[np.arange(len(labels)), labels].sum())

    best = minimize_scalar(loss, bounds=(1e-3, 60), method="bounded", options={"xatol": 1e-9})
    assert softmax_temperature(logits, labels).value == pytest.approx(1 / best.x, rel=1e-5)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.3, 1.0, 4.0]))
def test_calibration_never_changes_the_answer(seed: int, heat: float) -> None:
    logits, labels = drawn(seed, 60, 5, 2.0, heat)
    found = softmax_temperature(logits.astype(np.float32), labels)
    assert found.value > 0
    assert np.array_equal((logits / found.value).argmax(axis=1), logits.argmax(axis=1))


def test_a_temperature_mends_the_error() -> None:
    logits, labels = drawn(3, 4000, 8, 4.0, 3.0)

    def error(temperature: float) -> float:
        p = np.exp(log_softmax(logits / temperature, axis=1))
        return expected_calibration_error(p.max(axis=1), p.argmax(axis=1) == labels)

    assert error(1.0) > 0.2
    assert error(softmax_temperature(logits, labels).value) < 0.03


def test_where_nothing_can_be_fitted_it_is_1_and_says_why() -> None:
    logits, labels = drawn(0, LEAST, 3, 1.0, 1.0)
    assert softmax_temperature(logits, labels).reason is None
    for rows, due, reason in (
        (logits[1:], labels[1:], f"{LEAST - 1} development examples; at least {LEAST} are due"),
        (logits[:0], labels[:0], f"0 development examples; at least {LEAST} are due"),
        (logits, np.zeros(LEAST), "the development examples are all of one class"),
        (logits, logits.argmax(axis=1), "no development example is answered wrongly"),
        (logits, logits.argmin(axis=1), "no better than chance"),
        (np.zeros((LEAST, 3)), labels, "no better than chance"),
    ):
        found = softmax_temperature(rows, due)
        assert (found.value, found.examples) == (1.0, len(rows))
        assert reason in (found.reason or "")

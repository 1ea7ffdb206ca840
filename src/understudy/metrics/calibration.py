"""Whether confidence means what it says: its error, and the temperature that mends it (numpy only).

Dividing the logits of a head by one number, fitted on development data, makes the confidence of an
over-trained model honest and leaves every answer as it is (Guo et al. 2017, arXiv 1706.04599). The negative
log-likelihood is convex in the inverse of the temperature, so the best one is the root of its derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from understudy.core.errors import UserError

BINS = 15
"""Of equal width, as is usual for expected calibration error."""

LEAST = 50
"""Development examples below which a temperature would be guesswork."""

COLDEST, HOTTEST = 1 / 64, 64.0
"""Temperatures beyond these are none: the data bound them on one side only."""

_ROWS = 8192
"""Logits held in double precision at once."""

Slope = Callable[[float], tuple[float, float]]
"""Inverse temperature -> first and second derivative of the negative log-likelihood at it."""


def expected_calibration_error(confidences: ArrayLike, right: ArrayLike, bins: int = BINS) -> float:
    """Mean distance of accuracy from mean confidence over bins of confidence, weighted by their numbers.

    Bins are of equal width and hold their upper edge; 0 is in the first.

    Args:
        confidences: (N,) from 0 to 1, N > 0.
        right: (N,) whether the answer was right.
        bins: how many.
    """
    return float(sum(abs(gap) for gap in reliability(confidences, right, bins)[:, 3]))


def reliability(confidences: ArrayLike, right: ArrayLike, bins: int = BINS) -> NDArray[np.float64]:
    """What a calibration plot shows: a row a bin that holds something.

    Returns:
        (B, 4): number, mean confidence, accuracy, and (accuracy - confidence) times the bin's share.

    Raises:
        UserError: there is none, or a confidence is not from 0 to 1.
    """
    confidence = np.asarray(confidences, dtype=np.float64)
    correct = np.asarray(right, dtype=np.float64)
    if not confidence.size:
        raise UserError("there is no confidence to measure; at least one is due")
    if not (confidence.min() >= 0 and confidence.max() <= 1):
        raise UserError("a confidence is a number from 0 to 1")
    edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], confidence, side="left")
    number = np.bincount(place, minlength=bins)
    full = number > 0
    number = number[full]
    mean = np.bincount(place, confidence, bins)[full] / number
    accuracy = np.bincount(place, correct, bins)[full] / number
    return np.stack([number, mean, accuracy, (accuracy - mean) * number / len(confidence)], axis=1)


@dataclass(frozen=True)
class Temperature:
    """What a head's logits are divided by before they become probabilities."""

    value: float
    """Above 0; 1 leaves the head as it is."""
    examples: int
    """That it was fitted on."""
    reason: str | None = None
    """Why it is 1 though nothing was fitted."""


def softmax_temperature(logits: ArrayLike, labels: ArrayLike) -> Temperature:
    """The temperature under which the labels are likeliest, exact to rounding.

    Args:
        logits: (N, C).
        labels: (N,) class ids.
    """
    scores = np.asarray(logits)
    due = np.asarray(labels, dtype=np.int64)
    parts = [(scores[at : at + _ROWS], due[at : at + _ROWS]) for at in range(0, len(due), _ROWS)]

    def slope(inverse: float) -> tuple[float, float]:
        first = second = 0.0
        for rows, classes in parts:
            z = rows.astype(np.float64)
            z -= z.max(axis=1, keepdims=True)
            weights = np.exp(inverse * z)
            weights /= weights.sum(axis=1, keepdims=True)
            mean = (weights * z).sum(axis=1)
            first += float((mean - z[np.arange(len(z)), classes]).sum())
            second += float(((weights * z * z).sum(axis=1) - mean**2).sum())
        return first, second

    return fit_temperature(slope, due)


def fit_temperature(slope: Slope, labels: NDArray[np.int64], examples: int | None = None) -> Temperature:
    """The temperature at which the slope is nought, or 1 with the reason why there is none.

    Args:
        slope: derivatives of the convex negative log-likelihood.
        labels: the classes that are due, to refuse data that hold one alone.
        examples: their number, where a label is not an example of its own.
    """
    number = len(labels) if examples is None else examples
    if number < LEAST:
        return Temperature(1.0, number, f"{number} development examples; at least {LEAST} are due")
    if len(np.unique(labels)) < 2:
        return Temperature(1.0, number, "the development examples are all of one class")
    if slope(1 / HOTTEST)[0] >= 0:
        return Temperature(1.0, number, "the answers on development data are no better than chance")
    if slope(1 / COLDEST)[0] <= 0:
        return Temperature(1.0, number, "no development example is answered wrongly, so nothing bounds it")
    return Temperature(1 / _root(slope, 1 / HOTTEST, 1 / COLDEST), number)


def _root(slope: Slope, low: float, high: float) -> float:
    """Where a rising slope is nought: Newton's steps, halving the bracket where one would leave it."""
    at = 1.0
    for _ in range(200):
        first, second = slope(at)
        low, high = (low, at) if first > 0 else (at, high)
        step = at - first / second if second > 0 else high
        if not low < step < high:
            step = float(np.sqrt(low * high))
        if abs(step - at) <= 1e-12 * at:
            return step
        at = step
    return at

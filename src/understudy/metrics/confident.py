"""Confident learning: labels that contradict what a model, which did not see them, is sure of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Doubts:
    """What speaks against each of N labels."""

    likely: NDArray[np.int64]
    """(N,) the class to be expected; the given one where nothing speaks against it."""
    margin: NDArray[np.float64]
    """(N,) the probability of the likely class less that of the given one; 0 where nothing does."""


def doubts(probabilities: Floats, given: Ints) -> Doubts:
    """Which labels are likely wrong (Northcutt, Jiang and Chuang 2021, 3.1: the confident joint).

    A model is sure of a class where it gives it at least the probability that it gives, on average, to that
    class where it is the label. So classes of which it is never quite sure are judged by their own measure. A
    label is doubted where the model is sure of another class, and of that more than of the label.

    Args:
        probabilities: (N, C), of a model that was trained without row N's label.
        given: (N,) the labels.
    """
    rows = np.arange(len(given))
    own = probabilities[rows, given]
    thresholds = np.full(probabilities.shape[1], np.inf)
    for label in np.unique(given):
        thresholds[label] = own[given == label].mean()
    sure = np.where(probabilities >= thresholds, probabilities, -1.0)
    best = sure.argmax(axis=1)
    wrong = (sure[rows, best] > own) & (best != given)
    likely = np.where(wrong, best, given)
    return Doubts(likely, np.where(wrong, probabilities[rows, likely] - own, 0.0))

"""The temperature of tags that form a chain: under which the right paths are likeliest (numpy only).

Scores and transitions are divided by one number, so the best path stays the best. With the inverse b of the
temperature, the negative log-likelihood of a path is log Z(b) - b * score(path), convex in b. The derivatives
of log Z come out of the forward recursion itself, each step of which is a log-sum-exp.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from understudy.metrics.calibration import Temperature, fit_temperature
from understudy.utterances.chain import Scores, Transitions

_ROWS = 512

_TINY = 1e-300


def chain_temperature(
    scores: Sequence[Scores], paths: Sequence[Sequence[int]], transitions: Transitions
) -> Temperature:
    """The best temperature of N tagged texts, exact to rounding.

    Args:
        scores: N arrays (L, T); L may differ, and texts without a unit are passed over.
        paths: N right paths of L tags each.
        transitions: of the CRF, or what BIO allows.
    """
    batches = list(_by_length(scores, paths))
    parts = [(of_tags, tags, _path_scores(of_tags, tags, transitions).sum()) for of_tags, tags in batches]

    def slope(inverse: float) -> tuple[float, float]:
        first = second = 0.0
        for of_tags, _, right in parts:
            derivatives = _log_total_slope(of_tags, transitions, inverse)
            first += derivatives[0] - right
            second += derivatives[1]
        return first, second

    labels = np.concatenate([tags.ravel() for _, tags in batches] or [np.zeros(0, np.int64)])
    return fit_temperature(slope, labels, examples=sum(len(tags) for _, tags in batches))


def _by_length(
    scores: Sequence[Scores], paths: Sequence[Sequence[int]]
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.int64]]]:
    """(B, L, T) scores and (B, L) tags of texts of one length."""
    lengths = np.array([len(path) for path in paths])
    for length in np.unique(lengths[lengths > 0]):
        rows = np.flatnonzero(lengths == length)
        for at in range(0, len(rows), _ROWS):
            some = rows[at : at + _ROWS]
            yield (
                np.stack([np.asarray(scores[row], dtype=np.float64) for row in some]),
                np.array([paths[row] for row in some], dtype=np.int64),
            )


def _path_scores(
    scores: NDArray[np.float64], tags: NDArray[np.int64], transitions: Transitions
) -> NDArray[np.float64]:
    inside = np.take_along_axis(scores, tags[..., None], axis=2)[..., 0].sum(axis=1)
    inside = inside + transitions.between[tags[:, :-1], tags[:, 1:]].sum(axis=1)
    total: NDArray[np.float64] = inside + transitions.start[tags[:, 0]] + transitions.end[tags[:, -1]]
    return total


def _log_total_slope(
    scores: NDArray[np.float64], transitions: Transitions, inverse: float
) -> tuple[float, float]:
    """First and second derivative, by the inverse temperature, of the sum over texts of log Z.

    With w the softmax over the tags before, a step's value is a log-sum-exp; its derivative is the mean under
    w of (derivative before + transition), its second that of the second before plus the variance of the
    former. Sums over pairs of tags are matrix products.
    """
    step = transitions.between.astype(np.float64)
    powers = np.exp(inverse * (step - step.max()))
    once, twice = powers * step, powers * step * step
    first = transitions.start + scores[:, 0]
    value, second = inverse * first, np.zeros_like(first)
    for place in range(1, scores.shape[1]):
        weight = np.exp(value - value.max(axis=1, keepdims=True))
        total = np.maximum(weight @ powers, _TINY)
        weighted = weight * first
        mean = (weighted @ powers + weight @ once) / total
        square = (weight * (second + first * first)) @ powers + 2 * (weighted @ once) + weight @ twice
        second = square / total - mean * mean
        value = np.log(total) + value.max(axis=1, keepdims=True) + inverse * (step.max() + scores[:, place])
        first = mean + scores[:, place]
    value = value + inverse * transitions.end
    first = first + transitions.end
    weight = np.exp(value - value.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    mean = (weight * first).sum(axis=1)
    variance = (weight * (second + first * first)).sum(axis=1) - mean * mean
    return float(mean.sum()), float(variance.sum())

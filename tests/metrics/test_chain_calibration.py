"""The temperature of a chain against brute force over every path."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from understudy.metrics.calibration import LEAST, softmax_temperature
from understudy.metrics.chain_calibration import _log_total_slope, chain_temperature
from understudy.utterances.chain import Transitions, best_path

TAGS = ("O", "B-x", "I-x", "B-y")


def chain(seed: int) -> Transitions:
    random = np.random.default_rng(seed)
    size = len(TAGS)
    free = Transitions(
        random.normal(size=size), random.normal(size=size), random.normal(size=(size, size)) * 2
    )
    return free + Transitions.of_bio(TAGS)


def path_score(scores: np.ndarray, path: tuple[int, ...], chain: Transitions) -> float:
    total = chain.start[path[0]] + chain.end[path[-1]]
    total += sum(scores[place, tag] for place, tag in enumerate(path))
    return float(total + sum(chain.between[one, two] for one, two in pairwise(path)))


def data(seed: int, transitions: Transitions, heat: float) -> tuple[list[np.ndarray], list[tuple[int, ...]]]:
    """Texts of 1 to 4 units, with paths drawn from the chain at a temperature."""
    random = np.random.default_rng(seed)
    scores = [random.normal(size=(random.integers(1, 5), len(TAGS))) * 3 for _ in range(3 * LEAST)]
    paths = []
    for table in scores:
        every = list(product(range(len(TAGS)), repeat=len(table)))
        values = np.array([path_score(table, path, transitions) for path in every])
        paths.append(every[int((values / heat + random.gumbel(size=len(values))).argmax())])
    return scores, paths


@pytest.mark.parametrize("heat", [0.5, 1.0, 6.0])
def test_it_is_the_best_over_every_path(heat: float) -> None:
    transitions = chain(3)
    scores, paths = data(4, transitions, heat)
    tables = [
        np.array(
            [path_score(table, path, transitions) for path in product(range(len(TAGS)), repeat=len(table))]
        )
        for table in scores
    ]
    right = sum(path_score(table, path, transitions) for table, path in zip(scores, paths, strict=True))

    def loss(inverse: float) -> float:
        return float(sum(logsumexp(inverse * values) for values in tables) - inverse * right)

    best = minimize_scalar(loss, bounds=(1e-2, 30), method="bounded", options={"xatol": 1e-9})
    found = chain_temperature(scores, paths, transitions)
    assert found.value == pytest.approx(1 / best.x, rel=1e-5)
    assert found.examples == 3 * LEAST


def test_its_derivatives_are_those_over_every_path() -> None:
    transitions = chain(10)
    table = np.random.default_rng(11).normal(size=(4, len(TAGS)))
    every = [path_score(table, path, transitions) for path in product(range(len(TAGS)), repeat=4)]
    for inverse in (0.3, 1.0, 2.0):
        values = np.array(every)
        weights = np.exp(inverse * values - logsumexp(inverse * values))
        mean = float(weights @ values)
        due = (mean, float(weights @ (values - mean) ** 2))
        assert _log_total_slope(table[None], transitions, inverse) == pytest.approx(due, rel=1e-9)


def test_without_transitions_it_is_that_of_a_softmax() -> None:
    size = len(TAGS)
    none = Transitions(np.zeros(size), np.zeros(size), np.zeros((size, size)))
    scores, paths = data(5, none, 2.0)
    rows, tags = np.concatenate(scores), np.concatenate([np.array(path) for path in paths])
    due = softmax_temperature(rows, tags).value
    assert chain_temperature(scores, paths, none).value == pytest.approx(due, rel=1e-9)


def test_the_best_path_stays_the_best() -> None:
    transitions = chain(6)
    scores, paths = data(7, transitions, 4.0)
    found = chain_temperature(scores, paths, transitions).value
    assert found > 1.5
    for table in scores:
        cooled = best_path(table / found, transitions.scaled(1 / found))
        assert cooled == best_path(table, transitions)


def test_texts_without_a_unit_are_passed_over() -> None:
    transitions = chain(8)
    scores, paths = data(9, transitions, 2.0)
    empty = np.zeros((0, len(TAGS)))
    with_empty = chain_temperature([*scores, empty], [*paths, ()], transitions)
    assert with_empty == chain_temperature(scores, paths, transitions)
    assert chain_temperature([empty], [()], transitions).reason

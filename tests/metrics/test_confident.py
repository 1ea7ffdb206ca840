"""Confident learning: a table worked out by hand, and a slow implementation of the definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from understudy.metrics.confident import doubts


def test_a_label_is_doubted_where_the_model_is_sure_of_another_by_that_ones_own_measure() -> None:
    probabilities = np.array(
        [
            [0.9, 0.1],  # class 0 is given 0.9, 0.7 and 0.2 where it is the label: 0.6 on average
            [0.7, 0.3],
            [0.2, 0.8],
            [0.1, 0.9],  # class 1: 0.9 and 0.45, on average 0.675
            [0.55, 0.45],
        ]
    )
    found = doubts(probabilities, np.array([0, 0, 0, 1, 1]))
    # The third is given 0.8, over 0.675, to class 1. The last leans to class 0, but 0.55 is below its 0.6.
    assert found.likely.tolist() == [0, 0, 1, 1, 1]
    assert found.margin.round(6).tolist() == [0, 0, 0.6, 0, 0]


@given(st.integers(1, 30), st.integers(1, 6), st.integers(0, 10_000))
def test_it_is_the_definition(rows: int, classes: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet(np.full(classes, 0.5), rows)
    labels = random.integers(classes, size=rows)
    found = doubts(probabilities, labels)
    for row in range(rows):
        best, likely = probabilities[row, labels[row]], labels[row]
        for other in set(labels.tolist()) - {labels[row]}:
            threshold = np.mean([probabilities[i, other] for i in range(rows) if labels[i] == other])
            if probabilities[row, other] >= threshold and probabilities[row, other] > best:
                best, likely = probabilities[row, other], other
        assert found.likely[row] == likely
        assert found.margin[row] == best - probabilities[row, labels[row]]


def test_classes_that_are_no_label_are_never_likely() -> None:
    found = doubts(np.array([[0.1, 0.9], [0.3, 0.7]]), np.array([0, 0]))
    assert found.likely.tolist() == [0, 0]

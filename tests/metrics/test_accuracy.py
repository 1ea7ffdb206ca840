"""Accuracy by locale and its means, by hand."""

from __future__ import annotations

import pytest

from understudy.metrics.accuracy import accuracy_by_locale, means

ROWS = [
    ("en", "a", "a"),
    ("de", "a", "b"),
    ("en", "b", "a"),
    ("fr", "b", "b"),
    ("de", "b", "b"),
    ("de", "a", "b"),
]


def test_by_locale_and_means_over_locales() -> None:
    accuracy = accuracy_by_locale(*map(list, zip(*ROWS, strict=True)))
    assert accuracy == {"en": 1 / 2, "de": 1 / 3, "fr": 1}
    assert means(accuracy, ["en"]) == {
        "trained": 1 / 2,
        "zero_shot": (1 / 3 + 1) / 2,
        "mean": pytest.approx(11 / 18),
    }


def test_a_mean_over_nothing_is_none() -> None:
    assert means({"en": 0.5}, ["en"]) == {"trained": 0.5, "zero_shot": None, "mean": 0.5}
    assert means({"de": 0.5}, ["en"]) == {"trained": None, "zero_shot": 0.5, "mean": 0.5}

"""Intervals of one system's measures."""

from __future__ import annotations

import json

import numpy as np
import pytest

from understudy.metrics.intervals import intervals
from understudy.metrics.nlu import score
from understudy.utterances.frame import Frame


def frames(number: int, locale: str, wrong: int) -> tuple[list[Frame], list[Frame]]:
    due = [Frame(str(i), locale, "one two", "d", "a") for i in range(number)]
    given = [Frame(str(i), locale, "one two", "d", "b" if i < wrong else "a") for i in range(number)]
    return due, given


def test_an_interval_is_that_of_a_share() -> None:
    """400 utterances, 100 wrong: the share right is 0.75, its standard error sqrt(0.75 * 0.25 / 400)."""
    due, given = frames(400, "en-US", 100)
    found = intervals(due, given, ("intent", "slots"), resamplings=2000, seed=0)
    assert (found["resamplings"], found["confidence"]) == (2000, 0.95)
    low, high = found["all"]["micro"]["intent_accuracy"]
    error = np.sqrt(0.75 * 0.25 / 400)
    assert low == pytest.approx(0.75 - 1.96 * error, abs=0.005)
    assert high == pytest.approx(0.75 + 1.96 * error, abs=0.005)
    assert found["locale"]["en-US"]["intent_accuracy"] == [low, high]


def test_it_holds_the_value_and_the_same_seed_gives_it_again() -> None:
    parts = [frames(60, "en-US", 10), frames(60, "de-DE", 30)]
    due, given = ([frame for part in parts for frame in part[side]] for side in (0, 1))
    one, again, other = (
        intervals(due, given, ("intent", "slots"), resamplings=100, seed=seed) for seed in (0, 0, 1)
    )
    assert one == again != other
    scores = score(due, given)
    for locale, row in scores["by_locale"].items():
        low, high = one["locale"][locale]["semer"]
        assert low <= row["semer"] <= high
    low, high = one["all"]["macro"]["semer"]
    assert low <= scores["macro"]["semer"] <= high
    assert "domain_f1" not in one["domain"]["d"]


def test_what_has_no_value_has_a_reason() -> None:
    due, given = frames(30, "en-US", 3)
    row = intervals(due, given, ("intent", "slots"), resamplings=20, seed=0)["all"]["micro"]
    assert row["slot_f1"] is None
    assert row["undefined"]["slot_f1"] == "neither the references nor the hypotheses hold a slot"
    alone = intervals(due, given, ("slots",), resamplings=20, seed=0)["all"]["micro"]
    assert alone["intent_accuracy"] is None
    assert alone["undefined"]["intent_accuracy"] == "the model has no intent head"
    assert "NaN" not in json.dumps(alone)

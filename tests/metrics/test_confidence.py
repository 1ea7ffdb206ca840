"""Measures of confidence and the threshold, by hand and as properties."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.metrics.confidence import auroc, confidence_measures, is_right, rejection_threshold
from understudy.metrics.counts import count
from understudy.metrics.nlu import score
from understudy.utterances.frame import Frame, Slot


def frame(number: int, intent: str, *slots: Slot, **more: Any) -> Frame:
    return Frame(str(number), more.pop("locale", "en-US"), "one two three", "", intent, slots, **more)


def test_auroc_by_hand() -> None:
    assert auroc([0.9, 0.6], [0.6, 0.1]) == pytest.approx(3.5 / 4)
    assert auroc([1], [0]) == 1
    assert auroc([0], [1]) == 0


def test_each_head_has_its_own_calibration() -> None:
    one, two = Slot("a", "one", 0, 3, 0.9), Slot("b", "two", 4, 7, 0.5)
    pairs = [
        (frame(1, "x", one), frame(1, "x", one, two, confidence=0.8, intent_confidence=0.7)),
        (frame(2, "x"), frame(2, "y", confidence=0.1, intent_confidence=0.4)),
    ]
    row = confidence_measures(pairs)
    assert row["calibration_error"] == pytest.approx(
        {"frame": (0.8 + 0.1) / 2, "intent": (0.3 + 0.4) / 2, "slots": (0.1 + 0.5) / 2}
    )
    assert row["reliability"]["intent"] == [[1, 0.4, 0.0], [1, 0.7, 1.0]]
    assert row["undefined"]["calibration_error.domain"] == (
        "no domain of a hypothesis in scope carries a confidence"
    )


def test_a_frame_is_right_where_all_that_the_heads_tell_is() -> None:
    due = Frame("1", "en-US", "one two three", "d", "x", (Slot("a", "one", 0, 3),))
    answers = {
        "all": due,
        "classes": Frame("1", "en-US", due.text, "d", "x"),
        "domain": Frame("1", "en-US", due.text, "d", "y"),
        "slots": Frame("1", "en-US", due.text, "e", "y", due.slots),
        "nothing": Frame("1", "en-US", due.text, "e", "y", (Slot("b", "one", 0, 3),)),
    }
    for heads, right in {
        ("intent", "slots"): {"all"},
        ("intent", "slots", "domain"): {"all"},
        ("intent",): {"all", "classes"},
        ("domain",): {"all", "classes", "domain"},
        ("slots",): {"all", "slots"},
        ("slots", "domain"): {"all"},
    }.items():
        assert {name for name, answer in answers.items() if is_right(due, answer, heads)} == right
    sure = replace(answers["classes"], confidence=0.9, rejected=False)
    assert confidence_measures([(due, sure)])["accepted_precision"] == 0
    of_classes = confidence_measures([(due, sure)], ("intent", "domain"))
    assert of_classes["accepted_precision"] == 1
    assert of_classes["calibration_error"]["frame"] == pytest.approx(0.1)


@given(st.randoms(use_true_random=False))
def test_with_intents_and_slots_right_is_an_exact_match(random: Random) -> None:
    def some() -> Frame:
        slots = [
            Slot(random.choice("ab"), word, start, start + len(word))
            for word, start in (("one", 0), ("two", 4), ("three", 8))
            if random.random() < 0.4
        ]
        return frame(1, random.choice("xy"), *slots)

    for _ in range(20):
        due, given_ = some(), some()
        assert is_right(due, given_) == bool(count(due, given_).exact)


def test_what_has_no_value_says_why() -> None:
    bare = [frame(1, "x"), frame(2, "x", locale="de-DE")]
    measures = score(bare, bare)["confidence"]
    assert set(measures["by_locale"]) == {"de-DE", "en-US"}
    row = measures["all"]
    assert row["calibration_error"] == row["reliability"] == {}
    numbers = {name for name, value in row.items() if value is None}
    heads = {f"calibration_error.{head}" for head in ("frame", "intent", "domain", "slots")}
    assert set(row["undefined"]) == numbers | heads
    assert "not marked as rejected" in row["undefined"]["acceptance_rate"]
    assert "no reference has the intent 'out_of_scope'" in row["undefined"]["out_of_scope_auroc"]
    assert "NaN" not in json.dumps(row)
    some = [(bare[0], frame(1, "x", confidence=0.5)), (bare[1], bare[1])]
    assert "1 of the hypotheses carry no confidence of the frame" in str(confidence_measures(some))
    outside = frame(1, "out_of_scope")
    alone = confidence_measures([(outside, frame(1, "x", confidence=0.5, rejected=True))])
    assert alone["out_of_scope_accepted"] == 0
    assert "every reference is out of scope" in alone["undefined"]["out_of_scope_auroc"]
    perfect = confidence_measures([(bare[0], frame(1, "x", rejected=True))])
    assert perfect["acceptance_rate"] == 0
    assert perfect["undefined"]["accepted_precision"] == "all are rejected"
    assert perfect["undefined"]["false_accept_rate"] == "no frame is wrong"


def test_an_answer_that_says_out_of_scope_is_below_all_others() -> None:
    pairs = [
        (frame(1, "x"), frame(1, "x", confidence=0.6)),
        (frame(2, "out_of_scope"), frame(2, "out_of_scope", confidence=0.1)),
        (frame(3, "out_of_scope"), frame(3, "x", confidence=0.8)),
    ]
    assert confidence_measures(pairs)["out_of_scope_auroc"] == 0.5  # 0.6 against -0.1 and 0.8


CONFIDENCES = st.lists(st.one_of(st.floats(0, 1), st.sampled_from([0.25, 0.5, 1.0])), min_size=1, max_size=60)


@given(CONFIDENCES, st.floats(0, 1))
def test_the_threshold_keeps_the_rate_it_was_chosen_for(unwanted: list[float], rate: float) -> None:
    threshold = rejection_threshold(unwanted, rate)
    values = np.array(unwanted)
    assert 0 <= threshold <= 1
    assert (values > threshold).mean() <= rate + 1e-9
    # Any lower one would let through too many.
    lower = np.nextafter(threshold, -1)
    assert threshold == 0 or (values > lower).mean() > rate - 1e-9


def test_the_threshold_by_hand() -> None:
    unwanted = [0.1, 0.2, 0.3, 0.4]
    assert rejection_threshold(unwanted, 0.0) == 0.4
    assert rejection_threshold(unwanted, 0.25) == 0.3
    assert rejection_threshold(unwanted, 0.49) == 0.3
    assert rejection_threshold(unwanted, 1.0) == 0.0
    assert rejection_threshold([0.7, 0.7, 0.1], 0.4) == 0.7, "of equals all pass or none"

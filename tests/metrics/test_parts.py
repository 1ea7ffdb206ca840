"""Measures of parts of a test set, and of what is not there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from understudy.metrics.measures import MEASURES
from understudy.metrics.nlu import score
from understudy.utterances.frame import Frame, Slot, Tail

COMMON, MIDDLING, RARE = Tail(False, False), Tail(False, True), Tail(True, True)


def frame(number: int, domain: str, intent: str, *slots: str, **more: Any) -> Frame:
    """Slots of words of "one two three", by ``name:word``."""
    text = "one two three"
    pairs = [slot.split(":") for slot in slots]
    spans = tuple(Slot(name, word, text.index(word), text.index(word) + len(word)) for name, word in pairs)
    return Frame(str(number), more.pop("locale", "en-US"), text, domain, intent, spans, **more)


REFERENCES = [
    frame(1, "alarm", "alarm_set", "time:one", tail=COMMON),
    frame(2, "alarm", "alarm_set", "time:two", tail=COMMON),
    frame(3, "music", "music_play", "artist:three", tail=MIDDLING),
    frame(4, "news", "news_read", tail=RARE),
]
HYPOTHESES = [
    frame(1, "alarm", "alarm_set", "time:one"),
    frame(2, "music", "music_play", "artist:two"),
    frame(3, "music", "music_play", "artist:three"),
    frame(4, "music", "music_play", "artist:one"),
]


def test_domains_slots_tail_and_head_by_hand() -> None:
    result = score(REFERENCES, HYPOTHESES)
    # alarm: 2 due, 1 given, 1 right; music: 1, 3, 1; news: 1, 0, 0.
    assert result["domain_accuracy"] == 0.5
    assert result["domain_f1"] == pytest.approx((2 / 3 + 2 / 4 + 0) / 3)
    by_domain = result["by_domain"]
    assert {name: row["domain_f1"] for name, row in by_domain.items()} == pytest.approx(
        {"alarm": 2 / 3, "music": 2 / 4, "news": 0.0}
    )
    assert [by_domain[name]["exact_match"] for name in ("alarm", "music", "news")] == [0.5, 1.0, 0.0]
    assert by_domain["alarm"]["semer"] == pytest.approx(3 / 4)  # intent, time missing, artist invented
    assert result["icer"] == result["irer"] == result["exact_match_error"] == 0.5
    assert result["slot_precision"] == pytest.approx(2 / 4)
    assert result["slot_recall"] == pytest.approx(2 / 3)
    assert result["slot_f1"] == pytest.approx(4 / 7)
    assert result["slot_error"] == pytest.approx(3 / 7)
    time, artist = result["by_slot"]["time"], result["by_slot"]["artist"]
    assert (time["reference"], time["hypothesis"], time["right"]) == (2, 1, 1)
    assert (artist["slot_precision"], artist["slot_recall"]) == pytest.approx((1 / 3, 1.0))
    counts = {name: (row["count"], row["exact_match"]) for name, row in result["by_tail"].items()}
    assert counts == {"rare": (1, 0.0), "frequent": (3, 2 / 3), "outside_top": (2, 0.5), "top": (2, 0.5)}


def test_a_domain_that_is_given_but_never_due_is_one_of_those_meant() -> None:
    due = [frame(1, "alarm", "a"), frame(2, "alarm", "a")]
    result = score(due, [frame(1, "alarm", "a"), frame(2, "taxi", "a")])
    assert result["domain_f1"] == pytest.approx((2 / 3 + 0) / 2)


def test_a_part_is_measured_as_if_it_were_all() -> None:
    whole = score(REFERENCES, HYPOTHESES)
    alarm = score(REFERENCES[:2], HYPOTHESES[:2])
    part = whole["by_domain"]["alarm"]
    assert {name: part[name] for name in MEASURES if name != "domain_f1"} == {
        name: alarm[name] for name in MEASURES if name != "domain_f1"
    }


def test_what_is_not_there_has_no_value_but_a_reason() -> None:
    bare = [frame(1, "", "a"), frame(2, "", "b")]
    result = score(bare, bare)
    nothing = {"slot_f1", "slot_error", "slot_precision", "slot_recall", "domain_accuracy", "domain_f1"}
    assert {name for name in MEASURES if result[name] is None} == nothing == set(result["undefined"])
    assert "hold a slot" in result["undefined"]["slot_f1"]
    assert "no domain" in result["undefined"]["domain_f1"]
    assert result["macro"]["slot_f1"] is None
    assert result["by_domain"] == result["by_tail"] == result["by_slot"] == {}
    assert "NaN" not in json.dumps(result)
    assert (result["exact_match"], result["semer"]) == (1.0, 0.0)


def test_marks_on_some_references_alone_measure_no_tail() -> None:
    assert score([REFERENCES[0], frame(9, "x", "y")], [HYPOTHESES[0], frame(9, "x", "y")])["by_tail"] == {}


def test_labels_that_training_never_saw_are_errors() -> None:
    seen = [frame(1, "alarm", "alarm_set"), frame(2, "alarm", "alarm_set")]
    unseen = [frame(1, "alarm", "alarm_set"), frame(2, "taxi", "taxi_call", "car:one")]
    result = score(unseen, seen)
    assert (result["intent_accuracy"], result["domain_accuracy"], result["exact_match"]) == (0.5, 0.5, 0.5)
    assert result["by_slot"]["car"]["slot_recall"] == 0.0
    assert result["by_domain"]["taxi"]["domain_f1"] == 0.0

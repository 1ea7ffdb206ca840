"""Frames as JSON: what is read, what is refused and where."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from understudy.core.errors import UserError
from understudy.utterances.frame import Frame, Slot, Tail
from understudy.utterances.read import read_frames, write_frames

GOOD: dict[str, Any] = {
    "id": "7",
    "locale": "en-US",
    "text": "wake me at five",
    "domain": "alarm",
    "intent": "alarm_set",
    "slots": [{"name": "time", "value": "five", "start": 11, "end": 15}],
}


def test_a_frame_survives_its_file(tmp_path: Path) -> None:
    frame = Frame.from_json(GOOD)
    assert frame.slots == (Slot("time", "five", 11, 15),)
    predicted = Frame(**{name: getattr(frame, name) for name in GOOD}, confidence=0.5, rejected=False)
    assert frame.to_json() == GOOD
    assert predicted.to_json() == {**GOOD, "confidence": 0.5, "rejected": False}
    marked = Frame.from_json({**GOOD, "tail": {"rare": True, "outside_top": False}})
    assert marked.tail == Tail(rare=True, outside_top=False)
    sure = replace(frame, intent_confidence=0.75, domain_confidence=1.0)
    assert sure.to_json() == {**GOOD, "intent_confidence": 0.75, "domain_confidence": 1.0}
    path = tmp_path / "frames.jsonl.gz"
    assert write_frames(path, [frame, predicted, marked, sure]) == 4
    assert read_frames(path) == [frame, predicted, marked, sure]


def test_a_slot_keeps_its_confidence_and_is_the_same_slot_without_it() -> None:
    row = {**GOOD, "slots": [{**GOOD["slots"][0], "confidence": 0.25}]}
    frame = Frame.from_json(row)
    assert frame.to_json() == row
    assert frame.slots == Frame.from_json(GOOD).slots
    assert len({*frame.slots, *Frame.from_json(GOOD).slots}) == 1


def test_slots_come_in_text_order() -> None:
    slots = [
        {"name": "b", "value": "five", "start": 11, "end": 15},
        {"name": "a", "value": "me", "start": 5, "end": 7},
    ]
    assert [slot.name for slot in Frame.from_json({**GOOD, "slots": slots}).slots] == ["a", "b"]


def _slot(**changes: object) -> dict[str, Any]:
    return {"slots": [{**GOOD["slots"][0], **changes}]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": " "}, "'text' is empty"),
        ({"id": 7}, "'id' must be a text"),
        ({"intent": None}, "'intent' must be a text"),
        ({"text": "half \ud800"}, "half a character"),
        ({"slots": None}, "'slots' must be a list"),
        ({"slots": ["time"]}, "must be an object"),
        ({"confidence": 2}, "from 0 to 1"),
        ({"confidence": float("nan")}, "from 0 to 1"),
        ({"intent_confidence": -0.1}, "'intent_confidence' must be a number from 0 to 1"),
        ({"domain_confidence": True}, "'domain_confidence' must be a number from 0 to 1"),
        (_slot(confidence="1"), "'confidence' must be a number from 0 to 1"),
        ({"rejected": 1}, "true or false"),
        ({"tail": "rare"}, "'rare' and 'outside_top'"),
        ({"tail": {"rare": True}}, "each true or false"),
        (_slot(name=""), "empty name"),
        (_slot(start=True), "whole numbers"),
        (_slot(start="11"), "whole numbers"),
        (_slot(value="six"), "'five', not 'six'"),
        (_slot(end=16), "15 characters"),
        (_slot(start=-4), "no span"),
        (_slot(start=15), "no span"),
        ({"slots": GOOD["slots"] * 2}, "overlap"),
    ],
)
def test_a_bad_frame_is_refused_with_its_line(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message) as error:
        Frame.from_json({**GOOD, **changes}, Path("frames.jsonl"), 3)
    assert str(error.value).startswith("frames.jsonl: line 3: ")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(UserError, match="key 'locale' is missing"):
        Frame.from_json({key: value for key, value in GOOD.items() if key != "locale"})

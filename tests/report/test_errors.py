"""Kinds of error: a table worked out by hand, and what holds for any two readings of a text."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.report.errors import KINDS, kinds_of, slot_errors
from understudy.utterances.frame import Frame, Slot

TEXT = "wake me at seven on monday please"


def slot(name: str, value: str) -> Slot:
    start = TEXT.index(value)
    return Slot(name, value, start, start + len(value))


def frame(*slots: Slot, intent: str = "set", domain: str = "alarm") -> Frame:
    return Frame("1", "en-US", TEXT, domain, intent, tuple(sorted(slots, key=lambda each: each.start)))


SEVEN, MONDAY = slot("time", "seven"), slot("date", "monday")


@pytest.mark.parametrize(
    ("due", "given", "kinds"),
    [
        ([SEVEN], [SEVEN], []),
        ([], [], []),
        ([SEVEN], [], ["missing"]),
        ([], [SEVEN], ["spurious"]),
        ([SEVEN], [slot("time", "at seven")], ["border"]),
        ([SEVEN], [slot("time", "seven on")], ["border"]),
        ([slot("time", "seven on monday")], [SEVEN], ["border"]),
        ([SEVEN], [slot("date", "seven")], ["name"]),
        ([SEVEN], [slot("date", "at seven")], ["name"]),
        ([SEVEN], [slot("time", "monday")], ["value"]),
        ([SEVEN, MONDAY], [SEVEN], ["missing"]),
        ([SEVEN, MONDAY], [slot("date", "seven"), slot("time", "monday")], ["name", "name"]),
        # One slot that swallows two: the one whose name it has is cut wrong, the other is missing.
        ([SEVEN, MONDAY], [slot("time", "seven on monday")], ["border", "missing"]),
        ([slot("time", "seven on monday")], [SEVEN, MONDAY], ["border", "spurious"]),
        # A border is found before a name, so the wrong pair does not take its partner.
        ([slot("date", "at seven"), MONDAY], [slot("date", "seven")], ["border", "missing"]),
        ([slot("time", "wake")], [slot("date", "monday")], ["missing", "spurious"]),
    ],
)
def test_kinds_of_slots(due: list[Slot], given: list[Slot], kinds: list[str]) -> None:
    assert sorted(error.kind for error in slot_errors(frame(*due), frame(*given))) == sorted(kinds)


def test_intent_and_domain() -> None:
    assert kinds_of(frame(), frame(intent="cancel")) == ["intent"]
    assert kinds_of(frame(), frame(intent="play", domain="music")) == ["intent", "domain"]
    assert kinds_of(frame(domain=""), frame(domain="music")) == []
    assert kinds_of(frame(SEVEN), frame(intent="", domain="music"), heads=["domain"]) == ["domain"]
    assert kinds_of(frame(SEVEN), frame(intent="cancel"), heads=["slots"]) == ["missing"]


@st.composite
def readings(draw: st.DrawFn) -> Frame:
    edges = sorted(draw(st.sets(st.integers(0, len(TEXT)), max_size=8)))
    spans = zip(edges[::2], edges[1::2], strict=False)
    names = st.sampled_from(["time", "date", "place"])
    slots = tuple(Slot(draw(names), TEXT[start:end], start, end) for start, end in spans)
    return Frame("1", "en-US", TEXT, "alarm", "set", slots)


@given(readings(), readings())
def test_every_slot_is_right_or_in_one_error(due: Frame, given: Frame) -> None:
    errors = slot_errors(due, given)
    right = set(due.slots) & set(given.slots)
    references = Counter(error.reference for error in errors if error.reference)
    hypotheses = Counter(error.hypothesis for error in errors if error.hypothesis)
    assert references == Counter(set(due.slots) - right)
    assert hypotheses == Counter(set(given.slots) - right)
    for error in errors:
        assert error.kind in KINDS
        assert (error.hypothesis is None) == (error.kind == "missing")
        assert (error.reference is None) == (error.kind == "spurious")


@given(readings(), readings())
def test_turned_around_missing_is_spurious_and_all_else_stays(due: Frame, given: Frame) -> None:
    there = Counter(error.kind for error in slot_errors(due, given))
    back = Counter(error.kind for error in slot_errors(given, due))
    # Which of several partners is taken may differ, so only the sums of both sides are fixed.
    assert len(due.slots) + there["spurious"] == len(given.slots) + there["missing"]
    assert len(given.slots) + back["spurious"] == len(due.slots) + back["missing"]
    if due == given:
        assert not there and not back

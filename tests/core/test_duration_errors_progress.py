"""Durations, hints, and progress where nobody watches a terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from understudy.core import progress as progress_module
from understudy.core.duration import Duration
from understudy.core.errors import UserError, nearest
from understudy.core.progress import progress


@pytest.mark.parametrize(
    ("given_", "steps"),
    [
        ({"steps": 7}, 7),
        # A pass is 10 batches of 100 rows with 2,000 pieces in all.
        ({"epochs": 2}, 20),
        ({"epochs": 0.25}, 2),
        ({"epochs": 0.001}, 1),
        ({"examples": 50}, 5),
        ({"examples": 250}, 25),
        ({"tokens": 3000}, 15),
    ],
)
def test_every_unit_in_steps(given_: dict[str, float], steps: int) -> None:
    assert Duration(**given_).in_steps(steps_per_epoch=10, examples=100, tokens=2000) == steps


@given(st.integers(1, 10**6), st.integers(1, 10**4), st.integers(1, 10**6))
def test_all_units_of_one_pass_agree(examples: int, batches: int, tokens: int) -> None:
    sizes = {"steps_per_epoch": batches, "examples": examples, "tokens": tokens}
    assert Duration(epochs=1).in_steps(**sizes) == batches
    assert Duration(examples=examples).in_steps(**sizes) == batches
    assert Duration(tokens=tokens).in_steps(**sizes) == batches


@pytest.mark.parametrize(
    "wrong", [{}, {"steps": 1, "epochs": 1}, {"steps": 0}, {"epochs": float("inf")}, {"minutes": 3}]
)
def test_anything_but_one_unit_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Duration(**wrong)


def test_converged_needs_a_most() -> None:
    duration = Duration(converged={"patience": 2}, tokens=3000)
    assert duration.converged is not None and duration.converged.improvement == 0.001
    assert duration.in_steps(steps_per_epoch=10, examples=100, tokens=2000) == 15
    with pytest.raises(ValidationError, match="as the most, beside converged"):
        Duration(converged={"patience": 2})


def test_the_nearest_name_or_all_of_them() -> None:
    assert nearest("tempreature", ["temperature", "teacher"]) == "did you mean 'temperature'?"
    assert nearest("xyz", ["b", "a"]) == "valid: a, b"
    assert nearest("xyz", []) == "none exists"


def test_an_error_is_one_line_with_file_and_place() -> None:
    assert str(UserError("is\nbad", file="a.yaml", place=3)) == "a.yaml: line 3: is bad"
    assert str(UserError("is bad", file="a.yaml", place="steps.x")) == "a.yaml: steps.x: is bad"
    assert str(UserError("is bad")) == "is bad"


def test_lines_with_an_estimate_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: now[0])
    with progress("student", total=3000, unit="steps") as bar:
        bar.start_at(1000)
        now[0] += 5  # too soon for a line
        bar.advance(100)
        now[0] += 15
        bar.advance(100, note="loss 3.2")
    # 200 steps in 20 s; what was done before the resumption does not make it look faster. 1,800 are left.
    captured = capsys.readouterr()
    assert captured.err == "student: 1,200/3,000 steps, ETA 3:00, loss 3.2\n"
    assert captured.out == ""


def test_hours_are_shown_and_a_total_that_nobody_knows_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: now[0])
    with progress("teacher", total=1001, unit="steps") as bar, progress("reader", unit="rows") as endless:
        now[0] += 11
        bar.advance(1)
        endless.advance(5)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["teacher: 1/1,001 steps, ETA 3:03:20", "reader: 5 rows"]
    assert re.fullmatch(r".*ETA \d:\d\d:\d\d", lines[0])

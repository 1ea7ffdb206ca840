"""The time that training will take, by a clock that goes on only where something is waited for."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from understudy.core.errors import UserError
from understudy.objectives.teaching import AlignedTeacher
from understudy.training import sanity
from understudy.training.aligned_task import Aligned, AlignedTask
from understudy.training.masked_task import MaskedTask
from understudy.training.world import World

FINITE, SCORED, FIRST, ALIGNED = 5.0, 7.0, 1000.0, 11.0
"""Seconds: until the teacher's values are there, a student's, of a model's first pass, and to align rows."""


@pytest.fixture
def task(masked_task: Callable[[], MaskedTask]) -> MaskedTask:
    return masked_task()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The time, which passes in what waits for a device, and at a model's first pass."""
    now = SimpleNamespace(seconds=0.0, passes={})

    def taking(seconds: float, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            now.seconds += seconds
            return function(*arguments, **options)

        return call

    work = sanity._pass

    def first_is_slow(model: Any, *arguments: Any) -> Any:
        now.passes[model] = now.passes.get(model, 0) + 1
        now.seconds += FIRST * (now.passes[model] == 1)
        return work(model, *arguments)

    monkeypatch.setattr(sanity, "_pass", first_is_slow)
    monkeypatch.setattr(sanity.time, "perf_counter", lambda: now.seconds)
    monkeypatch.setattr(sanity.torch, "isfinite", taking(FINITE, torch.isfinite))
    monkeypatch.setattr(sanity, "summed_cross_entropy", taking(SCORED, sanity.summed_cross_entropy))
    return now


def looked_at(task: MaskedTask) -> tuple[int, int]:
    """Batches and pieces."""
    batches = [batch for _, batch in sanity._groups(task, task.validation)]
    return len(batches), sum(int(task.validation.lengths[batch.rows].sum()) for batch in batches)


@pytest.mark.parametrize(
    ("written", "students", "due"),
    [(False, 1, FINITE + 3 * SCORED), (False, 2, FINITE + 6 * SCORED), (True, 1, 3 * SCORED)],
)
def test_the_time_expected_is_the_teachers_pass_and_the_students_steps(
    masked_task: Callable[[], MaskedTask], now: Any, written: bool, students: int, due: float
) -> None:
    task, tasks = masked_task(), {str(i): masked_task() for i in range(students)}
    seen = sanity.look(task.model, tasks, written=written)
    batches, pieces = looked_at(task)
    assert seen.seconds_per_piece == pytest.approx(batches * due / pieces)
    assert len(now.passes) == 1 + students and min(now.passes.values()) == 1 + batches
    assert seen.numbers(3600 * pieces)["expected_hours"] == pytest.approx(batches * due)


def test_processes_share_the_work(task: MaskedTask, now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "on", lambda device: World(size=4, device=device))
    batches, pieces = looked_at(task)
    seen = sanity.look(deepcopy(task.model), {"": task})
    assert seen.seconds_per_piece == pytest.approx(batches * (FINITE + 3 * SCORED) / pieces / 4)


class OwnPieces:
    """Aligns rows whose pieces the teacher has too, in a time of its own."""

    max_length = 32
    teacher = SimpleNamespace(special=SimpleNamespace(pad=1))

    def __init__(self, now: Any) -> None:
        self.now = now

    def align(self, ids: np.ndarray) -> Aligned:
        self.now.seconds += ALIGNED
        each = list(range(len(ids)))
        return Aligned(ids.tolist(), each, each, len(ids))


def aligned(task: MaskedTask, now: Any) -> AlignedTask:
    return AlignedTask(
        task.objective,
        task.model,
        train=task.train,
        validation=task.validation,
        settings=task.settings,
        seed=0,
        aligner=OwnPieces(now),
    )


def test_words_are_aligned_while_the_batch_before_is_learned_from(
    task: MaskedTask, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sanity, "ROWS", 4)
    monkeypatch.setattr(AlignedTask, "share", lambda _: 0.5)
    teacher = AlignedTeacher(deepcopy(task.model))
    words = aligned(task, now)
    batches = [batch for _, batch in sanity._groups(words, words.train)]
    pieces = sum(int(words.train.lengths[batch.rows].sum()) for batch in batches)
    due = sum(max(len(batch.rows) * ALIGNED, FINITE + 3 * SCORED) for batch in batches)
    seen = sanity.look_at_words(teacher, {"": words})
    assert len(batches) == 2
    assert seen.seconds_per_piece == pytest.approx(due / pieces)
    assert seen.numbers(pieces) == {"aligned": 0.5, "expected_hours": round(due / 3600, 3)}
    assert "50% of the pieces are in words both cut alike" in seen.lines(pieces)[0]
    assert seen.lines(pieces)[1].startswith("expected: ")


def test_a_teacher_of_words_that_emits_nonsense_is_refused(task: MaskedTask, now: Any) -> None:
    model = deepcopy(task.model)
    model.encoder.words.weight.data[7] = torch.nan
    with pytest.raises(UserError, match="the teacher emits values that are not finite"):
        sanity.look_at_words(AlignedTeacher(model), {"": aligned(task, now)})

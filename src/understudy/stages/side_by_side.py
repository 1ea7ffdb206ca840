"""Steps of a recipe that do not need each other, side by side: each in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from understudy.core.artifact import Artifact
from understudy.core.recipe.graph import dependencies
from understudy.stages.runner import Outcome, Run, Say

Command = Callable[[str], Sequence[str]]
"""A step's name to what makes it: ``understudy step RECIPE NAME ...``."""

_LOOK_EVERY = 0.05
"""Seconds between looks at the processes."""
_LAST_LINES = 10.0
"""Seconds in which the last lines of a process that has ended come, unless one of its own holds them up."""


class _Child:
    """A process that makes a step, and a thread that hands its lines on."""

    def __init__(self, command: Sequence[str], threads: int, say: Say) -> None:
        environment = {"OMP_NUM_THREADS": str(threads)} | dict(os.environ)
        # Lines, where each of several processes would draw its own bars on a terminal.
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        self._lines = threading.Thread(target=self._hand_on, args=(say,), daemon=True)
        self._lines.start()

    def _hand_on(self, say: Say) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            say(line.rstrip("\n"))

    def ended(self) -> bool:
        """Whether it has."""
        return self.process.poll() is not None

    def end(self) -> int:
        """Wait for it and its lines; the exit code as a shell has it."""
        code = self.process.wait()
        self._lines.join(_LAST_LINES)
        return code if code >= 0 else 128 - code


def execute_side_by_side(
    run: Run,
    command: Command,
    jobs: int,
    only: list[str] | None = None,
    *,
    force: bool = False,
    say: Say = lambda line: print(line, file=sys.stderr, flush=True),
) -> list[Outcome]:
    """Make every selected step that is not up to date, at most ``jobs`` at a time.

    A step begins when those it reads are made. The processes share the cores: each gets as many threads as
    come to it when it begins, unless ``OMP_NUM_THREADS`` says how many.

    Args:
        run: the recipe.
        command: what makes a step.
        jobs: processes at a time.
        only: names of steps; none: all.
        force: make them again even when they are up to date.
        say: where the lines of all of them go.

    Raises:
        UserError: anything wrong with the recipe.
        SystemExit: a step failed, with its exit code; the others were told to save their state and end.
    """
    order = run.select(only)
    waiting, outcomes = list(order), dict[str, Outcome]()
    running: dict[str, _Child] = {}
    with _terminated_as_an_error(), _ended_with(running):
        while waiting or running:
            ready = [step for step in waiting if not _missing(run, step, {*waiting, *running})]
            for step in ready[: jobs - len(running)]:
                waiting.remove(step)
                if not force and run.is_up_to_date(step):
                    say(f"{step}: up to date")
                    outcomes[step] = _outcome(run, step, "up to date", 0.0)
                else:
                    beside = min(jobs, len(ready) + len(running))
                    running[step] = _Child(command(step), max(1, _cores() // beside), say)
            for step in [step for step, child in running.items() if child.ended()]:
                if code := running.pop(step).end():
                    raise SystemExit(code)
                seconds = Artifact.load(run.folder / step).manifest.seconds
                outcomes[step] = _outcome(run, step, "done", seconds)
            if running:
                time.sleep(_LOOK_EVERY)
    return [outcomes[step] for step in order]


def _missing(run: Run, step: str, unmade: set[str]) -> set[str]:
    return unmade.intersection(dependencies(run.recipe, step))


def _outcome(run: Run, step: str, state: str, seconds: float) -> Outcome:
    return Outcome(step, run.recipe.steps[step].stage, state, seconds, run.folder / step)


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _ended_with(running: dict[str, _Child]) -> Iterator[None]:
    """Whatever ends this process lets the others save their state and end."""
    try:
        yield
    finally:
        for child in running.values():
            child.process.terminate()
        for child in running.values():
            child.end()


@contextmanager
def _terminated_as_an_error() -> Iterator[None]:
    """SIGTERM is an exception like Control-C; a thread has no say in signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: object) -> NoReturn:
        del frame
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

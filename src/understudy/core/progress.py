"""Progress with an estimate of the time left, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

SECONDS_BETWEEN_LINES = 10.0
"""Where standard error is no terminal, one line at most this often."""


class Bar:
    """What a long step advances."""

    def __init__(
        self,
        label: str,
        total: int | None,
        unit: str,
        rich_bar: Progress | None,
        seconds_between_lines: float = SECONDS_BETWEEN_LINES,
    ) -> None:
        self._pause = seconds_between_lines
        self._label, self._total, self._unit, self._rich = label, total, unit, rich_bar
        self._done, self._initial = 0, 0
        self._start = self._last_line = time.monotonic()
        self._task = None if rich_bar is None else rich_bar.add_task(label, total=total, note="")

    def start_at(self, done: int) -> None:
        """Resumed work: ``done`` units were finished before, and do not count for the rate."""
        self._done = self._initial = done
        if self._rich is not None and self._task is not None:
            self._rich.update(self._task, completed=done)

    def expect(self, total: int) -> None:
        """Say how many units there are, where that was not known at the start."""
        self._total = total
        if self._rich is not None and self._task is not None:
            self._rich.update(self._task, total=total)

    def advance(self, amount: int = 1, note: str = "") -> None:
        """Report ``amount`` more units done; ``note`` stands behind the bar, for example the loss."""
        self._done += amount
        if self._rich is not None and self._task is not None:
            self._rich.update(self._task, advance=amount, note=note)
            return
        now = time.monotonic()
        if now - self._last_line >= self._pause:
            self._last_line = now
            self._print(now, note)

    def _print(self, now: float, note: str) -> None:
        elapsed = now - self._start
        line = f"{self._label}: {self._done:,}"
        if self._total:
            rate = (self._done - self._initial) / max(elapsed, 1e-9)
            left = (self._total - self._done) / rate if rate else float("inf")
            line += f"/{self._total:,} {self._unit}, ETA {clock(left)}"
        else:
            line += f" {self._unit}"
        print(f"{line}{', ' + note if note else ''}", file=sys.stderr, flush=True)


def clock(seconds: float) -> str:
    """``0:07``, ``12:30``, ``5:00:00``; ``unknown`` where it is infinite."""
    if seconds == float("inf"):
        return "unknown"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@contextmanager
def progress(label: str, *, total: int | None = None, unit: str = "", shown: bool = True) -> Iterator[Bar]:
    """A bar with ETA on a terminal, a line every few seconds elsewhere.

    Args:
        label: what is being done.
        total: units of work in all; none where it is not known.
        unit: what is counted, in the plural.
        shown: nothing is printed otherwise, as where another process of the same job prints it.
    """
    if not shown:
        yield Bar(label, total, unit, None, seconds_between_lines=float("inf"))
        return
    if not sys.stderr.isatty():
        yield Bar(label, total, unit, None)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as rich_bar:
        yield Bar(label, total, unit, rich_bar)

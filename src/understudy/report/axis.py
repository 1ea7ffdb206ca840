"""Axes: where a value stands along one, and the round values that are named there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """A linear or logarithmic axis from ``low`` to ``high``."""

    label: str
    low: float
    high: float
    log: bool
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """0 at ``low``, 1 at ``high``."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def axis(
    label: str,
    values: Iterable[float],
    *,
    log: bool = False,
    start: float | None = None,
    end: float | None = None,
    text: Callable[[float], str] | None = None,
    at: Sequence[float] | None = None,
    most: int = 5,
) -> Axis:
    """An axis that holds all values, with a little room.

    Args:
        label: its name and unit.
        values: at least one finite number; greater than 0 on a logarithmic axis.
        log: logarithmic.
        start, end: a fixed limit.
        text: how a tick is written; none: in as many digits as it needs.
        at: ticks wanted; none: round numbers.
        most: at most about this many ticks.
    """
    given = list(values)
    low, high = min(given), max(given)
    if log:
        low, high = low / 1.15, high * 1.15
    else:
        room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
        # What cannot be negative gets no axis that says it could.
        low, high = (max(0.0, low - room) if low >= 0 else low - room), high + room
    low, high = (low if start is None else start), (high if end is None else end)
    if high <= low:
        high = low + (abs(low) or 1.0)
    wanted = list(at) if at is not None else (_decades(low, high, most) if log else _steps(low, high, most))
    write = text or _writer(wanted)
    ticks = tuple((value, write(value)) for value in wanted if low <= value <= high)
    return Axis(label, low, high, log, ticks)


def _steps(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / most
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 12) for n in range(first, math.floor(high / step + 1e-9) + 1)]


def _decades(low: float, high: float, most: int) -> list[float]:
    """Powers of ten, with 2 and 5 between them where there are few; steps on a short stretch."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        found = [f * 10.0**p for p in powers for f in factors if low <= f * 10.0**p <= high]
        if len(found) <= most + 2:
            break
    return found if len(found) > 1 else [value for value in _steps(low, high, most) if value > 0]


def _writer(values: Sequence[float]) -> Callable[[float], str]:
    largest = max((abs(value) for value in values), default=0)
    if largest >= 1e6:
        return lambda value: f"{value / 1e6:g}M" if value else "0"
    if largest >= 1e4:
        return lambda value: f"{value / 1e3:g}k" if value else "0"
    return lambda value: f"{value:g}"

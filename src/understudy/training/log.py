"""A line every few steps on what is learned and what it costs: ``log.jsonl``, and the recipe's trackers."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_jsonl, write_jsonl
from understudy.objectives.losses import Losses
from understudy.training.checkpoint import Progress
from understudy.training.trackers import Tracker

LOG_EVERY = 20
"""Steps between lines."""
CLOCKED = ("tokens_per_second", "tflop_per_second", "mfu", "loader_wait", "eta_seconds")
"""What in a line tells the time, and so differs between two runs that learn the same."""


@dataclass
class Pace:
    """The steps since the last line."""

    steps: int = 0
    tokens: int = 0
    operations: float = 0.0
    """Of the model's mathematics at real pieces (:func:`..model.cost.training_flops`); padding is no work."""
    seconds: float = 0.0
    """In steps: validations and checkpoints are not counted."""
    waited: float = 0.0
    """Of these, seconds in which the next batch was not ready."""


class TrainingLog:
    """Appends to the log of a run that stands at a step, without what a killed run wrote beyond it.

    Args:
        peak: operations a second that all devices together reach in matrix products alone.
        trackers: get each line's numbers, and those of validations.
    """

    def __init__(self, file: Path, at: Progress, *, peak: float, trackers: Sequence[Tracker] = ()) -> None:
        write_jsonl(file, _until(file, at.step) if file.exists() else ())
        self._file, self._peak, self._trackers = file, peak, trackers

    def write(
        self, at: Progress, losses: Losses, pace: Pace, *, rate: float, norm: float, steps: int, scale: float
    ) -> str:
        """Append a line for the step just done; returns a note for the progress bar.

        Args:
            losses: means over the whole step, all processes together.
            rate, norm, scale: the learning rate, the gradient's norm, the loss's scale.
            steps: at the end.
        """
        seconds = max(pace.seconds, 1e-9)
        speed = round(pace.tokens / seconds)
        parts = {name: _number(float(part)) for name, part in losses.parts.items()}
        line = {
            "step": at.step,
            "epoch": at.epoch,
            "learning_rate": rate,
            "gradient_norm": _number(norm),
            **parts,
            "skipped_steps": at.skipped,
            **({"loss_scale": scale} if scale != 1 else {}),
            "padding": round(at.padding, 4),
            "tokens_per_second": speed,
            "tflop_per_second": round(pace.operations / seconds / 1e12, 4),
            "mfu": round(pace.operations / seconds / self._peak, 4),
            "loader_wait": round(pace.waited / seconds, 4),
            "eta_seconds": round((steps - at.step) * seconds / max(1, pace.steps)),
        }
        with self._file.open("a") as handle:
            handle.write(json.dumps(line) + "\n")
        self._track(at.step, line)
        told = " ".join(f"{name} {part:.3f}" for name, part in parts.items() if part is not None)
        return f"{told}, {speed:,} tokens/s, MFU {line['mfu']:.0%}"

    def validated(self, numbers: Mapping[str, Any]) -> None:
        """Give a validation to the trackers; the manifest's ``history`` has it too."""
        self._track(int(numbers["step"]), numbers)

    def close(self) -> None:
        """Let the trackers write what they hold."""
        for tracker in self._trackers:
            tracker.close()

    def _track(self, step: int, numbers: Mapping[str, Any]) -> None:
        told = {name: value for name, value in numbers.items() if name != "step" and value is not None}
        for tracker in self._trackers:
            tracker.log(step, told)


def _number(value: float) -> float | None:
    """JSON has no infinity."""
    return round(value, 5) if math.isfinite(value) else None


def _until(file: Path, step: int) -> Iterator[dict[str, Any]]:
    # A kill may have left no line at all or cut the last one short; what is lost lies beyond the checkpoint.
    with contextlib.suppress(UserError):
        for _, row in read_jsonl(file):
            if row["step"] <= step:
                yield row

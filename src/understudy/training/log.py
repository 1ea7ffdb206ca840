"""``log.jsonl``: a line every few steps on what is learned and what it costs."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_jsonl, write_jsonl
from understudy.objectives.losses import Losses
from understudy.training.checkpoint import Progress

LOG_EVERY = 20
"""Steps between lines."""


class TrainingLog:
    """Appends to the log of a run that stands at a step, without what a killed run wrote beyond it."""

    def __init__(self, file: Path, at: Progress) -> None:
        write_jsonl(file, _until(file, at.step) if file.exists() else ())
        self._file = file
        self._since = (at.tokens, time.monotonic())

    def write(self, at: Progress, losses: Losses, *, rate: float, norm: float) -> str:
        """Append a line for the step just done; returns a note for the progress bar."""
        now = time.monotonic()
        tokens, then = self._since
        speed = round((at.tokens - tokens) / max(now - then, 1e-9))
        self._since = (at.tokens, now)
        parts = {name: round(float(part), 5) for name, part in losses.parts.items()}
        line = {
            "step": at.step,
            "epoch": at.epoch,
            "learning_rate": rate,
            "gradient_norm": round(norm, 5),
            **parts,
            "tokens_per_second": speed,
            "padding": round(at.padding, 4),
        }
        with self._file.open("a") as handle:
            handle.write(json.dumps(line) + "\n")
        return f"{' '.join(f'{name} {part:.3f}' for name, part in parts.items())}, {speed:,} tokens/s"


def _until(file: Path, step: int) -> Iterator[dict[str, Any]]:
    # A kill may have left no line at all or cut the last one short; what is lost lies beyond the checkpoint.
    with contextlib.suppress(UserError):
        for _, row in read_jsonl(file):
            if row["step"] <= step:
                yield row

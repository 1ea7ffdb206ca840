"""Steps whose loss or gradients are not finite: left out, counted, and in the end a reason to stop."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file

from understudy.core.errors import UserError
from understudy.training.batches import Batch
from understudy.training.checkpoint import Progress
from understudy.training.loader import Turn

_NAMED = 5
"""Rows in the error."""


class NotFiniteError(UserError):
    """Training diverged."""


def count_skipped(at: Progress, loss_scale: float) -> None:
    """Count a step that was left out.

    Where the loss was scaled up, that only was too much: the scale has been halved, which belongs to float16.
    """
    at.skipped += 1
    if loss_scale > 1:
        at.overflows += 1


def check_skipped(at: Progress, limit: int, folder: Path, batch: Batch, turns: Sequence[Turn]) -> None:
    """Stop when too many steps were left out, overflows of float16's scale not counted.

    Raises:
        NotFiniteError: names the file that holds the last batch: its rows, and what the objective was given.
    """
    failed = at.skipped - at.overflows
    if failed <= limit:
        return
    file = folder / f"non-finite-step-{at.step}.safetensors"
    tensors = {"rows": torch.from_numpy(batch.rows), "epoch": torch.tensor(at.epoch)}
    tensors |= {
        f"turn-{number}.input-{place}": each.contiguous()
        for number, turn in enumerate(turns)
        for place, each in enumerate(turn.inputs)
    }
    save_file(tensors, file)
    rows = ", ".join(str(row) for row in batch.rows[:_NAMED]) + (", ..." if len(batch.rows) > _NAMED else "")
    raise NotFiniteError(
        f"the loss or gradients were not finite in {failed} steps, last in step {at.step}, "
        f"whose batch (rows {rows}) is kept here; lower optimization.learning_rate, or look at these rows",
        file=file,
    )

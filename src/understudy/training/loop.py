"""The one training loop: batches, optimizer steps, validation, checkpoints, log."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors.torch import save_file
from torch import nn

from understudy.core.errors import UserError
from understudy.core.progress import progress as progress_bar
from understudy.core.recipe.model_steps import Optimization
from understudy.model.huggingface import load_weights
from understudy.objectives.losses import Losses
from understudy.training.batches import Batch
from understudy.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from understudy.training.log import LOG_EVERY, TrainingLog
from understudy.training.optimizer import adamw
from understudy.training.schedule import learning_rate

SCORE = "score"
"""The validation number that decides which weights are best; tasks without it keep the last."""
BEST = "best.safetensors"
NON_FINITE_LIMIT = 20
"""Steps with a gradient that is not finite are skipped; more than this many end the run."""


class Task(Protocol):
    """What is trained: an objective with its data."""

    @property
    def module(self) -> nn.Module:
        """Everything whose weights change; it is what checkpoints hold."""

    def batches(self, epoch: int) -> list[Batch]:
        """The batches of an epoch, in order."""

    def losses(self, batch: Batch, epoch: int) -> Losses:
        """Forward pass of a batch."""

    def validate(self) -> dict[str, float]:
        """Held-out numbers; higher ``score`` is better."""


def train(
    task: Task,
    *,
    steps: int,
    settings: Optimization,
    seed: int,
    folder: Path,
    label: str,
    validate_every: int | None,
    checkpoint_every: int,
) -> dict[str, Any]:
    """Train for ``steps`` optimizer steps, continuing from the newest checkpoint under ``folder``.

    k steps, a stop and N - k steps give the same losses to the bit as N steps on one CPU: the data order and
    the masks are functions of (seed, epoch), and dropout's generator is part of the checkpoint.

    Args:
        validate_every: steps between validations; none: at the end of each epoch.
        label: stands before the progress.

    Returns:
        Numbers for the manifest: steps, tokens, tokens_per_second, padding, skipped_steps, seconds, history.

    Raises:
        UserError: the gradients stay non-finite.
    """
    torch.manual_seed(seed)
    module = task.module
    optimizer = adamw(module, settings)
    at = load_checkpoint(folder / "checkpoints", module, optimizer) or Progress()
    log = TrainingLog(folder / "log.jsonl", at)
    clock = time.monotonic()
    with progress_bar(label, total=steps, unit="steps") as bar:
        bar.start_at(at.step)
        batches = task.batches(at.epoch)
        module.train()
        while at.step < steps:
            if at.batch >= len(batches):
                at.epoch, at.batch = at.epoch + 1, 0
                batches = task.batches(at.epoch)
            rate = learning_rate(at.step, steps, settings)
            losses, norm = _step(task, batches[at.batch], at.epoch, optimizer, rate, settings)
            at.step, at.batch = at.step + 1, at.batch + 1
            at.tokens += losses.tokens
            at.positions += losses.positions
            if not math.isfinite(norm):
                at.skipped += 1
                _check_skipped(at, folder)
            logged = at.step % LOG_EVERY == 0 or at.step == steps
            bar.advance(1, log.write(at, losses, rate=rate, norm=norm) if logged else "")
            epoch_ends = at.batch >= len(batches)
            due = at.step % validate_every == 0 if validate_every else epoch_ends
            if due or at.step == steps:
                _validate(task, at, folder)
            if at.step % checkpoint_every == 0 and at.step < steps:
                at.seconds, clock = at.seconds + time.monotonic() - clock, time.monotonic()
                save_checkpoint(folder / "checkpoints", at, module, optimizer)
    at.seconds += time.monotonic() - clock
    if at.best is not None:
        module.load_state_dict(load_weights(folder / BEST))
    module.eval()
    return {
        "steps": at.step,
        "tokens": at.tokens,
        "tokens_per_second": round(at.tokens / max(at.seconds, 1e-9)),
        "padding": round(at.padding, 4),
        "skipped_steps": at.skipped,
        "seconds": round(at.seconds, 1),
        "history": at.history,
    }


def _step(
    task: Task,
    batch: Batch,
    epoch: int,
    optimizer: torch.optim.Optimizer,
    rate: float,
    settings: Optimization,
) -> tuple[Losses, float]:
    """One optimizer step, left out if a gradient is not finite; the losses and the gradients' norm."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.bf16):
        losses = task.losses(batch, epoch)
    optimizer.zero_grad(set_to_none=True)
    losses.total.backward()  # type: ignore[no-untyped-call]
    trained = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    norm = float(torch.nn.utils.clip_grad_norm_(trained, settings.clip))
    if math.isfinite(norm):
        optimizer.step()
    return losses, norm


def _check_skipped(at: Progress, folder: Path) -> None:
    if at.skipped > NON_FINITE_LIMIT:
        raise UserError(
            f"gradients were not finite in {at.skipped} steps, last in step {at.step}; "
            "lower optimization.learning_rate",
            file=folder,
        )


def _validate(task: Task, at: Progress, folder: Path) -> None:
    if at.history and at.history[-1]["step"] == at.step:
        return
    task.module.eval()
    numbers = task.validate()
    task.module.train()
    at.history.append({"step": at.step, **{name: round(value, 6) for name, value in numbers.items()}})
    score = numbers.get(SCORE)
    if score is not None and (at.best is None or score > at.best):
        at.best = score
        weights = {name: tensor.detach().clone() for name, tensor in task.module.state_dict().items()}
        temporary = folder / f".{BEST}.tmp"
        save_file(weights, temporary)
        temporary.replace(folder / BEST)

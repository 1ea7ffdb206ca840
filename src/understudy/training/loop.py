"""The one training loop: batches, optimizer steps, validation, checkpoints, and a log of what it costs."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors.torch import save_file
from torch import nn

from understudy.core.errors import UserError
from understudy.core.progress import progress as progress_bar
from understudy.core.recipe.schema import Optimization
from understudy.model.huggingface import load_weights
from understudy.objectives.losses import Losses
from understudy.training.batches import Batch
from understudy.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from understudy.training.optimizer import adamw
from understudy.training.schedule import learning_rate

SCORE = "score"
"""The validation number that decides which weights are best; tasks without it keep the last."""
LOG_EVERY = 20
NON_FINITE_LIMIT = 20
"""Steps with a loss or gradient that is not finite are skipped; more than this many end the run."""


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
        Numbers for the manifest: steps, tokens, tokens_per_second, padding, seconds, history, best.

    Raises:
        UserError: the loss stays non-finite.
    """
    torch.manual_seed(seed)
    module = task.module
    optimizer = adamw(module, settings)
    at = load_checkpoint(folder / "checkpoints", module, optimizer) or Progress()
    trained = [parameter for parameter in module.parameters() if parameter.requires_grad]
    real = padded = skipped = 0
    clock = time.monotonic()
    since_log = {"tokens": 0, "time": clock}
    with progress_bar(label, total=steps, unit="steps") as bar, (folder / "log.jsonl").open("a") as log:
        bar.start_at(at.step)
        batches = task.batches(at.epoch)
        module.train()
        while at.step < steps:
            if at.batch >= len(batches):
                at.epoch, at.batch = at.epoch + 1, 0
                batches = task.batches(at.epoch)
            rate = learning_rate(at.step, steps, settings)
            for group in optimizer.param_groups:
                group["lr"] = rate
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.bf16):
                losses = task.losses(batches[at.batch], at.epoch)
            optimizer.zero_grad(set_to_none=True)
            losses.total.backward()  # type: ignore[no-untyped-call]
            norm = torch.nn.utils.clip_grad_norm_(trained, settings.clip)
            if math.isfinite(float(norm)):
                optimizer.step()
            else:
                skipped += 1
                if skipped > NON_FINITE_LIMIT:
                    raise UserError(
                        f"the loss was not finite in {skipped} steps, last at step {at.step}; "
                        "lower optimization.learning_rate",
                        file=folder,
                    )
            at.step, at.batch = at.step + 1, at.batch + 1
            at.tokens += losses.tokens
            real, padded = real + losses.tokens, padded + losses.positions
            since_log["tokens"] += losses.tokens
            note = ""
            if at.step % LOG_EVERY == 0 or at.step == steps:
                now = time.monotonic()
                line = {
                    "step": at.step,
                    "epoch": at.epoch,
                    "learning_rate": rate,
                    "gradient_norm": round(float(norm), 5),
                    **{name: round(float(part), 5) for name, part in losses.parts.items()},
                    "tokens_per_second": round(since_log["tokens"] / (now - since_log["time"])),
                    "padding": round(1 - real / max(1, padded), 4),
                }
                log.write(json.dumps(line) + "\n")
                log.flush()
                since_log = {"tokens": 0, "time": now}
                parts = " ".join(f"{name} {float(part):.3f}" for name, part in losses.parts.items())
                note = f"{parts}, {line['tokens_per_second']:,} tokens/s"
            bar.advance(1, note)
            epoch_ends = at.batch >= len(batches) and validate_every is None
            if epoch_ends or at.step == steps or (validate_every and at.step % validate_every == 0):
                _validate(task, at, folder)
            if at.step % checkpoint_every == 0 and at.step < steps:
                at.seconds += time.monotonic() - clock
                clock = time.monotonic()
                save_checkpoint(folder / "checkpoints", at, module, optimizer)
    at.seconds += time.monotonic() - clock
    if at.best is not None:
        module.load_state_dict(load_weights(folder / "best.safetensors"))
    module.eval()
    return {
        "steps": at.step,
        "tokens": at.tokens,
        "tokens_per_second": round(at.tokens / max(at.seconds, 1e-9)),
        "padding": round(1 - real / max(1, padded), 4),
        "skipped_steps": skipped,
        "seconds": round(at.seconds, 1),
        "history": at.history,
    }


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
        temporary = folder / ".best.safetensors.tmp"
        save_file(weights, temporary)
        temporary.replace(folder / "best.safetensors")

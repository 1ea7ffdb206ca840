"""The one training loop: batches, optimizer steps, validation, checkpoints, log."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.core.progress import progress as progress_bar
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.model.huggingface import load_weights
from understudy.objectives.losses import Losses, Objective, losses
from understudy.training.batches import Batch
from understudy.training.checkpoint import Checkpoints, Progress
from understudy.training.engine import Engine
from understudy.training.engines.choice import engine_for
from understudy.training.log import LOG_EVERY, TrainingLog
from understudy.training.schedule import learning_rate
from understudy.training.shares import shares
from understudy.training.world import World

SCORE = "score"
"""The validation number that decides which weights are best; tasks without it keep the last."""
BEST = "best.safetensors"
NON_FINITE_LIMIT = 20
"""Steps with a gradient that is not finite are skipped; more than this many end the run."""


class Task(Protocol):
    """What is trained: an objective with its data."""

    @property
    def objective(self) -> Objective:
        """A module: everything whose weights change, and what checkpoints hold."""

    def batches(self, epoch: int) -> list[Batch]:
        """The batches of an epoch, in order; all processes have the same."""

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """What the objective is called with for a batch, or a part of one."""

    def tokens(self, batch: Batch) -> int:
        """Real pieces in a batch."""

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
    world: World | None = None,
    parallel: Parallel | None = None,
) -> dict[str, Any]:
    """Train for ``steps`` optimizer steps, continuing from the newest checkpoint under ``folder``.

    k steps, a stop and N - k steps give the same losses to the bit as N steps on one CPU: the data order and
    the masks are functions of (seed, epoch), and dropout's generator is part of the checkpoint.

    Args:
        validate_every: steps between validations; none: at the end of each epoch.
        label: stands before the progress.
        world: the processes that train together; none: this one alone, on the CPU.
        parallel: what they share out; none: the recipe's defaults.

    Returns:
        Numbers for the manifest: steps, tokens, tokens_per_second, padding, skipped_steps, seconds, history.

    Raises:
        UserError: the gradients stay non-finite.
    """
    world = world or World()
    torch.manual_seed(seed + world.rank)  # dropout differs from process to process
    module = cast(nn.Module, task.objective)
    engine = engine_for(module, settings, parallel or Parallel(), world)
    checkpoints = Checkpoints(folder / "checkpoints", engine, world)
    at = checkpoints.load() or Progress()
    log = TrainingLog(folder / "log.jsonl", at) if world.main else None
    clock = time.monotonic()
    with progress_bar(label, total=steps, unit="steps", shown=world.main) as bar:
        bar.start_at(at.step)
        batches = task.batches(at.epoch)
        module.train()
        while at.step < steps:
            if at.batch >= len(batches):
                at.epoch, at.batch = at.epoch + 1, 0
                batches = task.batches(at.epoch)
            batch = batches[at.batch]
            rate = learning_rate(at.step, steps, settings)
            mean = gradients(task, engine, batch, at.epoch, settings, world)
            norm = engine.step(rate)
            at.step, at.batch = at.step + 1, at.batch + 1
            at.tokens += task.tokens(batch)
            at.positions += len(batch.rows) * batch.length
            if not math.isfinite(norm):
                at.skipped += 1
                _check_skipped(at, folder)
            logged = at.step % LOG_EVERY == 0 or at.step == steps
            if logged:
                mean = Losses(mean.total, together(mean.parts, world))
            bar.advance(1, log.write(at, mean, rate=rate, norm=norm) if logged and log else "")
            epoch_ends = at.batch >= len(batches)
            due = at.step % validate_every == 0 if validate_every else epoch_ends
            if due or at.step == steps:
                _validate(task, engine, at, folder, world)
            checkpoints.poll()
            if at.step % checkpoint_every == 0 and at.step < steps:
                at.seconds, clock = at.seconds + time.monotonic() - clock, time.monotonic()
                checkpoints.save(at)
    at.seconds += time.monotonic() - clock
    checkpoints.settle()
    engine.finish(None if at.best is None else load_weights(folder / BEST))
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


def gradients(
    task: Task, engine: Engine, batch: Batch, epoch: int, settings: Optimization, world: World
) -> Losses:
    """Add a step's gradients up, over this process's turns; the parts of its loss are this process's share.

    Every sum is divided by the number of its valid positions in the whole step, over all turns of all
    processes: the mean of means of unequal parts would not be the mean.
    """
    turns = shares(batch, world.rank, world.size, settings.tokens_per_device)
    inputs = [task.inputs(part, epoch) for part, _ in turns]
    mine = dict.fromkeys(task.objective.weights, 0.0)
    for each, (_, counted) in zip(inputs, turns, strict=True):
        for name, count in task.objective.counts(*each).items():
            mine[name] += count * counted
    counts = {name: round(count) for name, count in world.sums(mine).items()}
    parts: dict[str, Tensor] = {}
    for turn, (each, (_, counted)) in enumerate(zip(inputs, turns, strict=True), start=1):
        sums = {name: part * counted for name, part in engine.forward(each).items()}
        mean = losses(sums, counts, task.objective.weights)
        engine.backward(mean.total, last=turn == len(turns))
        parts = {name: part + parts[name] if parts else part for name, part in mean.parts.items()}
    return Losses(mean.total.detach(), parts)


def _check_skipped(at: Progress, folder: Path) -> None:
    if at.skipped > NON_FINITE_LIMIT:
        raise UserError(
            f"gradients were not finite in {at.skipped} steps, last in step {at.step}; "
            "lower optimization.learning_rate",
            file=folder,
        )


def together(parts: Mapping[str, Tensor], world: World) -> dict[str, Tensor]:
    """Each part summed over the processes' shares."""
    summed = world.sums({name: float(part) for name, part in parts.items()})
    return {name: torch.tensor(value) for name, value in summed.items()}


def _validate(task: Task, engine: Engine, at: Progress, folder: Path, world: World) -> None:
    if at.history and at.history[-1]["step"] == at.step:
        return
    module = cast(nn.Module, task.objective)
    module.eval()
    numbers = engine.evaluate(task.validate)
    module.train()
    # All processes measured the same; process 0 speaks for them, lest a rounding should part their ways.
    numbers = world.sums({name: value if world.main else 0.0 for name, value in numbers.items()})
    at.history.append({"step": at.step, **{name: round(value, 6) for name, value in numbers.items()}})
    score = numbers.get(SCORE)
    if score is not None and (at.best is None or score > at.best):
        at.best = score
        weights = engine.weights()
        if world.main:
            temporary = folder / f".{BEST}.tmp"
            save_file(weights, temporary)
            temporary.replace(folder / BEST)
        world.wait()

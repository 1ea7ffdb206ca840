"""The one training loop: batches, optimizer steps, validation, checkpoints, log."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import torch
from torch import Tensor, nn

from understudy.core.duration import Converged
from understudy.core.progress import progress as progress_bar
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.model.huggingface import load_weights
from understudy.objectives.losses import Losses, Objective
from understudy.training.batches import Batch, check_shared
from understudy.training.checkpoint import KEPT, Checkpoints, Progress
from understudy.training.convergence import has_converged
from understudy.training.engine import DTYPES, Engine
from understudy.training.engines.choice import engine_for
from understudy.training.gradients import gradients
from understudy.training.host_memory import keep_freed_memory
from understudy.training.keeping import BEST, kept_file, name_due, put_aside, score_of
from understudy.training.loader import Loader
from understudy.training.log import LOG_EVERY, Pace, TrainingLog
from understudy.training.non_finite import check_skipped, count_skipped
from understudy.training.peak import matrix_peak
from understudy.training.rehearsal import rehearse
from understudy.training.schedule import learning_rate
from understudy.training.signals import StopRequest, stop_requests
from understudy.training.trackers import trackers_for
from understudy.training.world import World

if TYPE_CHECKING:
    from understudy.core.recipe.watching import Keep


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

    def operations(self, length: int) -> int:
        """Floating-point operations of training on one real piece, in rows of ``length``."""

    @property
    def hidden(self) -> int:
        """The encoder's width."""

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
    until: Converged | None = None,
    ends: Callable[[Sequence[Mapping[str, Any]]], bool] = lambda _: False,
    keep: Keep | None = None,
    rehearsed: bool = True,
    trackers: Sequence[str] = (),
    about: Mapping[str, Any] | None = None,
    world: World | None = None,
    parallel: Parallel | None = None,
) -> dict[str, Any]:
    """Train for ``steps`` optimizer steps, continuing from the newest checkpoint under ``folder``.

    k steps, a stop and N - k steps give the same losses to the bit as N steps on one CPU: the data order and
    the masks are functions of (seed, epoch), and dropout's generator is part of the checkpoint.

    Args:
        validate_every: steps between validations; none: at the end of each epoch.
        label: stands before the progress.
        until: end before that, when validations get no better.
        ends: end before that, when this says so of all validations so far.
        keep: what stays; none: two checkpoints.
        rehearsed: run the largest batch first, to no effect but that memory which will not do shows at once.
        trackers: by name, see :mod:`.trackers`.
        about: what trackers show beside the numbers.
        world: the processes that train together; none: this one alone, on the CPU.
        parallel: what they share out; none: the recipe's defaults.

    Returns:
        Numbers for the manifest: steps, tokens, tokens_per_second, padding, skipped_steps, seconds, history.

    Raises:
        UserError: the processes cannot share a step, memory does not do, or gradients stay non-finite.
        SystemExit: 143, after SIGTERM; everything is saved to go on from.
        KeyboardInterrupt: after Control-C; the same.
    """
    world = world or World()
    check_shared(settings, world)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = settings.tf32
    if world.device.type == "cpu":
        keep_freed_memory()
    torch.manual_seed(seed + world.rank)  # dropout differs from process to process
    module = cast(nn.Module, task.objective)
    engine = engine_for(module, settings, parallel or Parallel(), world)
    last = KEPT if keep is None else keep.last
    checkpoints = Checkpoints(folder / "checkpoints", engine, world, keep_last=last)
    at = checkpoints.load() or Progress()
    loader = Loader(task.inputs, world, settings.tokens_per_device)
    log = None
    if world.main:
        peak = world.size * matrix_peak(world.device, DTYPES[settings.precision])
        followers = trackers_for(trackers, folder, label, about or {}, at.step)
        log = TrainingLog(folder / "log.jsonl", at, peak=peak, trackers=followers)
    clock = time.monotonic()

    def validate_if_due() -> None:
        due = at.step % validate_every == 0 if validate_every else at.batch >= len(batches)
        if at.step and (due or at.step == steps):
            _validate(task, engine, at, folder, world, log, best=keep is not None and keep.best)

    def save() -> None:
        nonlocal clock
        at.seconds, clock = at.seconds + time.monotonic() - clock, time.monotonic()
        checkpoints.save(at)

    with (
        progress_bar(label, total=steps, unit="steps", shown=world.main) as bar,
        stop_requests() as request,
        closing(loader),
        closing(log) if log else nullcontext(),
    ):
        bar.start_at(at.step)
        batches = task.batches(at.epoch)
        module.train()
        if rehearsed and at.step < steps:
            rehearse(task.objective, engine, batches, at.epoch, loader, settings, world)
        validate_if_due()  # a run that was told to stop left before it
        pace = Pace()
        while at.step < steps and not (has_converged(at.history, until) or ends(at.history)):
            if at.batch >= len(batches):
                at.epoch, at.batch = at.epoch + 1, 0
                batches = task.batches(at.epoch)
            batch, start = batches[at.batch], time.perf_counter()
            turns = loader.turns(batch, at.epoch)
            pace.waited += time.perf_counter() - start
            if at.batch + 1 < len(batches):
                loader.prepare(batches[at.batch + 1], at.epoch)
            rate, scale = learning_rate(at.step, steps, settings, task.hidden), engine.loss_scale
            mean, votes = gradients(task.objective, engine, turns, world, request.votes)
            norm = engine.step(rate)
            tokens = task.tokens(batch)
            at.step, at.batch, at.tokens = at.step + 1, at.batch + 1, at.tokens + tokens
            read, at.examples = at.examples, at.examples + len(batch.rows)
            at.positions += len(batch.rows) * batch.length
            pace.steps, pace.tokens = pace.steps + 1, pace.tokens + tokens
            pace.operations += tokens * task.operations(batch.length)
            pace.seconds += time.perf_counter() - start
            if not math.isfinite(norm):
                count_skipped(at, scale)
                check_skipped(at, settings.non_finite_limit, folder, batch, turns)
            if name := name_due(at, read, None if keep is None else keep.every):
                put_aside(folder, engine, world, name)
                at.kept.append({"name": name, "step": at.step, "examples": at.examples})
            note = ""
            if at.step % LOG_EVERY == 0 or at.step == steps:
                mean = Losses(mean.total, together(mean.parts, world))
                if log:
                    note = log.write(at, mean, pace, rate=rate, norm=norm, steps=steps, scale=scale)
                pace = Pace()
            bar.advance(1, note)
            if StopRequest.heard(votes):
                save()
                checkpoints.settle()
                StopRequest.leave(votes)
            validate_if_due()
            if at.step % checkpoint_every == 0 and at.step < steps:
                save()
            checkpoints.poll()
    at.seconds += time.monotonic() - clock
    checkpoints.settle()
    engine.finish(None if at.best is None else load_weights(kept_file(folder, BEST)))
    module.eval()
    return {
        "steps": at.step,
        "examples": at.examples,
        "tokens": at.tokens,
        "tokens_per_second": round(at.tokens / max(at.seconds, 1e-9)),
        "padding": round(at.padding, 4),
        "skipped_steps": at.skipped,
        "seconds": round(at.seconds, 1),
        "history": at.history,
        "kept": at.kept,
    }


def together(parts: Mapping[str, Tensor], world: World) -> dict[str, Tensor]:
    """Each part summed over the processes' shares."""
    summed = world.sums({name: float(part) for name, part in parts.items()})
    return {name: torch.tensor(value) for name, value in summed.items()}


def _validate(
    task: Task,
    engine: Engine,
    at: Progress,
    folder: Path,
    world: World,
    log: TrainingLog | None,
    *,
    best: bool,
) -> None:
    if at.history and at.history[-1]["step"] == at.step:
        return
    module = cast(nn.Module, task.objective)
    module.eval()
    numbers = engine.evaluate(task.validate)
    module.train()
    # All processes measured the same; process 0 speaks for them, lest a rounding should part their ways.
    # What the held-out data cannot tell is None, and left out.
    told = {name: value for name, value in numbers.items() if value is not None}
    numbers = world.sums({name: value if world.main else 0.0 for name, value in told.items()})
    at.history.append({"step": at.step, **{name: round(value, 6) for name, value in numbers.items()}})
    if log:
        log.validated(at.history[-1])
    score = score_of(numbers, best=best)
    if score is not None and (at.best is None or score > at.best):
        at.best = score
        put_aside(folder, engine, world, BEST)

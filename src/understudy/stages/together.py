"""One step in several processes, as ``torchrun`` or a scheduler starts them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch.distributed as dist
from torch.distributed.distributed_c10d import Store
from torch.distributed.rendezvous import rendezvous

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Parallel
from understudy.core.stage import Inputs
from understudy.stages.runner import Run
from understudy.training.world import World

LOST = ("Connection closed by peer", "Connection reset by peer", "gloo/transport", "NCCL")
"""What an error says when another process is gone."""


@dataclass(frozen=True)
class Place:
    """Which of the processes this one is."""

    rank: int
    size: int
    local_rank: int
    """On its machine."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Place:
        """From what ``torchrun`` sets; one process where nothing is set.

        Raises:
            UserError: only a part is set.
        """
        if environment.get("WORLD_SIZE", "1") == "1":
            return cls(0, 1, 0)
        needed = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT")
        if missing := [key for key in needed if key not in environment]:
            raise UserError(
                f"WORLD_SIZE is {environment['WORLD_SIZE']} but {missing[0]} is not set; start with torchrun"
            )
        return cls(*(int(environment[key]) for key in needed[:3]))


def step_together(prepare: Callable[[], Run], name: str, place: Place, *, force: bool) -> None:
    """Make a step, or all cells of a matrix, in this process and the others.

    Process 0 alone decides whether there is something to do, prepares the folder, and writes the artifact;
    all of them train.

    Raises:
        UserError: the step's stage runs in one process, or whatever the stage raises; of a mistake that all
            processes find, one speaks and the others leave quietly.
    """
    store, rank, size = next(rendezvous("env://", place.rank, place.size))
    with _one_speaks(store):
        run = prepare()
        steps = run.select([name])
        shared = [getattr(run.recipe.steps[step], "parallel", None) for step in steps]
        if not isinstance(shared[0], Parallel):
            raise UserError(
                f"stage '{run.recipe.steps[steps[0]].stage}' runs in one process, and {size} were started",
                file=run.file,
                place=f"steps.{steps[0]}",
            )
        try:
            world = World.join(shared[0], store, rank, size, place.local_rank)
        except UserError as error:
            raise UserError(error.problem, file=run.file, place=f"steps.{steps[0]}.{error.place}") from None
        for step in steps:
            with _losses_named(store, run, step):
                if world.main:
                    _lead(run, step, force)
                else:
                    _follow(run, step)
        world.leave()


def _lead(run: Run, step: str, force: bool) -> None:
    told = False

    def tell(inputs: Inputs, folder: Path) -> None:
        nonlocal told
        told = True
        dist.broadcast_object_list([(inputs, folder)])

    try:
        run.execute([step], force=force, begin=tell)
    finally:
        if not told:  # up to date, or a mistake
            dist.broadcast_object_list([None])


def _follow(run: Run, step: str) -> None:
    heard: list[tuple[Inputs, Path] | None] = [None]
    dist.broadcast_object_list(heard)
    if heard[0] is not None:
        run.stage(step, *heard[0])


@contextmanager
def _one_speaks(store: Store) -> Iterator[None]:
    try:
        yield
    except UserError:
        if not _first(store, alone=False):  # process 0 has left, having found the same
            raise SystemExit(2) from None
        raise


@contextmanager
def _losses_named(store: Store, run: Run, step: str) -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        if not any(sign in str(error) for sign in LOST):
            raise
        if _first(store, alone=True):
            at = run.newest_checkpoint(step)
            print(
                f"understudy: {step}: another process of this step has ended, so this one stops too; its "
                f"log says why. Start the same command again: it continues from {at or 'the beginning'}",
                file=sys.stderr,
                flush=True,
            )
        raise SystemExit(1) from None


def _first(store: Store, *, alone: bool) -> bool:
    """Whether no other process has spoken; ``alone`` holds where the one that kept the store is gone."""
    try:
        return bool(store.add("understudy/spoke", 1) == 1)
    except RuntimeError:
        return alone

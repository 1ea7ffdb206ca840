"""Checkpoints: everything the next step depends on, in safetensors and JSON, whole or absent."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.model.huggingface import load_weights
from understudy.training.engine import Engine
from understudy.training.world import World

FORMAT_VERSION = 2
KEPT = 2
"""The newest is continued from; the one before it serves if the newest is damaged."""


@dataclass
class Progress:
    """Where a run stands."""

    step: int = 0
    """Optimizer steps done."""
    epoch: int = 0
    batch: int = 0
    """The next batch of the epoch."""
    tokens: int = 0
    """Real pieces read."""
    positions: int = 0
    """Positions read, padding included."""
    skipped: int = 0
    """Steps whose gradients were not finite."""
    seconds: float = 0.0
    best: float | None = None
    """The best validation score so far; its weights are in ``best.safetensors``."""
    history: list[dict[str, Any]] = field(default_factory=list)
    """Every validation."""

    @property
    def padding(self) -> float:
        """Share of the positions that held no piece."""
        return 1 - self.tokens / max(1, self.positions)


def save_checkpoint(folder: Path, progress: Progress, engine: Engine, world: World) -> None:
    """Write ``step-N/`` under a temporary name, rename it, and drop the oldest; every process calls it."""
    final = folder / f"step-{progress.step:09d}"
    temporary = folder / f".{final.name}.partial"
    if world.main:
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
    world.wait()
    engine.save(temporary)
    save_file({"rng": torch.get_rng_state()}, temporary / f"rng-{world.rank}.safetensors")
    world.wait()
    if world.main:
        write_json(temporary / "state.json", {"format_version": FORMAT_VERSION, **asdict(progress)})
        shutil.rmtree(final, ignore_errors=True)
        temporary.rename(final)
        for old in _checkpoints(folder)[:-KEPT]:
            shutil.rmtree(old)
    world.wait()


def _checkpoints(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*")) if folder.is_dir() else []


def load_checkpoint(folder: Path, engine: Engine, world: World) -> Progress | None:
    """Put the newest whole checkpoint into the engine and torch's generator; none if there is none.

    A damaged one is named on standard error, removed, and the one before it used.

    Raises:
        UserError: a checkpoint of another format, or of another model.
    """
    for path in reversed(_checkpoints(folder)):
        try:
            progress = _state(path)
            engine.load(path)
            generator = path / f"rng-{world.rank}.safetensors"
            if generator.exists():  # another number of processes has generators of its own
                torch.set_rng_state(load_weights(generator)["rng"])
        except _OtherFormatError:
            raise
        except (_DamagedError, UserError) as error:
            damage = str(error)
        except RuntimeError as error:
            raise UserError(f"is of another model ({error}); remove {folder}", file=path) from None
        else:
            return progress
        print(f"{damage}; trying the checkpoint before it", file=sys.stderr)
        if world.main:
            shutil.rmtree(path)
        world.wait()
    return None


class _DamagedError(Exception):
    """A file of a checkpoint is missing or cut short."""


class _OtherFormatError(UserError):
    """Not damaged, but of another version."""


def _state(path: Path) -> Progress:
    try:
        state = read_json(path / "state.json")
        version = state.pop("format_version")
        if version == FORMAT_VERSION:
            return Progress(**state)
    except (UserError, KeyError, AttributeError, TypeError) as error:
        raise _DamagedError(str(error) if isinstance(error, UserError) else f"{path}: {error}") from None
    raise _OtherFormatError(
        f"format version {version}; this understudy reads version {FORMAT_VERSION}", file=path / "state.json"
    )

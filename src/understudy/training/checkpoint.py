"""Checkpoints: everything the next step depends on, in safetensors and JSON, whole or absent."""

from __future__ import annotations

import shutil
import sys
from concurrent.futures import Future
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

FORMAT_VERSION = 4
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
    examples: int = 0
    """Rows read."""
    tokens: int = 0
    """Real pieces read."""
    positions: int = 0
    """Positions read, padding included."""
    skipped: int = 0
    """Steps whose gradients were not finite."""
    overflows: int = 0
    """Of these, steps that only showed float16's loss scale to be too large."""
    seconds: float = 0.0
    best: float | None = None
    """The best validation score so far; its weights are in ``best.safetensors``."""
    history: list[dict[str, Any]] = field(default_factory=list)
    """Every validation."""
    kept: list[dict[str, Any]] = field(default_factory=list)
    """Weights that were put aside, see :mod:`.keeping`."""

    @property
    def padding(self) -> float:
        """Share of the positions that held no piece."""
        return 1 - self.tokens / max(1, self.positions)


class Checkpoints:
    """A folder of ``step-N/``; every process calls each method, process 0 names and removes.

    A checkpoint is written under a temporary name, in the background where the engine can, and renamed when
    all of it is on disk.

    Args:
        folder: seen by every process.
        keep_last: newest ones that stay.
    """

    def __init__(
        self,
        folder: Path,
        engine: Engine,
        world: World,
        *,
        keep_last: int = KEPT,
    ) -> None:
        self.folder, self.engine, self.world = folder, engine, world
        self.keep_last = keep_last
        self._writing: tuple[Future[None], Path, dict[str, Any]] | None = None

    def save(self, progress: Progress) -> None:
        """Begin to write; only the copy of the state holds up training."""
        self.settle()
        temporary = self.folder / f".step-{progress.step:09d}.partial"
        if self.world.main:
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
        self.world.wait()
        generators = {"rng": torch.get_rng_state()}
        if self.world.device.type == "cuda":
            generators["cuda"] = torch.cuda.get_rng_state(self.world.device)
        save_file(generators, temporary / f"rng-{self.world.rank}.safetensors")
        written = self.engine.save(temporary)
        self._writing = written, temporary, {"format_version": FORMAT_VERSION, **asdict(progress)}

    def poll(self) -> None:
        """Give the checkpoint that was being written its name, if all of it is on disk by now."""
        if self._writing is not None and self._writing[0].done():
            self.settle()

    def settle(self) -> None:
        """Wait for the checkpoint that is being written, if there is one, and give it its name."""
        if self._writing is None:
            return
        (written, temporary, state), self._writing = self._writing, None
        written.result()
        if not self.world.main:
            return
        files = sorted(file for file in temporary.rglob("*") if file.is_file())
        sizes = {file.relative_to(temporary).as_posix(): file.stat().st_size for file in files}
        write_json(temporary / "state.json", {**state, "files": sizes})
        final = self.folder / temporary.name.strip(".").removesuffix(".partial")
        shutil.rmtree(final, ignore_errors=True)
        temporary.rename(final)
        for old in self._all()[: -self.keep_last]:
            shutil.rmtree(old)

    def load(self) -> Progress | None:
        """Put the newest whole checkpoint into the engine and torch's generators; none if there is none.

        A damaged one is named on standard error, removed, and the one before it used.

        Raises:
            UserError: a checkpoint of another format, or of another model.
        """
        paths = self._all()
        self.world.wait()
        for path in reversed(paths):
            try:
                progress = _state(path)
                self.engine.load(path)
                self._load_generators(path)
            except _OtherFormatError:
                raise
            except (_DamagedError, UserError) as error:
                damage = str(error)
            except RuntimeError as error:
                raise UserError(f"is of another model ({error}); remove {self.folder}", file=path) from None
            else:
                return progress
            self.world.wait()
            if self.world.main:
                print(f"{damage}; trying the checkpoint before it", file=sys.stderr)
                shutil.rmtree(path)
        return None

    def _load_generators(self, path: Path) -> None:
        file = path / f"rng-{self.world.rank}.safetensors"
        if not file.exists():  # another number of processes has generators of its own
            return
        generators = load_weights(file)
        torch.set_rng_state(generators["rng"])
        if "cuda" in generators and self.world.device.type == "cuda":
            torch.cuda.set_rng_state(generators["cuda"], self.world.device)

    def _all(self) -> list[Path]:
        return sorted(self.folder.glob("step-*")) if self.folder.is_dir() else []


class _DamagedError(Exception):
    """A file of a checkpoint is missing or cut short."""


class _OtherFormatError(UserError):
    """Not damaged, but of another version."""


def _state(path: Path) -> Progress:
    try:
        state = read_json(path / "state.json")
        version = state.pop("format_version")
        if version == FORMAT_VERSION:
            _check_files(path, state.pop("files"))
            return Progress(**state)
    except (UserError, KeyError, AttributeError, TypeError) as error:
        raise _DamagedError(str(error) if isinstance(error, UserError) else f"{path}: {error}") from None
    raise _OtherFormatError(
        f"format version {version}; this understudy reads version {FORMAT_VERSION}", file=path / "state.json"
    )


def _check_files(path: Path, sizes: dict[str, int]) -> None:
    for name, size in sizes.items():
        file = path / name
        there = file.stat().st_size if file.is_file() else 0
        if there != size:
            raise UserError(f"holds {there} bytes of {size}", file=file)

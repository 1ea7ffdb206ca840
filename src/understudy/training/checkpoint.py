"""Checkpoints: everything the next step depends on, in safetensors and JSON, whole or absent."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.model.huggingface import load_weights

FORMAT_VERSION = 1
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


def save_checkpoint(
    folder: Path, progress: Progress, module: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    """Write ``step-N/`` under a temporary name, rename it, and drop the oldest."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"step-{progress.step:09d}"
    temporary = folder / f".{final.name}.partial"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    save_file(_copies(module.state_dict()), temporary / "model.safetensors")
    state = optimizer.state_dict()
    tensors = {
        f"{parameter}.{key}": value
        for parameter, values in state["state"].items()
        for key, value in values.items()
    }
    save_file(_copies(tensors) | {"rng": torch.get_rng_state()}, temporary / "optimizer.safetensors")
    write_json(
        temporary / "state.json",
        {"format_version": FORMAT_VERSION, **asdict(progress)},
    )
    shutil.rmtree(final, ignore_errors=True)
    temporary.rename(final)
    for old in _checkpoints(folder)[:-KEPT]:
        shutil.rmtree(old)


def _copies(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}


def _checkpoints(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*")) if folder.is_dir() else []


def load_checkpoint(folder: Path, module: nn.Module, optimizer: torch.optim.Optimizer) -> Progress | None:
    """Put the newest whole checkpoint into module, optimizer and torch's generator; none if there is none.

    A damaged one is named on standard error, removed, and the one before it used.

    Raises:
        UserError: a checkpoint of another format, or of another model.
    """
    for path in reversed(_checkpoints(folder)):
        try:
            progress, weights, tensors = _read(path)
        except _DamagedError as error:
            print(f"{error}; trying the checkpoint before it", file=sys.stderr)
            shutil.rmtree(path)
            continue
        try:
            module.load_state_dict(weights)
        except RuntimeError as error:
            raise UserError(f"is of another model ({error}); remove {folder}", file=path) from None
        torch.set_rng_state(tensors.pop("rng"))
        slots: dict[int, dict[str, Tensor]] = {}
        for name, tensor in tensors.items():
            parameter, key = name.split(".", 1)
            slots.setdefault(int(parameter), {})[key] = tensor
        current = optimizer.state_dict()
        optimizer.load_state_dict({"state": slots, "param_groups": current["param_groups"]})
        return progress
    return None


class _DamagedError(Exception):
    """A file of a checkpoint is missing or cut short."""


def _read(path: Path) -> tuple[Progress, dict[str, Tensor], dict[str, Tensor]]:
    try:
        state = read_json(path / "state.json")
        version = state.pop("format_version")
        # Before anything else is judged damaged: another version may hold other files.
        if version == FORMAT_VERSION:
            weights = load_weights(path / "model.safetensors")
            return Progress(**state), weights, load_weights(path / "optimizer.safetensors")
    except (UserError, KeyError, AttributeError, TypeError) as error:
        raise _DamagedError(str(error) if isinstance(error, UserError) else f"{path}: {error}") from None
    raise UserError(
        f"format version {version}; this understudy reads version {FORMAT_VERSION}", file=path / "state.json"
    )

"""Where the numbers of a run go besides ``log.jsonl``: TensorBoard, MLflow, Weights & Biases."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from understudy.core.errors import UserError

PROJECT = "understudy"
RUN_FILE = "{}-run"
"""In the folder of checkpoints: the run that a continued training goes on with."""


class Tracker(Protocol):
    """Takes numbers as they come."""

    def log(self, step: int, numbers: Mapping[str, float]) -> None:
        """Numbers of a step, by name."""

    def close(self) -> None:
        """Everything is written when it returns."""


class TensorBoard:
    """Event files in ``tensorboard/`` under the step's folder; ``tensorboard --logdir runs`` finds them."""

    def __init__(self, folder: Path, label: str, config: Mapping[str, Any], at: int) -> None:
        del label, config
        _package("tensorboard", "tensorboard")
        from torch.utils.tensorboard import SummaryWriter

        self._folder = folder / "tensorboard"
        if not at:
            shutil.rmtree(self._folder, ignore_errors=True)
        # Lines of a killed run beyond its checkpoint are hidden.
        self._writer: Any = SummaryWriter(str(self._folder), purge_step=at + 1 if at else None)

    def log(self, step: int, numbers: Mapping[str, float]) -> None:
        """A scalar each."""
        for name, value in numbers.items():
            self._writer.add_scalar(name, value, step)

    def close(self) -> None:
        """Write what is left, in files that are not named for the machine, the process and the time."""
        self._writer.close()
        for number, file in enumerate(sorted(self._folder.iterdir())):
            file.rename(file.with_name(f"events.out.tfevents.{number:03}"))


class Mlflow:
    """A run of the experiment ``understudy``, where ``MLFLOW_TRACKING_URI`` says."""

    def __init__(self, folder: Path, label: str, config: Mapping[str, Any], at: int) -> None:
        self._mlflow: Any = _package("mlflow", "mlflow-skinny")
        known = _known_run(folder, "mlflow", at)
        self._mlflow.set_experiment(PROJECT)
        self._run = self._mlflow.start_run(run_id=known, run_name=label)
        if known is None:
            _remember_run(folder, "mlflow", self._run.info.run_id)
            self._mlflow.log_params(_flat(config))

    def log(self, step: int, numbers: Mapping[str, float]) -> None:
        """All in one request."""
        self._mlflow.log_metrics(dict(numbers), step=step)

    def close(self) -> None:
        """End the run."""
        self._mlflow.end_run()


class WeightsAndBiases:
    """A run of the project ``understudy``; account, server and mode are those of ``wandb`` itself."""

    def __init__(self, folder: Path, label: str, config: Mapping[str, Any], at: int) -> None:
        wandb: Any = _package("wandb", "wandb")
        known = _known_run(folder, "wandb", at)
        self._run = wandb.init(project=PROJECT, name=label, config=dict(config), id=known, resume="allow")
        if known is None:
            _remember_run(folder, "wandb", self._run.id)

    def log(self, step: int, numbers: Mapping[str, float]) -> None:
        """A row of its history."""
        self._run.log(dict(numbers), step=step)

    def close(self) -> None:
        """End the run."""
        self._run.finish()


_Begin = Callable[[Path, str, Mapping[str, Any], int], Tracker]
_KINDS: dict[str, _Begin] = {"tensorboard": TensorBoard, "mlflow": Mlflow, "wandb": WeightsAndBiases}


def trackers_for(
    names: Sequence[str], folder: Path, label: str, config: Mapping[str, Any], at: int
) -> list[Tracker]:
    """The recipe's trackers, for a run that stands at step ``at``.

    Args:
        names: of ``tensorboard``, ``mlflow`` and ``wandb``.
        folder: the step's.
        label: the run's name.
        config: shown beside the numbers.

    Raises:
        UserError: a tracker's package is not installed.
    """
    return [_KINDS[name](folder, label, config, at) for name in names]


def _package(module: str, install: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise UserError(
            f"the {module} tracker needs a package that is not here; pip install {install}, "
            "or leave it out of the list",
            place="trackers",
        ) from None


def _known_run(folder: Path, kind: str, at: int) -> str | None:
    file = folder / "checkpoints" / RUN_FILE.format(kind)
    return file.read_text(encoding="utf-8") if at and file.exists() else None


def _remember_run(folder: Path, kind: str, run: str) -> None:
    file = folder / "checkpoints" / RUN_FILE.format(kind)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(run, encoding="utf-8")


def _flat(config: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in config.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat

"""Evaluated systems as the command line names them: folders of ``evaluate``, or pairs of files of frames."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from understudy.core.artifact import MANIFEST, Artifact
from understudy.core.errors import UserError

REFERENCES, PREDICTIONS = "references.jsonl", "predictions.jsonl"

_SEED = re.compile(r"-seed-\d+(?=[-.]|$)")
_NUMBER = re.compile(r"-(\d+)(?=-|$)")


@dataclass(frozen=True)
class Run:
    """One trained model's answers to a test set."""

    name: str
    references: Path
    predictions: Path


@dataclass(frozen=True)
class System:
    """Runs that differ by their seed alone."""

    name: str
    runs: tuple[Run, ...]


def systems(arguments: Sequence[str]) -> list[System]:
    """The systems that the arguments name, in their order; the first is the baseline.

    An argument is a folder that ``evaluate`` wrote, or ``REFERENCES:PREDICTIONS``, two files of frames; or
    several of these with commas between, which are seeds of one system; ``NAME=`` before it names the system.
    Folders whose names differ in the seed alone are one system: in ``-seed-N``, or in the number of a matrix
    step that is the seed in its manifest. Such a name without the number stands for all of them.

    Raises:
        UserError: a path that is not there or not whole; fewer than two systems; a run named twice.
    """
    groups: dict[str, list[Run]] = {}
    for argument in arguments:
        name, equals, rest = argument.partition("=")
        if not equals or not name or "/" in name:
            name, rest = "", argument
        parts = [part for part in rest.split(",") if part]
        found = [run for part in parts for run in _runs(part)]
        if not found:
            raise UserError(f"'{argument}' names no run; a folder that evaluate wrote is due")
        own = name or (_system_of(found[0]) if len(parts) > 1 else "")
        for run in found:
            groups.setdefault(own or _system_of(run), []).append(run)
    _refuse_repeats([run for runs in groups.values() for run in runs])
    if len(groups) < 2:
        raise UserError(
            f"only one system is named ('{next(iter(groups), '')}'), a baseline and a candidate are due; "
            "folders whose names differ by their seed are one system, NAME=FOLDER tells them apart"
        )
    lasts = Counter(Path(name).name for name in groups)
    return [
        System(name if lasts[Path(name).name] > 1 else Path(name).name, tuple(runs))
        for name, runs in groups.items()
    ]


def grouped(folders: Sequence[Path]) -> list[System]:
    """Folders that ``evaluate`` wrote, those that differ by their seed alone together; names are whole paths.

    Raises:
        UserError: a folder that is not there or not whole.
    """
    groups: dict[str, list[Run]] = {}
    for run in map(_run_of, folders):
        groups.setdefault(_system_of(run), []).append(run)
    return [System(name, tuple(runs)) for name, runs in groups.items()]


def _refuse_repeats(runs: Sequence[Run]) -> None:
    times = Counter((run.references.resolve(), run.predictions.resolve()) for run in runs)
    for run in runs:
        if times[run.references.resolve(), run.predictions.resolve()] > 1:
            raise UserError(f"'{run.name}' is named twice; each run counts once")


def _runs(part: str) -> list[Run]:
    path = Path(part)
    if path.is_dir():
        return [_run_of(path)]
    references, colon, predictions = part.rpartition(":")
    if colon:
        return [Run(predictions, Path(references), Path(predictions))]
    if path.exists():
        raise UserError(
            "is a file; a folder that evaluate wrote is due, or REFERENCES:PREDICTIONS", file=path
        )
    siblings = sorted(path.parent.glob(f"{path.name}-*")) if path.parent.is_dir() else []
    matching = [_run_of(sibling) for sibling in siblings if _without_seed(sibling) == path.name]
    if not matching:
        raise UserError("no such folder; one that evaluate wrote is due", file=path)
    return matching


def _run_of(folder: Path) -> Run:
    for name in (REFERENCES, PREDICTIONS):
        if not (folder / name).is_file():
            raise UserError(f"holds no {name}; a folder that evaluate wrote is due", file=folder)
    if (folder / MANIFEST).is_file():
        Artifact.load(folder)  # refuses what was damaged
    return Run(str(folder), folder / REFERENCES, folder / PREDICTIONS)


def _system_of(run: Run) -> str:
    """The path of a run without its seed: equal names in different places are different systems."""
    if run.predictions.name != PREDICTIONS:
        return _SEED.sub("", str(run.predictions), count=1)
    folder = run.predictions.parent
    return str(folder.parent / _without_seed(folder))


def _without_seed(folder: Path) -> str:
    """The folder's name without the number that is its seed."""
    name, found = _SEED.subn("", folder.name, count=1)
    if found:
        return name
    seeds = _seeds(folder)
    for match in reversed(list(_NUMBER.finditer(folder.name))):
        if int(match[1]) in seeds:
            return folder.name[: match.start()] + folder.name[match.end() :]
    return folder.name


def _seeds(folder: Path) -> set[int]:
    """Seeds of the step, of the model it measured and of what that was made from, in the folders beside."""
    seeds: set[int] = set()
    step = folder
    while (step / MANIFEST).is_file():
        config = Artifact.load(step).manifest.config
        if isinstance(seed := config.get("seed"), int):
            seeds.add(seed)
        step = folder.parent / str(config.get("model"))
    return seeds

"""Runs the steps of a recipe: resolves inputs, skips what is up to date, keeps every artifact whole."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import importlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from understudy.core.addresses import Address
from understudy.core.artifact import FORMAT_VERSION as ARTIFACT_FORMAT
from understudy.core.artifact import MANIFEST, Artifact, Manifest, Workspace, code_version, discard, machine
from understudy.core.errors import UserError, nearest
from understudy.core.files import disk_is_full, fingerprint_of
from understudy.core.recipe.entries import Corpus, Labels
from understudy.core.recipe.graph import dependencies, in_order, inputs_of, names, references
from understudy.core.recipe.load import load_recipe
from understudy.core.recipe.reading import part_of, step_of
from understudy.core.recipe.sources import find_addresses, find_files
from understudy.core.recipe.step import Step
from understudy.core.stage import CorpusFiles, Inputs, LabelFiles

Say = Callable[[str], None]
Begin = Callable[[Inputs, Path], None]


@dataclass(frozen=True)
class Outcome:
    """What became of a step."""

    step: str
    stage: str
    state: str
    """``done``, ``up to date`` or, in a dry run, ``would run`` and ``waits`` (its inputs would run)."""
    seconds: float
    path: Path


@dataclass(frozen=True)
class _Plan:
    """Everything a step reads, and the fingerprint of what it would make."""

    inputs: Inputs
    sources: dict[str, str]
    fingerprint: str


class Run:
    """A recipe in a folder of artifacts."""

    def __init__(self, recipe_file: Path, runs: Path, overrides: list[str] | None = None) -> None:
        self.file = recipe_file
        self.recipe = load_recipe(recipe_file, overrides)
        self.folder = runs / self.recipe.name
        self._digests: dict[Address, str] = {}

    def select(self, only: list[str] | None) -> list[str]:
        """Steps in running order; ``only`` takes steps by name, or all cells of a matrix by its name.

        Raises:
            UserError: a name that no step has.
        """
        order = in_order(self.recipe, self.file)
        if not only:
            return order
        chosen: set[str] = set()
        for name in only:
            found = [step for step in order if step == name] or [s for s in order if s.startswith(f"{name}-")]
            if not found:
                raise UserError(f"no step '{name}'; {nearest(name, order)}", file=self.file, place="steps")
            chosen.update(found)
        return [step for step in order if step in chosen]

    def execute(
        self,
        only: list[str] | None = None,
        *,
        force: bool = False,
        dry_run: bool = False,
        say: Say = lambda line: print(line, file=sys.stderr, flush=True),
        begin: Begin = lambda *_: None,
    ) -> list[Outcome]:
        """Make every selected step that is not up to date.

        Args:
            only: names of steps; none: all.
            force: make them again even when they are up to date.
            dry_run: say what would run, and run nothing.
            say: where a line a step goes.
            begin: called with what a stage reads and writes, just before it runs.

        Raises:
            UserError: anything wrong with the recipe, its inputs or an artifact.
        """
        outcomes: list[Outcome] = []
        stale: set[str] = set()
        for step in self.select(only):
            path = self.folder / step
            stage = self.recipe.steps[step].stage
            if dry_run and stale.intersection(dependencies(self.recipe, step)):
                stale.add(step)
                outcomes.append(Outcome(step, stage, "waits", 0.0, path))
                continue
            plan = self._plan(step)
            if not force and self._up_to_date(path, plan):
                say(f"{step}: up to date")
                outcomes.append(Outcome(step, stage, "up to date", 0.0, path))
            elif dry_run:
                stale.add(step)
                outcomes.append(Outcome(step, stage, "would run", 0.0, path))
            else:
                say(f"{step}: {stage} ...")
                seconds = self._make(step, plan, force, begin)
                say(f"{step}: done in {seconds:.1f} s")
                outcomes.append(Outcome(step, stage, "done", seconds, path))
        return outcomes

    def _plan(self, step: str) -> _Plan:
        config = self.recipe.steps[step]
        artifacts = {name: self._input(step, name) for name in inputs_of(self.recipe, step)}
        corpora = {
            name: CorpusFiles(
                entry, find_addresses(entry, self._root(entry, artifacts), f"corpora.{name}", self.file)
            )
            for name in names(config, "corpora")
            for entry in (self.recipe.corpora[name],)
        }
        labels = {
            name: LabelFiles(
                entry,
                find_files(entry, self._root(entry, artifacts), f"labels.{name}", self.file),
                type(config).splits,
            )
            for name in names(config, "labels")
            for entry in (self.recipe.labels[name],)
        }
        # Files of a `source` step are covered by its fingerprint; only raw ones are hashed.
        entries: list[tuple[str, CorpusFiles | LabelFiles]] = [
            *((f"corpora.{name}", corpus) for name, corpus in corpora.items()),
            *((f"labels.{name}", label_set) for name, label_set in labels.items()),
        ]
        raw = {
            f"{place}.{locale}.{number}": file
            for place, entry in entries
            if entry.config.source is None
            for locale, files in entry.files.items()
            for number, file in enumerate(files)
        }
        raw |= {
            f"config.{key}.{file.relative_to(path) if path.is_dir() else file.name}": file
            for key, path in references(config)
            for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
            if not file.is_dir()
        }
        digests = {key: self._digest(file) for key, file in raw.items()}
        identity = {
            "version": type(config).version,
            "artifact_format": ARTIFACT_FORMAT,
            "config": _dump(config),
            "inputs": {name: artifact.manifest.fingerprint for name, artifact in artifacts.items()},
            "sources": digests,
            # The address of raw files is left out: the same bytes elsewhere are the same input.
            "entries": [
                _dump(
                    entry.config, without={"license"} | ({"path"} if entry.config.source is None else set())
                )
                for _, entry in entries
            ],
        }
        text = json.dumps(identity, sort_keys=True)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()[:32]
        sources = {str(file): digests[key] for key, file in raw.items()}
        return _Plan(Inputs(artifacts, corpora, labels), sources, fingerprint)

    def _input(self, step: str, name: str) -> Artifact:
        made, part = step_of(name), part_of(name)
        path = self.folder / made
        if not (path / MANIFEST).is_file():
            raise UserError(
                f"reads step '{made}', which has not been run; run it first, or the recipe without --only",
                file=self.file,
                place=f"steps.{step}",
            )
        artifact = Artifact.load(path)
        return artifact.part(part) if part else artifact

    def _root(self, entry: Corpus | Labels, artifacts: dict[str, Artifact]) -> Path:
        return Path(self.recipe.data) if entry.source is None else artifacts[entry.source].path

    def _digest(self, address: Address) -> str:
        if address not in self._digests:
            self._digests[address] = fingerprint_of(address)
        return self._digests[address]

    def is_up_to_date(self, step: str) -> bool:
        """Whether what a step would make is there.

        Raises:
            UserError: anything wrong with what it reads.
        """
        return self._up_to_date(self.folder / step, self._plan(step))

    def _up_to_date(self, path: Path, plan: _Plan) -> bool:
        if not path.exists():
            return False
        return Artifact.load(path).manifest.fingerprint == plan.fingerprint

    def stage(self, step: str, inputs: Inputs, folder: Path) -> dict[str, Any]:
        """Run a step's stage; returns its numbers."""
        config = self.recipe.steps[step]
        stage = importlib.import_module(f"understudy.stages.{config.stage}")
        with self._errors_placed(step, folder):
            numbers: dict[str, Any] = stage.run(config, inputs, folder)
        return numbers

    def newest_checkpoint(self, step: str) -> str | None:
        """The name of the one that a killed step would continue from."""
        names = sorted(
            path.name for path in (self.folder / f".{step}.partial" / "checkpoints").glob("step-*")
        )
        return names[-1] if names else None

    def _make(self, step: str, plan: _Plan, force: bool, begin: Begin) -> float:
        config = self.recipe.steps[step]
        self.folder.mkdir(parents=True, exist_ok=True)
        with _locked(self.folder / f".{step}.lock", step):
            if force:
                shutil.rmtree(self.folder / f".{step}.partial", ignore_errors=True)
                discard(self.folder / step)
            workspace = Workspace(self.folder / step, plan.fingerprint)
            started, clock = datetime.now(UTC), time.monotonic()
            begin(plan.inputs, workspace.path)
            numbers = self.stage(step, plan.inputs, workspace.path)
            seconds = time.monotonic() - clock
            with self._errors_placed(step, workspace.path):
                workspace.complete(
                    Manifest(
                        format_version=ARTIFACT_FORMAT,
                        recipe=self.recipe.name,
                        step=step,
                        stage=config.stage,
                        fingerprint=plan.fingerprint,
                        config=_dump(config),
                        inputs={n: a.manifest.fingerprint for n, a in plan.inputs.artifacts.items()},
                        sources=plan.sources,
                        code_version=code_version(),
                        machine=machine(),
                        started=started.isoformat(timespec="seconds"),
                        seconds=round(seconds, 3),
                        numbers=numbers,
                        files={},
                    )
                )
        return seconds

    @contextmanager
    def _errors_placed(self, step: str, folder: Path) -> Iterator[None]:
        """Errors that name no file are about the step's config; every full disk becomes one error."""
        try:
            yield
        except UserError as error:
            if error.file is not None:
                raise
            place = ".".join(part for part in ("steps", step, error.place) if part)
            raise UserError(error.problem, file=self.file, place=place) from None
        except Exception as error:
            if not disk_is_full(error):
                raise
            problem = f"{os.strerror(errno.ENOSPC)}; make room and run the same command"
            raise OSError(errno.ENOSPC, problem, str(folder)) from error


def _dump(config: Step | Corpus | Labels, without: set[str] | None = None) -> dict[str, Any]:
    return config.model_dump(mode="json", by_alias=True, exclude=without)


@contextmanager
def _locked(path: Path, step: str) -> Iterator[None]:
    """Two runs of one step at a time would write into the same folder."""
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                "another process is making this step; wait for it or stop it", file=path.parent / step
            ) from None
        yield

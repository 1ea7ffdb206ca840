"""Smaller models from larger ones, through soft targets and hidden layers."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.core.recipe import distill_steps as recipe
from understudy.core.recipe.distill_steps import Distill
from understudy.core.stage import Inputs
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.stages.distill_phase import Phase
from understudy.stages.distill_start import start_student
from understudy.stages.fit import remove_traces
from understudy.stages.masked import same_tokenizer
from understudy.training.world import World

DONE = "numbers.json"
"""In the folder of a phase whose students are saved; in the step's own once all of it is there."""


def run(config: Distill, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Distil from one teacher after the other; the payload is ``model/`` and ``log.jsonl``.

    Several students have a folder each, ``<student>/model/``. With several teachers each leaves a folder,
    ``1-<teacher>/``, with the log and the model as they were when the teacher was swapped; a killed step goes
    on in the one it was in.
    """
    world = World.here(config.parallel)
    phases = config.phases
    folders = [out / f"{number}-{phase.teacher.replace('/', '-')}" for number, phase in enumerate(phases, 1)]
    if len(phases) == 1:
        folders = [out]
    whole, done = (out / DONE).exists(), sum((folder / DONE).exists() for folder in folders)
    world.wait()  # until all have looked
    if not whole:
        _teach(dict(zip(folders, phases, strict=True)), done, inputs, world)
        if world.main and len(phases) > 1:
            for name in phases[-1].each_student:
                shutil.copytree(folders[-1] / name / "model", out / name / "model", dirs_exist_ok=True)
            told = [read_json(folder / DONE) for folder in folders]
            write_json(out / DONE, {**told[-1], "phases": told})
        world.wait()
    numbers: dict[str, Any] = read_json(out / DONE)
    world.wait()  # until all have read
    if world.main:  # the marker of the whole last: without it hours would begin anew
        for folder, own in zip(folders, numbers.get("phases", [numbers]), strict=True):
            remove_traces(folder, own)
            if folder != out:
                (folder / DONE).unlink(missing_ok=True)
        (out / DONE).unlink()  # the manifest will have them
    return numbers


def _teach(phases: Mapping[Path, recipe.Phase], done: int, inputs: Inputs, world: World) -> None:
    """Train what is not trained yet, after everything about it has been checked.

    Args:
        phases: by their folders, in order.
        done: how many of them are trained.
    """
    folders, configs = list(phases), list(phases.values())
    if done == len(folders):
        return
    students = _read(folders[done - 1], configs[done - 1]) if done else _start(configs[0], inputs)
    for number in range(done + 1, len(folders)):
        with _placed(f"teachers.{number}"):
            _check(configs[number], configs[0], inputs, students)
    for number in range(done, len(folders)):
        folder, config = folders[number], configs[number]
        with _placed(f"teachers.{number}" if len(folders) > 1 else ""):
            if number > done:
                # As a step would that was killed here, and has nothing else.
                students = _read(folders[number - 1], configs[number - 1])
            folder.mkdir(exist_ok=True)
            numbers = Phase(config, inputs, students).train(folder)
        if world.main:
            write_json(folder / DONE, numbers)
            remove_traces(folder, numbers)
        world.wait()


def _check(
    config: recipe.Phase, first: recipe.Phase, inputs: Inputs, students: Mapping[str, MaskedLanguageModel]
) -> None:
    """Raise a :class:`UserError` about a phase that comes later, whose teacher is not held any longer."""
    ours, theirs = (inputs.artifacts[each.shards].file("tokenizer") for each in (first, config))
    same_tokenizer(theirs, ours)
    # Of copies, since what is made of the students hooks into them.
    Phase(config, inputs, copy.deepcopy(dict(students))).look()


def _start(config: recipe.Phase, inputs: Inputs) -> dict[str, MaskedLanguageModel]:
    students = {}
    for name, one in config.each_student.items():
        with _placed(f"students.{name}" if name else ""):
            students[name] = start_student(one, inputs)
    return students


def _read(folder: Path, config: recipe.Phase) -> dict[str, MaskedLanguageModel]:
    """The students that a phase has left."""
    return {name: load_model(folder / name / "model") for name in config.each_student}


@contextmanager
def _placed(prefix: str) -> Iterator[None]:
    """Say in which part of the config a mistake is."""
    try:
        yield
    except UserError as error:
        if error.file is not None or not prefix:
            raise
        place = f"{prefix}.{error.place}" if isinstance(error.place, str) else prefix
        raise UserError(error.problem, place=place) from None

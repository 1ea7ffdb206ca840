"""Smaller models from larger ones, through soft targets and hidden layers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.core.recipe.distill_steps import Distill
from understudy.core.stage import Inputs
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.stages.distill_phase import Phase
from understudy.stages.distill_start import start_student
from understudy.stages.fit import remove_traces
from understudy.training.world import World

DONE = "numbers.json"
"""In the folder of a phase whose students are saved, until the step is done."""


def run(config: Distill, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Distil from one teacher after the other; the payload is ``model/`` and ``log.jsonl``.

    Several students have a folder each, ``<student>/model/``. With several teachers each leaves a folder,
    ``1-<teacher>/``, with the log and the model as they were when the teacher was swapped; a killed step goes
    on in the one it was in.
    """
    world = World.here(config.parallel)
    phases = config.phases
    students: dict[str, MaskedLanguageModel] = {}
    told: list[dict[str, Any]] = []
    folders: list[Path] = []
    for number, phase in enumerate(phases):
        swapped = len(phases) > 1
        folder = out / f"{number + 1}-{phase.teacher.replace('/', '-')}" if swapped else out
        folders.append(folder)
        with _placed(f"teachers.{number}" if swapped else ""):
            if not (folder / DONE).exists():
                if not number:
                    students = {name: start_student(one, inputs) for name, one in phase.each_student.items()}
                folder.mkdir(exist_ok=True)
                numbers = Phase(phase, inputs, students).train(folder)
                if world.main:
                    write_json(folder / DONE, numbers)
                world.wait()
            told.append(read_json(folder / DONE))
            if world.main:  # also what a step that was killed right here has left
                remove_traces(folder, told[-1])
            # Read back even where they are at hand: a step that was killed here has nothing else.
            students = {name: load_model(folder / name / "model") for name in phase.each_student}
    if world.main and len(phases) > 1:
        for name in students:
            shutil.copytree(folder / name / "model", out / name / "model", dirs_exist_ok=True)
    if world.main:
        for folder in folders:
            (folder / DONE).unlink()  # the manifest has them
    return told[0] if len(told) == 1 else {**told[-1], "phases": told}


@contextmanager
def _placed(prefix: str) -> Iterator[None]:
    """Say in which of several phases a mistake is."""
    try:
        yield
    except UserError as error:
        if error.file is not None or not prefix:
            raise
        place = f"{prefix}.{error.place}" if isinstance(error.place, str) else prefix
        raise UserError(error.problem, place=place) from None

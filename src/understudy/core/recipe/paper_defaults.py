"""What a step that trains a preset takes from the papers' tables where the recipe does not say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError, nearest
from understudy.core.recipe.paper_settings import PaperSettings, paper_settings
from understudy.core.recipe.presets import PRESETS
from understudy.core.recipe.reading import part_of, step_of

Table = dict[str, Any]


def with_paper_defaults(steps: Table, file: Path) -> Table:
    """Fill in ``optimization`` and ``duration`` of every step that pretrains or distils a preset.

    A preset is named in the step's ``encoder``, or in that of the step it goes on ``from``. What the recipe
    gives stays, key by key; ``warmup`` stands in for the table's ``warmup_steps``. Several students of one
    step share one optimizer, and have a preset's defaults if all of them are of that preset.

    Args:
        steps: as the recipe has them, matrices written out; what is not as it should be is left as it is,
            for the schema to name.
        file: the recipe.

    Raises:
        UserError: no such preset, heads that do not divide its hidden size, or defaults that contradict what
            is given.
    """
    for name, step in steps.items():
        if isinstance(step, dict):
            for place, encoder in _encoders(step):
                _check_encoder(encoder, file, f"steps.{name}.{place}")
    return {name: _filled(name, step, steps, file) for name, step in steps.items()}


def _filled(name: str, step: Any, steps: Table, file: Path) -> Any:
    preset = _preset(name, steps)
    stage = step.get("stage") if isinstance(step, dict) else None
    if preset is None or stage not in ("pretrain", "distill"):
        return step
    continued = all("from" in start for start in _starts(step))
    if not isinstance(step.get("teachers"), list):
        return _phase(step, paper_settings(preset, stage=stage, continued=continued), file, f"steps.{name}")
    phases = []
    for number, phase in enumerate(step["teachers"]):
        if isinstance(phase, dict):
            own = {"optimization": step.get("optimization"), **phase}
            column = paper_settings(preset, continued=continued or number > 0)
            phase = _phase(own, column, file, f"steps.{name}.teachers.{number}")
        phases.append(phase)
    return {**step, "teachers": phases}


def _phase(step: Table, paper: PaperSettings, file: Path, place: str) -> Table:
    given = step.get("optimization")
    duration = {"steps": paper.steps} if step.get("duration") is None else step["duration"]
    given = {} if given is None else given
    if not isinstance(given, dict):
        return {**step, "duration": duration}
    table = {
        key: list(value) if isinstance(value, tuple) else value for key, value in paper.optimization.items()
    }
    if "warmup" in given:
        del table["warmup_steps"]
    merged = {**table, **given}
    problem = _contradiction(table, given, merged, duration, paper.preset)
    if problem is not None:
        raise UserError(problem[1], file=file, place=f"{place}.optimization.{problem[0]}")
    return {**step, "duration": duration, "optimization": merged}


def _contradiction(
    table: Table, given: Table, merged: Table, duration: Any, preset: str
) -> tuple[str, str] | None:
    """The key that is at fault, and what is wrong; none if nothing is."""
    other = "optimizer" if merged["optimizer"] != table["optimizer"] else None
    if (merged["schedule"] == "noam") != (table["schedule"] == "noam"):
        other = "schedule"  # Noam's learning rate is a factor, and no peak
    if other is not None and "learning_rate" not in given:
        return other, (
            f"{merged[other]} needs a learning_rate of its own: "
            f"the {table['learning_rate']:g} of preset {preset} goes with {table[other]}"
        )
    rate, floor = merged["learning_rate"], merged.get("minimum_learning_rate")
    if "minimum_learning_rate" not in given and _numbers(rate, floor) and rate < floor:
        return "learning_rate", (
            f"{rate:g} is below the minimum_learning_rate {floor:g} of preset {preset}; give that too"
        )
    if "warmup_shape" not in given and table.get("warmup_shape") == "exponential" and floor == 0:
        return "minimum_learning_rate", (
            f"the warm-up of preset {preset} is exponential and begins there, so it must be above 0; "
            "or give warmup_shape: linear"
        )
    warmup, steps = table.get("warmup_steps"), _steps(duration, merged)
    if "warmup_steps" not in given and _numbers(warmup, steps) and warmup >= steps:
        return "warmup_steps", (
            f"the {warmup:,} of preset {preset} leave none of {steps:,} steps to train at the peak; "
            "give warmup_steps, or warmup as a share"
        )
    return None


def _steps(duration: Any, merged: Table) -> Any:
    """Of a duration in steps or tokens; others are not known before the data is read."""
    if not isinstance(duration, dict):
        return None
    tokens, batch = duration.get("tokens"), merged["tokens_per_batch"]
    if _numbers(tokens, batch) and batch:
        return round(tokens / batch)
    return duration.get("steps")


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _starts(step: Table) -> list[Table]:
    """Where ``from`` or ``encoder`` stand: in the step, or in each of its students."""
    students = step.get("students")
    if isinstance(students, dict) and students:
        return [student for student in students.values() if isinstance(student, dict)]
    return [step]


def _preset(name: str, steps: Table, seen: frozenset[str] = frozenset()) -> str | None:
    """The one preset of a step or of a student (``step/student``); none where sizes are given by hand."""
    step = steps.get(step_of(name))
    if name in seen or not isinstance(step, dict):
        return None
    starts, students = _starts(step), step.get("students")
    if isinstance(students, dict) and (student := part_of(name).rpartition("/")[2]) in students:
        starts = [start] if isinstance(start := students[student], dict) else []
    found = set()
    for start in starts:
        encoder, before = start.get("encoder"), start.get("from")
        if isinstance(encoder, dict):
            found.add(encoder.get("preset"))
        else:
            found.add(_preset(before, steps, seen | {name}) if isinstance(before, str) else None)
    return found.pop() if len(found) == 1 else None


def _encoders(step: Table) -> Iterator[tuple[str, Table]]:
    students = step.get("students")
    parts = students.items() if isinstance(students, dict) else ()
    for place, part in (("", step), *((f"students.{name}.", student) for name, student in parts)):
        if isinstance(part, dict) and isinstance(part.get("encoder"), dict):
            yield f"{place}encoder", part["encoder"]


def _check_encoder(encoder: Table, file: Path, place: str) -> None:
    preset = encoder.get("preset")
    if preset is None:
        return
    if preset not in PRESETS:
        raise UserError(
            f"no preset '{preset}'; {nearest(str(preset), PRESETS)}", file=file, place=f"{place}.preset"
        )
    sizes = PRESETS[preset] | {key: value for key, value in encoder.items() if value is not None}
    hidden, heads = sizes["hidden"], sizes["heads"]
    if isinstance(hidden, int) and isinstance(heads, int) and heads > 0 and hidden % heads:
        raise UserError(
            f"{heads} heads do not divide the hidden size {hidden}", file=file, place=f"{place}.heads"
        )

"""The steps as a graph: what each reads, matrices written out, and an order that respects both."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from understudy.core.errors import UserError, nearest
from understudy.core.recipe.entries import Names, Reads, Reference
from understudy.core.recipe.paths import set_path
from understudy.core.recipe.reading import (
    as_names,
    part_of,
    read_places,
    renamed,
    replaced,
    spelled,
    step_of,
)
from understudy.core.recipe.schema import Recipe, StepConfig
from understudy.core.recipe.step import Step

_STEP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

Cell = dict[str, Any]
"""One combination of a matrix: config key -> value."""

STEP_CLASSES: dict[str, type[Step]] = {
    get_args(kind.model_fields["stage"].annotation)[0]: kind for kind in get_args(get_args(StepConfig)[0])
}


def _step_class(raw: Any) -> type[Step] | None:
    stage = raw.get("stage") if isinstance(raw, dict) else None
    return STEP_CLASSES.get(stage) if isinstance(stage, str) else None


def write_out_matrices(steps: dict[str, Any], recipe: Path) -> dict[str, Any]:
    """Replace every step that has a matrix, or reads one that has, by one step a combination.

    A step that reads a matrix step is repeated for each of its combinations (those that agree with its own
    matrix on common keys); a list of steps to read takes all that agree. Values are added to the names.

    Raises:
        UserError: a name that cannot be a folder's, or that two steps get; a matrix that is no table of
            lists, or of which no combination agrees with the step that is read; a cycle.
    """
    for base in steps:
        if not isinstance(base, str) or not _STEP_NAME.fullmatch(base):
            raise UserError(
                f"'{base}' cannot name a step, whose folder gets the name: letters and figures are due, "
                "and '.', '_' and '-' after the first",
                file=recipe,
                place="steps",
            )
    cells: dict[str, list[tuple[Cell, str]]] = {}
    written: dict[str, Any] = {}
    for base in _base_order(steps, recipe):
        raw = steps[base]
        cells[base] = []
        if _step_class(raw) is None:
            written[base] = raw  # the schema names the mistake
            continue
        own = raw.get("matrix", {})
        if not isinstance(own, dict) or not all(
            isinstance(key, str) and isinstance(values, list) and values for key, values in own.items()
        ):
            raise UserError("each key needs a list of values", file=recipe, place=f"steps.{base}.matrix")
        plain = {key: value for key, value in raw.items() if key != "matrix"}
        for combination in itertools.product(*own.values()):
            overrides = dict(zip(own, combination, strict=True))
            config = _override(plain, overrides)
            for cell, config_cell in _with_inherited(config, overrides, cells):
                name = base + "".join(f"-{_slug(value)}" for value in cell.values())
                if name in written or (name in steps and name != base):
                    raise UserError(
                        f"two steps get the name '{name}'; rename one", file=recipe, place=f"steps.{base}"
                    )
                written[name] = config_cell
                cells[base].append((cell, name))
        if not cells[base]:
            raise UserError(
                "no combination of this matrix agrees, key by key, with those of the step that is read",
                file=recipe,
                place=f"steps.{base}.matrix",
            )
    return written


def _base_order(steps: dict[str, Any], recipe: Path) -> list[str]:
    graph: dict[str, set[str]] = {}
    for name, raw in steps.items():
        kind = _step_class(raw)
        if kind is None:
            graph[name] = set()
            continue
        matrix = raw.get("matrix") if isinstance(raw.get("matrix"), dict) else {}
        lists = [(key, values) for key, values in matrix.items() if isinstance(values, list)]
        variants = [set_path({}, str(key).split("."), value) for key, values in lists for value in values]
        graph[name] = {
            step_of(read)
            for variant in (raw, *variants)
            for _, _, value in read_places(kind, variant)
            for read in as_names(value)
            if step_of(read) in steps
        }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise UserError(
            f"the steps read each other in a circle: {' -> '.join(error.args[1])}", file=recipe, place="steps"
        ) from None
    return order


def _with_inherited(
    config: dict[str, Any], own: Cell, cells: dict[str, list[tuple[Cell, str]]]
) -> list[tuple[Cell, dict[str, Any]]]:
    """Follow references to matrix steps: repeat for a single one, take all for a list."""
    results = [(own, config)]
    for place, _, value in read_places(STEP_CLASSES[config["stage"]], config):
        if isinstance(value, str) and any(cell for cell, _ in cells.get(step_of(value), [])):
            results = [
                (cell | other, replaced(current, place, renamed(value, name)))
                for cell, current in results
                for other, name in cells[step_of(value)]
                if _agree(cell, other)
            ]
        elif isinstance(value, list):
            results = [
                (cell, replaced(current, place, _all_cells(value, cell, cells))) for cell, current in results
            ]
    return results


def _all_cells(read: list[Any], own: Cell, cells: dict[str, list[tuple[Cell, str]]]) -> list[Any]:
    """A list of steps with every matrix step replaced by those of its combinations that agree."""
    found: list[Any] = []
    for name in read:
        if isinstance(name, str) and step_of(name) in cells:
            found += [renamed(name, cell) for other, cell in cells[step_of(name)] if _agree(own, other)]
        else:
            found.append(name)
    return found


def _agree(one: Cell, other: Cell) -> bool:
    return all(one[key] == other[key] for key in one.keys() & other.keys())


def _override(config: dict[str, Any], overrides: Cell) -> dict[str, Any]:
    for path, value in overrides.items():
        config = set_path(config, path.split("."), value)
    return config


def _slug(value: Any) -> str:
    return re.sub(r"[^a-z0-9.-]+", "_", str(value).lower()).strip("_") or "none"


def reads(config: Step) -> list[str]:
    """The steps a config names, in the order of its fields; of some only a part (``step/part``)."""
    raw = config.model_dump(by_alias=True)
    return [name for _, _, value in read_places(type(config), raw) for name in as_names(value)]


def names(config: Step, section: str) -> list[str]:
    """The entries of ``corpora`` or ``labels`` a config names."""
    return [name for found, _, names in named(config) if found == section for name in names]


def named(config: BaseModel, place: str = "") -> Iterator[tuple[str, str, list[str]]]:
    """Section, key path and names of every marked field of a config, those of its parts too."""
    for name, field in type(config).model_fields.items():
        key, value = f"{place}{field.alias or name}", getattr(config, name)
        for mark in field.metadata:
            if isinstance(mark, Names):
                yield mark.section, key, as_names(value)
        if isinstance(value, BaseModel):
            yield from named(value, f"{key}.")


def references(config: BaseModel, place: str = "") -> Iterator[tuple[str, Path]]:
    """Key path and local path of every field marked :class:`Reference`, those of a config's parts too."""
    for name, field in type(config).model_fields.items():
        key, value = f"{place}{field.alias or name}", getattr(config, name)
        for mark in field.metadata:
            if isinstance(mark, Reference) and not (mark.or_name and not Path(value).exists()):
                yield key, Path(value)
        if isinstance(value, BaseModel):
            yield from references(value, f"{key}.")


def inputs_of(recipe: Recipe, step: str) -> list[str]:
    """Every artifact that ``step`` reads, directly or as the source of a corpus or label set."""
    config = recipe.steps[step]
    found = reads(config)
    found += [s for name in names(config, "corpora") if (s := recipe.corpora[name].source)]
    found += [s for name in names(config, "labels") if (s := recipe.labels[name].source)]
    return list(dict.fromkeys(found))


def dependencies(recipe: Recipe, step: str) -> list[str]:
    """The steps that must have been made before ``step``."""
    return list(dict.fromkeys(step_of(name) for name in inputs_of(recipe, step)))


def check_references(recipe: Recipe, file: Path) -> None:
    """Every name a step uses must exist and be of a stage it can read.

    Raises:
        UserError: with the place and the nearest valid name.
    """
    for section in ("corpora", "labels"):
        for name, entry in getattr(recipe, section).items():
            if entry.source is not None:
                _check_step(recipe, entry.source, _due(entry), file, f"{section}.{name}.source")
    for step, config in recipe.steps.items():
        for at, mark, value in read_places(type(config), config.model_dump(by_alias=True)):
            for read in as_names(value):
                _check_step(recipe, read, mark.stages, file, f"steps.{step}.{spelled(at)}")
        for section, key, used in named(config):
            entries: dict[str, Any] = getattr(recipe, section)
            for name in used:
                if name not in entries:
                    raise UserError(
                        f"no '{name}' in {section}; {nearest(name, entries)}",
                        file=file,
                        place=f"steps.{step}.{key}",
                    )


def _check_step(recipe: Recipe, read: str, stages: tuple[str, ...], file: Path, place: str) -> None:
    name, part = step_of(read), part_of(read)
    if name not in recipe.steps:
        raise UserError(f"no step '{name}'; {nearest(name, recipe.steps)}", file=file, place=place)
    step = recipe.steps[name]
    if step.stage not in stages:
        raise UserError(
            f"step '{name}' is a {step.stage} step; due here: {' or '.join(stages)}", file=file, place=place
        )
    if part and step.keeps(part):
        return
    if step.only_parts:
        raise UserError(f"name one part of step '{name}', such as {name}/en-US", file=file, place=place)
    if step.parts and part not in step.parts:
        choices = [f"{name}/{each}" for each in step.parts]
        problem = f"no part '{part}' in" if part else "name one part of"
        raise UserError(f"{problem} step '{name}'; {nearest(read, choices)}", file=file, place=place)
    if part and not step.parts:
        raise UserError(f"step '{name}' has no parts; name it alone", file=file, place=place)


def in_order(recipe: Recipe, file: Path) -> list[str]:
    """All steps, each after everything it reads.

    Raises:
        UserError: a cycle.
    """
    graph = {step: dependencies(recipe, step) for step in recipe.steps}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise UserError(
            f"the steps read each other in a circle: {' -> '.join(error.args[1])}", file=file, place="steps"
        ) from None


def _due(entry: BaseModel) -> tuple[str, ...]:
    """The stages whose artifact may be the source of a corpus or label set."""
    marks = type(entry).model_fields["source"].metadata
    return next(mark.stages for mark in marks if isinstance(mark, Reads))

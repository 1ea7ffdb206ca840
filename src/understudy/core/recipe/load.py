"""A recipe from its YAML file: strict, one clear error with file, place and what would be right."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from understudy.core.errors import UserError, nearest
from understudy.core.files import read_lines
from understudy.core.recipe.graph import (
    STEP_CLASSES,
    check_references,
    in_order,
    write_out_matrices,
)
from understudy.core.recipe.paper_defaults import with_paper_defaults
from understudy.core.recipe.paths import set_path
from understudy.core.recipe.reading import model_in
from understudy.core.recipe.scales import at_scale
from understudy.core.recipe.schema import Recipe


class _UniqueKeys(yaml.SafeLoader):
    """YAML lets a key stand twice and takes the last; a recipe must not."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue  # `<<: *anchor`, whose keys a mapping's own go before
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.MarkedYAMLError(problem="a key must be a word", problem_mark=key_node.start_mark)
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key '{key}' stands twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_recipe(path: Path, overrides: list[str] | None = None) -> Recipe:
    """Read, override and check a recipe; matrices are written out.

    Args:
        path: the YAML file.
        overrides: ``key.path=value`` assignments, values in YAML.

    Raises:
        UserError: anything wrong with the file, an override, a key, a type, a name or a cycle.
    """
    text = "\n".join(line for _, line in read_lines(path))
    try:
        raw = yaml.load(text, Loader=_UniqueKeys)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date such as 2026-13-45
        mark = getattr(error, "problem_mark", None)
        raise UserError(
            f"not YAML: {getattr(error, 'problem', None) or error}",
            file=path,
            place=None if mark is None else mark.line + 1,
        ) from None
    if not isinstance(raw, dict):
        raise UserError("a recipe is a mapping with 'name' and 'steps'", file=path)
    overrides = overrides or []
    chosen = [assignment for assignment in overrides if assignment.partition("=")[0].strip() == "scale"]
    scale = _overridden(raw, chosen).get("scale")
    raw = _overridden(at_scale(raw, scale, path), overrides)
    steps = raw.get("steps")
    if isinstance(steps, dict):
        raw = {**raw, "steps": with_paper_defaults(write_out_matrices(steps, path), path)}
    try:
        recipe = Recipe.model_validate(raw)
    except ValidationError as error:
        raise _readable(error, path) from None
    check_references(recipe, path)
    in_order(recipe, path)
    return recipe


def _overridden(raw: dict[str, Any], assignments: list[str]) -> dict[str, Any]:
    for assignment in assignments:
        raw = _apply(raw, assignment)
    return raw


def _apply(raw: dict[str, Any], assignment: str) -> dict[str, Any]:
    key, equals, value = assignment.partition("=")
    if not equals or not key.strip():
        raise UserError(f"'{assignment}' is no assignment; due: key.path=value", file="--set")
    try:
        parsed = yaml.safe_load(value)
    except (yaml.YAMLError, ValueError):
        raise UserError(f"the value '{value}' is not YAML", file="--set", place=key) from None
    path = key.strip().split(".")
    steps = raw.get("steps")
    if path[0] == "steps" and len(path) > 1 and isinstance(steps, dict) and path[1] not in steps:
        raise UserError(f"no step '{path[1]}'; {nearest(path[1], map(str, steps))}", file="--set", place=key)
    return set_path(raw, path, parsed)


def _readable(error: ValidationError, path: Path) -> UserError:
    """The first error, with its place as the recipe spells it and the nearest valid key.

    An unknown key goes before others: misspelt, it is often why another one is missing.
    """
    errors = error.errors()
    first = min(errors, key=lambda each: each["type"] != "extra_forbidden")
    # Pydantic adds the stage's name after a step's name; the file has no such level.
    place = [str(part) for part in first["loc"]]
    if len(place) > 2 and place[0] == "steps" and place[2] in STEP_CLASSES:
        del place[2]
    if first["type"] == "extra_forbidden":
        problem = f"unknown key '{place[-1]}'; {nearest(place[-1], _keys_at(first['loc'][:-1]))}"
    elif first["type"] in ("union_tag_invalid", "union_tag_not_found"):
        given = first["input"].get("stage") if isinstance(first["input"], dict) else None
        problem = f"unknown stage '{given}'; {nearest(str(given), STEP_CLASSES)}"
    elif first["type"] == "missing":
        problem = "is missing"
    else:
        message = first["msg"].removeprefix("Value error, ")
        problem = f"{message[0].lower()}{message[1:]}"
        if not isinstance(first["input"], dict):
            problem += f", not {first['input']!r}"
    if len(errors) > 1:
        problem += f" (and {len(errors) - 1} more)"
    return UserError(problem, file=path, place=".".join(place) or None)


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    """The valid keys of the model at a validation error's location."""
    model: type[BaseModel] = Recipe
    for part in location:
        if part in STEP_CLASSES and model is Recipe:
            model = STEP_CLASSES[str(part)]
        elif part in model.model_fields:
            inner = model_in(model.model_fields[str(part)].annotation)
            model = inner or model
    return [field.alias or name for name, field in model.model_fields.items()]

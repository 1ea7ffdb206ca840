"""Where in a step's config other steps are named, and names of a part: ``step/part``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from understudy.core.recipe.entries import Reads

Place = tuple[str | int, ...]
"""Keys and numbers that lead to a value, as the recipe spells them."""


def read_places(kind: type[BaseModel], value: Any) -> Iterator[tuple[Place, Reads, Any]]:
    """Place, mark and value of every field that names steps, those of a config's parts too.

    Args:
        kind: the config's class.
        value: a mapping as the recipe has it; what does not fit the class is passed over.
    """
    if not isinstance(value, dict):
        return
    for name, field in kind.model_fields.items():
        key = field.alias or name
        if value.get(key) is None:
            continue
        marks = [mark for mark in field.metadata if isinstance(mark, Reads)]
        if marks:
            yield (key,), marks[0], value[key]
            continue
        for inner, at, part in _parts(field.annotation, value[key]):
            for place, mark, found in read_places(inner, part):
                yield (key, *at, *place), mark, found


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The one config class in a field's type; none where there is none, or more than one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [inner for each in get_args(annotation) if (inner := model_in(each)) is not None]
    return found[0] if len(found) == 1 else None


def _parts(annotation: Any, value: Any) -> Iterator[tuple[type[BaseModel], Place, Any]]:
    """Configs in a field: itself, or those in a list or a table."""
    kind = model_in(annotation)
    if kind is None:
        return
    origins = {get_origin(each) for each in (annotation, *get_args(annotation))}
    if isinstance(value, list | tuple):
        yield from ((kind, (number,), each) for number, each in enumerate(value))
    elif isinstance(value, dict) and dict in origins:
        yield from ((kind, (key,), each) for key, each in value.items())
    else:
        yield kind, (), value


def as_names(value: Any) -> list[str]:
    """The names in a field; of anything else the schema says what is wrong with it."""
    if isinstance(value, str):
        return [value]
    return [name for name in value if isinstance(name, str)] if isinstance(value, list | tuple) else []


def step_of(name: str) -> str:
    """The step in ``step`` or ``step/part``."""
    return name.partition("/")[0]


def part_of(name: str) -> str:
    """The part in ``step/part``; empty where the whole step is named."""
    return name.partition("/")[2]


def renamed(name: str, step: str) -> str:
    """The same part of another step."""
    return f"{step}/{part_of(name)}" if part_of(name) else step


def replaced(tree: Any, place: Sequence[str | int], value: Any) -> Any:
    """A copy of nested tables and lists with another value at a place that is there."""
    if not place:
        return value
    head, rest = place[0], place[1:]
    if isinstance(tree, dict):
        return {**tree, head: replaced(tree[head], rest, value)}
    return [replaced(each, rest, value) if number == head else each for number, each in enumerate(tree)]


def spelled(place: Place) -> str:
    """A place with dots, numbers from 0: ``teachers.1.shards``."""
    return ".".join(map(str, place))

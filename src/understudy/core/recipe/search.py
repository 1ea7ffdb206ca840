"""A search over values of a step's keys, and a step's config with other values in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator

from understudy.core.errors import nearest
from understudy.core.recipe.entries import Names, Reads, Strict
from understudy.core.recipe.paths import set_path
from understudy.core.recipe.reading import model_in


class Range(Strict):
    """Numbers between two bounds, both included; whole ones where both bounds are."""

    low: int | float
    high: int | float
    log: bool = False
    """Draw evenly on a logarithmic scale, as for a learning rate."""

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if self.low >= self.high:
            raise ValueError("'low' must be below 'high'")
        if self.log and self.low <= 0:
            raise ValueError("a logarithmic scale begins above 0")
        return self

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are drawn."""
        return isinstance(self.low, int) and isinstance(self.high, int)


class Search(Strict):
    """Trainings with other values, of which the best by development score is kept (Akiba et al. 2019)."""

    trials: int = Field(default=20, ge=1)
    space: dict[str, Range | tuple[Any, ...]] = Field(min_length=1)
    """Key path within the step -> the values to choose from, or a range."""
    pruner: Literal["median"] | None = None
    """End a trial early where its best score so far is below the median of the others at that validation."""
    startup: int = Field(default=5, ge=1)
    """Trials drawn at random, and not pruned, before what was found guides the choice."""

    @model_validator(mode="after")
    def _choices(self) -> Search:
        for key, values in self.space.items():
            if isinstance(values, tuple) and not values:
                raise ValueError(f"space.{key}: at least one value is due")
        return self


Config = TypeVar("Config", bound=BaseModel)


def with_values(config: Config, values: Mapping[str, Any]) -> Config:
    """A step without its search and with other values, parsed as the recipe is.

    Args:
        config: the step.
        values: key path -> value.

    Raises:
        ValueError: an unknown key, a value that its key does not take, or keys that do not go together.
    """
    kind = type(config)
    raw = config.model_dump(exclude_unset=True, by_alias=True, exclude={"search"})
    for name, field in kind.model_fields.items():
        value, key = getattr(config, name), field.alias or name
        if field.exclude and name in config.model_fields_set:
            raw[key] = value
        # A default is a config with keys of its own: setting one of them must not undo the others.
        if key not in raw and isinstance(value, BaseModel) and any(k.split(".")[0] == key for k in values):
            raw[key] = value.model_dump(exclude_unset=True, by_alias=True)
    for key, value in values.items():
        raw = set_path(raw, key.split("."), value)
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        raise ValueError(_explained(kind, error)) from None


def check_space(config: BaseModel, search: Search) -> None:
    """Try the ends of every range and every choice, each by itself.

    Raises:
        ValueError: names the key in ``search.space`` and what is wrong with it or with a value.
    """
    for key, values in search.space.items():
        place = f"search.space.{key}"
        first = key.split(".")[0]
        field = next((f for n, f in type(config).model_fields.items() if (f.alias or n) == first), None)
        fixed = first in ("stage", "matrix", "search", "parallel", "trackers")
        if fixed or (field and any(isinstance(mark, Reads | Names) for mark in field.metadata)):
            raise ValueError(f"{place}: '{first}' is the same in all trials; use a matrix, or other keys")
        for value in values if isinstance(values, tuple) else (values.low, values.high):
            try:
                with_values(config, {key: value})
            except ValueError as error:
                raise ValueError(f"{place}: {error}") from None


def _explained(kind: type[BaseModel], error: ValidationError) -> str:
    """The first error in a line; an unknown key goes before others."""
    first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    if first["type"] == "extra_forbidden":
        key = str(first["loc"][-1])
        return f"unknown key '{key}'; {nearest(key, _keys_at(kind, first['loc'][:-1]))}"
    message = first["msg"].removeprefix("Value error, ")
    given = "" if isinstance(first["input"], dict) else f", not {first['input']!r}"
    return f"{message[0].lower()}{message[1:]}{given}"


def _keys_at(kind: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    for part in location:
        if part in kind.model_fields:
            kind = model_in(kind.model_fields[str(part)].annotation) or kind
    return [field.alias or name for name, field in kind.model_fields.items()]

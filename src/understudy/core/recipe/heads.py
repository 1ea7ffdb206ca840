"""What stands on the encoder: the heads of either paper, and any mix of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from understudy.core.recipe.entries import Strict

_SHAPES: dict[str, dict[str, dict[str, Any]]] = {
    "paper-a": {"domain": {}, "intent": {}, "slots": {}},
    "paper-b": {
        "domain": {"layers": 1, "width": 128, "activation": "relu", "dropout": 0.1},
        "intent": {"layers": 1, "width": 128, "activation": "relu", "dropout": 0.1},
        "slots": {"layers": 1, "width": 256, "activation": "gelu", "dropout": 0.1},
    },
}
_SETTINGS: dict[str, dict[str, Any]] = {
    "paper-a": {"intent": "paper-a", "slots": "paper-a"},
    "paper-b-dc": {"domain": "paper-b"},
    "paper-b-icner": {"intent": "paper-b", "slots": "paper-b", "crf": {}},
}


class HeadShape(Strict):
    """Feed-forward layers of one width, then one output a class; the defaults are paper A's (3.2)."""

    layers: int = Field(default=2, ge=1, le=8)
    width: int = Field(default=256, ge=8)
    activation: Literal["gelu", "relu", "tanh"] = "gelu"
    dropout: float | None = Field(default=None, ge=0, lt=1)
    """None: the step's own, which the encoder has too."""


class CrfShape(Strict):
    """A linear-chain CRF over the scores of the slot head (paper B 4.2)."""

    constrained: bool = False
    """Tags that cannot follow each other are impossible in training too; in decoding they always are."""


class Heads(Strict):
    """Which heads there are, and their shapes.

    A name (``paper-a``, ``paper-b-dc``, ``paper-b-icner``), a list of heads (``[domain, intent, crf]``), or a
    table of shapes, in which a head may have no value, ``paper-a``, ``paper-b``, or keys of its own.
    """

    domain: HeadShape | None = None
    intent: HeadShape | None = None
    slots: HeadShape | None = None
    crf: CrfShape | None = None
    """Comes with a slot head, which need not be named."""

    @model_validator(mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        if isinstance(value, str):
            if value not in _SETTINGS:
                raise ValueError(f"no setting '{value}'; there are: {', '.join(_SETTINGS)}")
            value = _SETTINGS[value]
        if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
            value = dict.fromkeys(value)
        if not isinstance(value, Mapping):
            return value
        heads = {name: {} if shape is None else shape for name, shape in value.items()}
        if heads.get("crf") is True:
            heads["crf"] = {}
        elif heads.get("crf") is False:
            del heads["crf"]
        if "crf" in heads:
            heads.setdefault("slots", {})
        return heads

    @field_validator("domain", "intent", "slots", mode="before")
    @classmethod
    def _named_shape(cls, value: Any, info: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value not in _SHAPES:
            raise ValueError(f"no shape '{value}'; there are: {', '.join(_SHAPES)}")
        return _SHAPES[value][info.field_name]

    @model_validator(mode="after")
    def _at_least_one(self) -> Heads:
        if not self.names:
            raise ValueError("a model needs a head: domain, intent, slots or crf")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The heads that give scores, in the order in which they are given."""
        return tuple(name for name in ("intent", "slots", "domain") if getattr(self, name) is not None)

    def as_json(self) -> dict[str, Any]:
        """What :meth:`model_validate` reads back."""
        return self.model_dump(mode="json", exclude_none=True)


PAPER_A = Heads.model_validate("paper-a")

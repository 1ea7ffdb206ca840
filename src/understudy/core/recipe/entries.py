"""What a recipe reads, corpora and label sets, and the marks by which step configs name things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """Frozen, and an unknown key is an error: no key of a recipe is ever silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class Reads:
    """Marks a field that names a step (or steps) whose artifact this step reads."""

    stages: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """Marks a field that names an entry of the recipe's ``corpora`` or ``labels``."""

    section: Literal["corpora", "labels"]


class Corpus(Strict):
    """Text, one sentence or utterance a row, from files."""

    path: str
    """Address; may hold ``{data}``, ``{language}``, ``{locale}`` and globs. ``.gz`` is understood."""
    locales: tuple[str, ...]
    """Locales or bare languages; each one's files are read and labelled with it."""
    format: Literal["jsonl", "text"] = "jsonl"
    field: str = "text"
    """JSON Lines: the key that holds the text."""
    where: dict[str, str] = Field(default_factory=dict)
    """JSON Lines: keep only rows whose keys have these values, for example ``{partition: train}``."""
    kind: Literal["public", "in_domain"] = "public"
    """Public text is written; in-domain text is recogniser output, already in spoken form."""
    source: Annotated[str | None, Reads(("generate",))] = None
    """A step whose artifact holds the files; ``path`` is then relative to it."""


class Labels(Strict):
    """Labelled utterances: intents and slots."""

    path: str
    """Address, as in a corpus."""
    locales: tuple[str, ...]
    format: Literal["massive", "frames"] = "massive"
    fraction: float = Field(default=1.0, gt=0.0, le=1.0)
    """Share of the *training* utterances used, the same stable choice at every run."""
    source: Annotated[str | None, Reads(("generate",))] = None

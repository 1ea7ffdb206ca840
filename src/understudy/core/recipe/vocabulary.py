"""What a vocabulary must hold, and how large it becomes: a number of pieces, or a reference to match."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from understudy.core.recipe.entries import Reference, Strict

SMALLEST = 64


class Characters(Strict):
    """Characters that must be pieces however rare they are."""

    sets: tuple[Literal["joyo", "hiragana", "katakana"], ...] = ()
    """The 2,136 kanji for general use, and the two kana with their small letters and marks."""
    also: str = ""
    """More of them, one after the other."""


class Match(Strict):
    """Grow the vocabulary until split ratio and unk portion match a reference tokenizer (paper A 2.3)."""

    match: Annotated[str, Reference()]
    """Folder of the reference: one of ours, any of Hugging Face, or a ``tokenizer.json``."""
    tolerance: float = Field(default=0.01, gt=0, lt=1)
    """Of the reference's split ratio, up and down."""
    unk_tolerance: float = Field(default=0.0002, gt=0, lt=1)
    """How much more of the pieces than the reference's may be unknown."""
    smallest: int = Field(default=1000, ge=SMALLEST)
    largest: int = Field(default=250_000, ge=SMALLEST)
    """Trained first: the smaller ones start from its pieces."""
    trainings: int = Field(default=12, ge=3)
    """At most this many."""


def _one_kind(value: Any) -> Any:
    if isinstance(value, dict | Match):
        return value
    if not isinstance(value, int) or isinstance(value, bool) or value < SMALLEST:
        raise ValueError(f"a number of pieces, {SMALLEST} or more, or {{match: FOLDER}} is due")
    return value


def _characters(value: Any) -> Any:
    if isinstance(value, str | dict | Characters):
        return value
    raise ValueError("characters one after the other, or {sets: [...], also: ...} are due")


Vocabulary = Annotated[
    Annotated[int, Tag("pieces")] | Annotated[Match, Tag("reference")],
    Discriminator(lambda value: "pieces" if isinstance(value, int) else "reference"),
    BeforeValidator(_one_kind),
]
GuaranteedCharacters = Annotated[
    Annotated[str, Tag("one after the other")] | Annotated[Characters, Tag("sets")],
    Discriminator(lambda value: "one after the other" if isinstance(value, str) else "sets"),
    BeforeValidator(_characters),
]

"""What a model may refuse to answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from understudy.core.recipe.entries import Names, Strict


class Rejection(Strict):
    """A threshold of confidence, chosen on development data; frames that are not above it are rejected."""

    false_accept: float = Field(default=0.05, ge=0, lt=1)
    """Share of the unwanted frames that may still be accepted: of those that are wrong or, with
    ``out_of_scope``, of the utterances nobody should answer."""
    out_of_scope: Annotated[str | None, Names("labels")] = None
    """Utterances that the assistant has no business with, whatever their labels; the dev split is used."""
    train: bool = False
    """Teach them too, from their train split, as an intent of their own, ``out_of_scope``."""

    @model_validator(mode="after")
    def _something_to_teach(self) -> Rejection:
        if self.train and self.out_of_scope is None:
            raise ValueError("'train' needs utterances; name a label set in 'out_of_scope'")
        return self

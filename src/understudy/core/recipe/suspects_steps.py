"""The step that looks for wrong labels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from understudy.core.recipe.entries import Names, Reads
from understudy.core.recipe.step import Step


class Suspects(Step):
    """Labelled utterances that are likely labelled wrong, by models that did not see them."""

    stage: Literal["suspects"]
    labels: Annotated[str, Names("labels")]
    """Training and development utterances are looked at; the test split stays closed."""
    model: Annotated[str | None, Reads(("pretrained", "pretrain", "distill"))] = None
    """What the judging models read: the states of this encoder, frozen; none: words and letters."""
    folds: int = Field(default=5, ge=2, le=20)
    """Parts of the utterances of a locale: each is judged by a model of the others. Equal texts stay
    together."""
    slots: bool = True
    """Judge slots too, word by word."""

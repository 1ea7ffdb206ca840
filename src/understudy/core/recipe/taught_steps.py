"""Fine-tuning on what a fine-tuned teacher says about utterances that nobody has labelled."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from understudy.core.recipe.entries import Reads, Strict


class TaughtWeights(Strict):
    """Weight of each part of the loss."""

    hard: float = Field(default=1.0, ge=0)
    """Of the labelled utterances' own labels, times what each head weighs there."""
    intent: float = Field(default=1.0, ge=0)
    slots: float = Field(default=1.0, ge=0)
    domain: float = Field(default=1.0, ge=0)


class Augment(Strict):
    """More utterances: words replaced by what a masked language model finds likely in their place."""

    model: Annotated[str, Reads(("pretrained", "pretrain", "distill"))]
    copies: int = Field(default=1, ge=1)
    """Of each utterance."""
    share: float = Field(default=0.2, gt=0, le=1)
    """Of an utterance's words, at least one."""
    temperature: float = Field(default=1.0, gt=0)
    """Below 1 likely words come oftener than the model has them, above 1 strange ones."""


class TaskTeacher(Strict):
    """A fine-tuned model, and utterances to ask it about."""

    model: Annotated[str, Reads(("finetune",))]
    text: Annotated[tuple[str, ...], Reads(("prepare",))]
    """In-domain text; its training part is read."""
    utterances: int | None = Field(default=None, ge=1)
    """At most so many, chosen by a hash of each; none: all."""
    labelled: float = Field(default=0.2, gt=0, lt=1)
    """Labelled utterances are repeated until they are about this share of all, or stand once."""
    temperature: float = Field(default=1.0, gt=0)
    weights: TaughtWeights = TaughtWeights()
    augment: Augment | None = None

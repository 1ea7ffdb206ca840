"""The size of an encoder, and the step that trains one by masked language modelling."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from understudy.core.duration import Duration
from understudy.core.recipe.entries import Reads, Strict
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.recipe.step import Step
from understudy.core.recipe.watching import Keep, Nouns, Trackers


class EncoderShape(Strict):
    """The size of an encoder: a preset's name, or the four sizes."""

    preset: str | None = None
    layers: int | None = Field(default=None, ge=1)
    hidden: int | None = Field(default=None, ge=8)
    ffn: int | None = Field(default=None, ge=8)
    heads: int | None = Field(default=None, ge=1)
    max_length: int | None = Field(default=None, ge=8)
    """Longest sequence in pieces, special tokens included."""
    dropout: float = Field(default=0.1, ge=0.0, lt=1.0)
    attention_dropout: float | None = Field(default=None, ge=0.0, lt=1.0)
    """Of attention weights; none: as ``dropout``. Packed rows on a GPU need 0."""
    initial_deviation: float | None = Field(default=None, gt=0.0)
    """Standard deviation of the random weights, RoBERTa's is 0.02; none: sqrt(2 / 5 hidden)."""

    @model_validator(mode="after")
    def _preset_or_sizes(self) -> EncoderShape:
        sizes = {"layers": self.layers, "hidden": self.hidden, "ffn": self.ffn, "heads": self.heads}
        missing = [name for name, value in sizes.items() if value is None]
        if self.preset is None and missing:
            raise ValueError(f"give 'preset', or also: {', '.join(missing)}")
        if self.hidden and self.heads and self.hidden % self.heads:
            raise ValueError(f"{self.heads} heads do not divide the hidden size {self.hidden}")
        return self


def check_start(start: str | None, encoder: EncoderShape | None) -> None:
    """A model is continued, or begins at a size.

    Raises:
        ValueError: both, or neither.
    """
    if (start is None) == (encoder is None):
        raise ValueError("give exactly one of 'from' and 'encoder'")


class TrainedStep(Step):
    """What every step has that trains masked language models."""

    optimization: Optimization = Optimization()
    parallel: Parallel = Parallel()
    validate_every: int = Field(default=500, ge=1)
    """Steps between measurements of held-out perplexity."""
    checkpoint_every: int = Field(default=200, ge=1)
    """Steps between checkpoints; a killed run resumes from the newest."""
    keep: Keep = Keep()
    trackers: Trackers = ("tensorboard",)
    nouns: Nouns | None = None


class Pretrain(TrainedStep):
    """Masked language modelling, from random weights or from another step's model."""

    stage: Literal["pretrain"]
    shards: Annotated[str, Reads(("encode",))]
    start: Annotated[str | None, Reads(("pretrained", "pretrain", "distill"))] = Field(
        default=None, alias="from"
    )
    """Continue from this model (Stage 2, paper A 2.5); none: random weights."""
    encoder: EncoderShape | None = None
    """Needed without ``from``; with it the size is inherited."""
    duration: Duration

    @model_validator(mode="after")
    def _start_or_shape(self) -> Pretrain:
        check_start(self.start, self.encoder)
        return self

    def keeps(self, part: str) -> bool:
        """Whether it leaves a model of this name beside the last."""
        return self.keep.holds(part)

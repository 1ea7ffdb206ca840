"""Steps about one label a text or pair: training on some languages, and judging on all."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from understudy.core.duration import Duration
from understudy.core.recipe.entries import Names, Reads
from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.recipe.step import Step
from understudy.core.recipe.watching import Trackers


class Classify(Step):
    """One label from a text or a pair, trained and selected on some locales only (paper A 2.7: XNLI)."""

    stage: Literal["classify"]
    model: Annotated[str | None, Reads(("pretrained", "pretrain", "distill"))] = None
    encoder: EncoderShape | None = None
    """Without ``model``: random weights of this size."""
    tokenizer: Annotated[str | None, Reads(("tokenizer", "pretrained"))] = None
    """Needed without ``model``; with it the model's own is used."""
    labels: Annotated[str, Names("labels")]
    """Of format ``xnli`` or ``pairs``; of utterances with intents, these are the labels."""
    train_locales: Annotated[tuple[str, ...], Field(min_length=1)] = ("en",)
    """Locales or languages that training and the choice of weights see; the others stay zero-shot."""
    spoken: bool = False
    """Put the texts into spoken form."""
    frozen: bool = False
    """Train only the head."""
    dropout: float = Field(default=0.1, ge=0, lt=1)
    """In encoder and head, whatever the encoder was trained with."""
    head: int = Field(default=256, ge=8)
    """Width of the two feed-forward layers of the head."""
    duration: Duration
    optimization: Optimization = Optimization(learning_rate=5e-4, tokens_per_batch=4096)
    parallel: Parallel = Parallel()
    max_length: int = Field(default=128, ge=8)
    """Pieces of a row; of a pair, the end of the longer text is cut off."""
    validate_every: int | None = Field(default=None, ge=1)
    """Steps between measurements on the development split; none: at the end of each epoch."""
    checkpoint_every: int = Field(default=500, ge=1)
    trackers: Trackers = ("tensorboard",)

    @model_validator(mode="after")
    def _model_or_random(self) -> Classify:
        if (self.model is None) == (self.encoder is None):
            raise ValueError("give exactly one of 'model' and 'encoder'")
        if (self.model is None) != (self.tokenizer is not None):
            raise ValueError("'tokenizer' goes with 'encoder'; a 'model' brings its own")
        return self


class Judge(Step):
    """Accuracy by locale, that of the locales trained on, and the zero-shot mean over the others."""

    splits = ("dev", "test")

    stage: Literal["judge"]
    model: Annotated[str, Reads(("classify",))]
    labels: Annotated[str, Names("labels")]
    split: Literal["dev", "test"] = "test"
    spoken: bool = False
    """Put the texts into spoken form, whatever the model was trained on: what it costs is the difference."""

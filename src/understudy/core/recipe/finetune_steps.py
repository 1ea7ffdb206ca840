"""The step that teaches an encoder intents and slots."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from understudy.core.duration import Duration
from understudy.core.recipe.entries import Names, Reads
from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.recipe.step import Step
from understudy.core.recipe.watching import Trackers


class Finetune(Step):
    """Joint intent and slots on several languages together (paper A 3.2)."""

    stage: Literal["finetune"]
    model: Annotated[str | None, Reads(("pretrained", "pretrain", "distill"))] = None
    encoder: EncoderShape | None = None
    """Without ``model``: random weights of this size."""
    tokenizer: Annotated[str | None, Reads(("tokenizer", "pretrained"))] = None
    """Needed without ``model``; with it the model's own is used."""
    labels: Annotated[str, Names("labels")]
    frozen: bool = False
    """Train only the heads."""
    dropout: float = Field(default=0.1, ge=0, lt=1)
    """In encoder and heads while fine-tuning, whatever the encoder was trained with."""
    head: int = Field(default=256, ge=8)
    """Width of the two feed-forward layers of each head."""
    slot_weight: float = Field(default=1.0, ge=0)
    duration: Duration
    optimization: Optimization = Optimization(learning_rate=5e-4, tokens_per_batch=1024)
    parallel: Parallel = Parallel()
    max_length: int = Field(default=128, ge=8)
    validate_every: int | None = Field(default=None, ge=1)
    """Steps between measurements on the development split; none: at the end of each epoch."""
    checkpoint_every: int = Field(default=500, ge=1)
    trackers: Trackers = ("tensorboard",)

    @model_validator(mode="after")
    def _model_or_random(self) -> Finetune:
        if (self.model is None) == (self.encoder is None):
            raise ValueError("give exactly one of 'model' and 'encoder'")
        if (self.model is None) != (self.tokenizer is not None):
            raise ValueError("'tokenizer' goes with 'encoder'; a 'model' brings its own")
        return self

"""The step that teaches a smaller model what a larger one knows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from understudy.core.duration import Duration
from understudy.core.recipe.entries import Reads, Strict
from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.recipe.step import Step
from understudy.core.recipe.watching import Nouns, Trackers


class LossWeights(Strict):
    """Weight of each part of the distillation loss."""

    mlm: float = Field(default=1.0, ge=0)
    soft: float = Field(default=1.0, ge=0)
    hidden: float = Field(default=0.0, ge=0)


class Distill(Step):
    """A smaller model from a larger one: soft targets, hidden layers and MLM (paper A 2.6, B A.3)."""

    stage: Literal["distill"]
    teacher: Annotated[str, Reads(("pretrain", "distill"))]
    shards: Annotated[str, Reads(("encode",))]
    start: Annotated[str | None, Reads(("pretrain", "distill"))] = Field(default=None, alias="from")
    encoder: EncoderShape | None = None
    temperature: float = Field(default=1.0, gt=0)
    weights: LossWeights = LossWeights()
    """Weight of each loss; [A] uses mlm : soft = 1 : 1, [B] hidden : soft : mlm = 1 : 2 : 1."""
    layers: dict[int, int] | None = None
    """Student layer -> teacher layer for hidden matching; none: evenly spaced, last to last."""
    duration: Duration
    optimization: Optimization = Optimization()
    parallel: Parallel = Parallel()
    validate_every: int = Field(default=500, ge=1)
    checkpoint_every: int = Field(default=200, ge=1)
    trackers: Trackers = ("tensorboard",)
    nouns: Nouns | None = None

    @model_validator(mode="after")
    def _start_or_shape(self) -> Distill:
        if (self.start is None) == (self.encoder is None):
            raise ValueError("give exactly one of 'from' and 'encoder'")
        return self

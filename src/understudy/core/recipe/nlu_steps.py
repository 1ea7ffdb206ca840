"""Steps from an encoder to a served and measured model."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from understudy.core.duration import Duration
from understudy.core.recipe.entries import Names, Reads
from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.recipe.step import Step
from understudy.core.recipe.watching import Trackers


class Resample(Step):
    """As many utterances of a domain in every language, split anew, the tail marked (paper B A.1)."""

    stage: Literal["resample"]
    labels: Annotated[str, Names("labels")]
    pool: tuple[Literal["train", "dev"], ...] = ("train", "dev")
    """The splits that are drawn from; the test split stays what it is."""
    shares: tuple[float, float, float] = (80, 10, 10)
    """Of train, dev and test."""
    texts_together: bool = False
    """Keep equal texts on one side; in the paper copies fall on either, as live traffic does."""
    tail_at_most: int = Field(default=3, ge=1)
    """An utterance seen at most this often is ``rare`` (paper B)."""
    tail_top: int = Field(default=500, ge=1)
    """One that is not among this many most frequent of its locale is ``outside_top`` (paper A)."""

    @model_validator(mode="after")
    def _shares_of_something(self) -> Resample:
        if min(self.shares) < 0 or sum(self.shares) <= 0:
            raise ValueError("shares of train, dev and test: none negative, not all 0")
        return self


class Finetune(Step):
    """Joint intent and slots on several languages together (paper A 3.2)."""

    stage: Literal["finetune"]
    model: Annotated[str | None, Reads(("pretrain", "distill"))] = None
    encoder: EncoderShape | None = None
    """Without ``model``: random weights of this size."""
    tokenizer: Annotated[str | None, Reads(("tokenizer",))] = None
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


class Evaluate(Step):
    """Every measure on a split; the predictions are kept as frames."""

    splits = ("dev", "test")
    version: ClassVar[int] = 2

    stage: Literal["evaluate"]
    model: Annotated[str, Reads(("finetune",))]
    labels: Annotated[str, Names("labels")]
    split: Literal["dev", "test"] = "test"


class Export(Step):
    """One ONNX graph of encoder and heads, int8, with its accuracy against fp32 (a bundle)."""

    stage: Literal["export"]
    model: Annotated[str, Reads(("finetune",))]
    labels: Annotated[str, Names("labels")]
    """Development utterances for the int8 gate and the latency figure."""
    int8: bool = True
    max_loss: float = Field(default=0.01, ge=0)
    """Largest drop of exact match, int8 against fp32, in any locale; beyond it fp32 is kept."""


class Report(Step):
    """The table of all models, and one page of HTML."""

    stage: Literal["report"]
    evaluations: Annotated[tuple[str, ...], Reads(("evaluate",))]
    exports: Annotated[tuple[str, ...], Reads(("export",))] = ()
    training: Annotated[tuple[str, ...], Reads(("pretrain", "distill"))] = ()
    """Steps whose cost and held-out perplexity are shown too."""
    tokenizers: Annotated[tuple[str, ...], Reads(("tokenizer",))] = ()
    """Steps whose split ratio and unk portion are shown by language, with the curve of a search."""
    titles: dict[str, str] = Field(default_factory=dict)
    """What a model is called in the tables, by the step it was fine-tuned from; ``random`` for none."""

"""Steps about labelled utterances: drawing them anew, judging a model on them, packing it up to be served."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from understudy.core.recipe.entries import Names, Reads
from understudy.core.recipe.step import Step


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


class Evaluate(Step):
    """Every measure on a split, with intervals; the predictions are kept as frames.

    A model of one domain or of some locales is judged on their utterances.
    """

    splits = ("dev", "test")
    version: ClassVar[int] = 3

    stage: Literal["evaluate"]
    model: Annotated[str, Reads(("finetune", "select"))]
    labels: Annotated[str, Names("labels")]
    split: Literal["dev", "test"] = "test"
    out_of_scope: Annotated[str | None, Names("labels")] = None
    """Utterances nobody should answer, whatever their labels: how well confidence tells them from the others.
    They count in no other measure."""
    resamplings: int = Field(default=1000, ge=0)
    """Of the bootstrap that gives each measure its interval of 95 %; 0: no intervals."""
    device: Literal["auto", "cpu", "cuda"] = "auto"


class Export(Step):
    """One ONNX graph of encoder and heads, int8, with its accuracy against fp32 (a bundle)."""

    version: ClassVar[int] = 3

    stage: Literal["export"]
    model: Annotated[str, Reads(("finetune", "select"))]
    labels: Annotated[str, Names("labels")]
    """Development utterances for the int8 gate and the latency figure."""
    evaluation: Annotated[str | None, Reads(("evaluate",))] = None
    """What the model card tells of accuracy; none: the development data of the gate alone."""
    license: str | None = None
    """Of the model, for the card: an identifier of the Hugging Face hub, such as ``apache-2.0``."""
    int8: bool = True
    max_loss: float = Field(default=0.01, ge=0)
    """Largest drop of exact match, int8 against fp32, in any locale; beyond it fp32 is kept."""

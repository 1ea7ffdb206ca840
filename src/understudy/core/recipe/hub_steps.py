"""Steps about masked language models whoever made them: taking one in, and measuring several side by side."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from understudy.core.recipe.entries import Names, Reads, Reference
from understudy.core.recipe.step import Step
from understudy.core.recipe.watching import Nouns


class Pretrained(Step):
    """A masked language model from elsewhere, of any architecture that ``transformers`` knows."""

    stage: Literal["pretrained"]
    path: Annotated[str, Reference(or_name=True)]
    """A folder with ``config.json``, safetensors and a tokenizer, whose bytes belong to the fingerprint; or
    ``owner/name`` on the Hugging Face hub."""
    revision: str | None = None
    """Hub: a branch, a tag or, to be the same for ever, a commit; none: the newest when the step runs."""


class Measure(Step):
    """Masked language models side by side on the same words, whatever their tokenizers (docs/measures.md)."""

    stage: Literal["measure"]
    models: Annotated[tuple[str, ...], Reads(("pretrained", "pretrain", "distill"))] = Field(min_length=1)
    corpora: Annotated[tuple[str, ...], Names("corpora")] = ()
    """Held-out text: what no model of the table has learned from is for the recipe to say."""
    labels: Annotated[tuple[str, ...], Names("labels")] = ()
    """Whose development utterances are text too."""
    nouns: Nouns | None = None
    """Tagged sentences, to fill in one noun of each."""
    sentences: int = Field(default=200, ge=1)
    """A language, at most; which ones hangs on their words."""
    words: int = Field(default=3, ge=1)
    """Asked of a sentence, at most; each by itself, with all others in sight."""
    max_length: int = Field(default=128, ge=8)
    """Pieces; a sentence that is longer for one of the models is asked of none."""
    tokens_per_batch: int = Field(default=8192, ge=64)
    precision: Literal["bf16", "fp32"] = "fp32"

    @model_validator(mode="after")
    def _something_to_measure(self) -> Measure:
        if not (self.corpora or self.labels or self.nouns):
            raise ValueError("give 'corpora', 'labels' or 'nouns' to measure on")
        if len(set(self.models)) < len(self.models):
            raise ValueError("a model is named twice")
        return self

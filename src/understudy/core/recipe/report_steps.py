"""The step that shows what a run found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from understudy.core.recipe.entries import Reads
from understudy.core.recipe.step import Step


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

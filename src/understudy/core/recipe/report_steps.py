"""The step that shows what a run found."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from understudy.core.recipe.entries import Reads
from understudy.core.recipe.step import Step


class Report(Step):
    """The table of all models, and one page of HTML; what these steps were made from is shown as well."""

    version: ClassVar[int] = 2

    stage: Literal["report"]
    evaluations: Annotated[tuple[str, ...], Reads(("evaluate",))]
    exports: Annotated[tuple[str, ...], Reads(("export",))] = ()
    training: Annotated[tuple[str, ...], Reads(("pretrained", "pretrain", "distill"))] = ()
    """Steps whose cost and held-out perplexity are shown too."""
    tokenizers: Annotated[tuple[str, ...], Reads(("tokenizer",))] = ()
    """Steps whose split ratio and unk portion are shown by language, with the curve of a search."""
    similarity: Annotated[tuple[str, ...], Reads(("similarity",))] = ()
    """Steps that say how like generic text each domain is: changes in SemER are plotted against it."""
    classifications: Annotated[tuple[str, ...], Reads(("judge",))] = ()
    """Steps that say how well one label is given to a text or pair, by language."""
    measures: Annotated[tuple[str, ...], Reads(("measure",))] = ()
    """Steps that measured masked language models side by side."""
    others: Annotated[tuple[str, ...], Reads(("select", "suspects"))] = ()
    """Steps that picked models by locale, or doubt labels."""
    baselines: tuple[str, ...] = ()
    """What changes are relative to, by the step a model was fine-tuned from (``random`` for none) or by its
    evaluation. None: the teacher of the first stage and the direct pretraining, as far as there are any."""
    titles: dict[str, str] = Field(default_factory=dict)
    """What a model is called in the tables, by the step it was fine-tuned from; ``random`` for none."""

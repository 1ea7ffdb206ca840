"""What a recipe may say, strict and frozen: the configs of all steps, and the file as a whole.

A step config names the steps it reads in fields marked :class:`Reads`; the graph and the fingerprints
follow those marks, so a new stage needs a class in one of the ``*_steps`` modules, a place in
:data:`StepConfig`, one file in ``stages/`` and nothing else.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from understudy.core.recipe.classify_steps import Classify, Judge
from understudy.core.recipe.distill_steps import Distill
from understudy.core.recipe.entries import Corpus, Labels, Strict
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.recipe.hub_steps import Measure, Pretrained
from understudy.core.recipe.model_steps import Pretrain
from understudy.core.recipe.nlu_steps import Evaluate, Export, Resample
from understudy.core.recipe.report_steps import Report
from understudy.core.recipe.select_steps import Select
from understudy.core.recipe.suspects_steps import Suspects
from understudy.core.recipe.targets_steps import Targets
from understudy.core.recipe.text_steps import Encode, Generate, Prepare, Similarity, Tokenizer

StepConfig = Annotated[
    Generate
    | Prepare
    | Similarity
    | Resample
    | Tokenizer
    | Encode
    | Pretrained
    | Pretrain
    | Targets
    | Distill
    | Measure
    | Finetune
    | Select
    | Evaluate
    | Classify
    | Judge
    | Suspects
    | Export
    | Report,
    Field(discriminator="stage"),
]  # fmt: skip


class Recipe(Strict):
    """One YAML file: what to read, and the steps from raw text to a served model."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    description: str = ""
    data: str = "data"
    """Root of the data; ``{data}`` in addresses."""
    scale: str | None = None
    """The entry of ``scales`` that is in force; none: the recipe as it is written."""
    scales: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """The same recipe at other sizes: key path -> value, as for ``--set``; ``*`` stands for many entries."""
    corpora: dict[str, Corpus] = Field(default_factory=dict)
    labels: dict[str, Labels] = Field(default_factory=dict)
    steps: dict[str, StepConfig] = Field(min_length=1)

"""How a training is watched: trackers, nouns to fill in, and the states that are kept."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from understudy.core.recipe.entries import Names, Strict

Trackers = Annotated[tuple[Literal["tensorboard", "mlflow", "wandb"], ...], Field(exclude=True)]
"""Where numbers go besides ``log.jsonl``. ``tensorboard``: files in ``tensorboard/`` under the step's folder.
``mlflow`` and ``wandb``: where their own settings say, such as ``MLFLOW_TRACKING_URI``. Changes nothing in
what is made, so it is no part of the fingerprint."""


class Nouns(Strict):
    """Held-out sentences of which one noun is masked, to be filled in at every validation (paper A 2.7)."""

    corpus: Annotated[str, Names("corpora")]
    """Tagged sentences: JSON lines with ``id``, ``text``, ``upos``, ``start`` and ``end`` (``where`` chooses
    rows), or files of CoNLL-U, whose names hold ``.conllu``."""
    tagger: Literal["stanza"] | None = None
    """Finds the nouns in place of the file's tags; a package of its own, with models of its own."""
    sentences: int = Field(default=500, ge=1)
    """A language, at most; which ones, and which noun of each, hangs on their ids."""
    seed: int = Field(default=0, ge=0, lt=2**32)
    """Not the step's, so that models of several seeds fill in the same nouns."""


class Every(Strict):
    """How often; exactly one of the units."""

    steps: int | None = Field(default=None, ge=1)
    examples: int | None = Field(default=None, ge=1)
    """Rows read."""

    @model_validator(mode="after")
    def _one(self) -> Every:
        if (self.steps is None) == (self.examples is None):
            raise ValueError("give exactly one of steps and examples")
        return self

    @property
    def unit(self) -> str:
        """``steps`` or ``examples``."""
        return "examples" if self.steps is None else "steps"

    @property
    def number(self) -> int:
        """Of the unit."""
        return self.steps or self.examples or 0


class Keep(Strict):
    """Which states of a training stay."""

    last: int = Field(default=2, ge=1, exclude=True)
    """Newest checkpoints, to continue from while the step is unfinished; no part of the fingerprint."""
    best: bool = False
    """Hand on the weights with the lowest held-out perplexity, rather than the last."""
    every: Every | None = None
    """Besides, a model each so often, for good: ``step/examples-80000000`` in other steps."""

    def holds(self, part: str) -> bool:
        """Whether ``step/part`` names a model that ``every`` leaves."""
        found = re.fullmatch(r"(steps|examples)-([1-9][0-9]*)", part)
        return bool(
            found
            and self.every is not None
            and found[1] == self.every.unit
            and int(found[2]) % self.every.number == 0
        )

"""How a training is watched: trackers, and nouns to fill in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

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

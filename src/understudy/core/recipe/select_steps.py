"""The step that picks, for each locale, the best of several fine-tuned models (paper A 3.4)."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from understudy.core.recipe.entries import Names, Reads
from understudy.core.recipe.step import Step

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?(-[A-Z]{2}|-[0-9]{3})?")


class Select(Step):
    """For each locale the model that is best on its development utterances; named ``step/locale`` by others.

    Paper A found different checkpoints of one distillation best for different locales.
    """

    only_parts: ClassVar[bool] = True

    stage: Literal["select"]
    models: Annotated[tuple[str, ...], Reads(("finetune",))] = Field(min_length=2)
    """Fine-tuned from different checkpoints, say; of equals the one that stands first is taken."""
    labels: Annotated[str, Names("labels")]
    by: Literal["exact_match", "semer", "intent_accuracy", "slot_f1"] = "exact_match"

    def keeps(self, part: str) -> bool:
        """Any locale may be named; whether there is a model of it the labels say."""
        return _LOCALE.fullmatch(part) is not None

"""What every step has."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from understudy.core.recipe.entries import Strict


class Step(Strict):
    """What every step has."""

    version: ClassVar[int] = 1
    """Part of the fingerprint; raise it in a subclass when the stage's output changes."""

    splits: ClassVar[tuple[str, ...]] = ("train", "dev")
    """The splits of a label set that the stage may open; the rest is kept from it."""

    seed: int = Field(default=0, ge=0, lt=2**32)
    matrix: dict[str, tuple[Any, ...]] = Field(default_factory=dict)
    """A grid: each combination becomes a step of its own, its values added to the name."""

    @property
    def parts(self) -> tuple[str, ...]:
        """What has to be named ``step/part``, where a step makes several models; none where it makes one."""
        return ()

    only_parts: ClassVar[bool] = False
    """Whether others must name a part, which ones being known only when the step is made."""

    def keeps(self, part: str) -> bool:
        """Whether ``step/part`` may be named, as a state that the step keeps beside what it makes."""
        del part
        return False

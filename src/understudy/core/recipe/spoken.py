"""How much of the public text takes the form that a speech recogniser gives."""

from __future__ import annotations

from pydantic import Field

from understudy.core.recipe.entries import Strict


class Noise(Strict):
    """Simulated errors of a speech recogniser, for studies of robustness; a stable choice per sentence."""

    word_drop: float = Field(default=0.0, ge=0, le=1)
    """Share of words that are not heard."""
    homophone: float = Field(default=0.0, ge=0, le=1)
    """Share of words taken for one that sounds alike, of those that have one."""
    split: float = Field(default=0.0, ge=0, le=1)
    """Share of words with a wrong boundary: cut in two, or joined to the next."""


class Spoken(Strict):
    """Which public sentences are put into spoken form (paper A 2.2); a stable choice per sentence."""

    share: float = Field(default=0.7, ge=0, le=1)
    """Of all public sentences."""
    seed: int | None = Field(default=None, ge=0, lt=2**32)
    """Of the choice of sentences and of the noise; none: the step's."""
    noise: Noise | None = None
    """Errors of a recogniser in what is put into spoken form."""

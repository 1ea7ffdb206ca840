"""What a recipe says about personal data."""

from __future__ import annotations

from pydantic import Field

from understudy.core.recipe.entries import Strict


class Deidentify(Strict):
    """Personal data gives way to typed placeholders such as ``<email>`` first of all (paper B 3.1)."""

    in_domain: bool = True
    """In utterances."""
    public: bool = False
    """In public text, which is published as it is."""
    digits: int = Field(default=7, ge=3)
    """Runs of this many digits, written or spoken one by one, are numbers of accounts."""
    presidio: dict[str, str] = Field(default_factory=dict)
    """A spaCy model a language, by package or folder: there Microsoft Presidio also looks for names."""

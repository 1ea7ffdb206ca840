"""Rows that are sampled and counted together: of one language, and of one kind or corpus."""

from __future__ import annotations

from typing import NamedTuple

from understudy.corpus.clean import Kind, language_of
from understudy.corpus.readers import Source


class Group(NamedTuple):
    """What a row belongs to."""

    name: str
    """The kind; or in a transfer set the corpus, each of which has a weight of its own (paper B 3.1)."""
    language: str
    kind: Kind

    @classmethod
    def of(cls, source: Source, corpus: str | None = None) -> Group:
        """The group of all rows of a source; by its corpus where that is named."""
        kind = source.corpus.kind
        return cls(corpus or kind, language_of(source.locale), kind)

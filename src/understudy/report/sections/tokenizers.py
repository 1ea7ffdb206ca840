"""Tokenizers: both measures by language and size, and the curve of a search (paper A 2.3)."""

from __future__ import annotations

from understudy.report.run import Run
from understudy.report.section import Omitted, Section, grid
from understudy.report.vocabulary import vocabulary_curves, vocabulary_tables


def tokenizers(run: Run) -> Section | Omitted:
    """The section."""
    title = "Tokenizers"
    made = run.of("tokenizer")
    tables = vocabulary_tables(made)
    if not tables:
        why = "its numbers are of an older version" if made else "no step of stage tokenizer is there"
        return Omitted(title, why)
    figures = vocabulary_curves(made)
    lead = (
        "Pieces a word and the share of unknown pieces; less is better of both, and both fall with more "
        "pieces."
    )
    return Section("tokenizers", title, lead, (*tables, *((grid(figures),) if figures else ())))

"""A system's answers to a test set as numbers: a row an utterance, from which every measure follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from understudy.metrics.counts import count
from understudy.metrics.measures import Numbers, fractions
from understudy.utterances.frame import Frame

TAILS = {"rare": ("rare", True), "frequent": ("rare", False)} | {
    "outside_top": ("outside_top", True),
    "top": ("outside_top", False),
}
"""Tail and head of either paper: name of the part -> the mark and its value."""

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Table:
    """N utterances, a row each."""

    counts: Numbers
    """(N, K): :class:`~understudy.metrics.counts.Counts`."""
    domains: Numbers
    """(N, D, 3): which domain was due, given, and given where it was due; ones and noughts."""
    names: tuple[str, ...]
    """The D domains that occur."""
    parts: dict[str, dict[str, Rows]]
    """``locale``, ``domain`` and ``tail``: name of the part -> its rows. No ``tail`` without marks."""
    units: Rows
    """(N,): number of the id of each row, in the order of ids."""

    def measures(self, rows: Rows | slice = slice(None)) -> dict[str, Numbers]:
        """Every measure pooled over the rows."""
        return fractions(
            self.counts[rows].sum(axis=0, dtype=np.float64), self.domains[rows].sum(axis=0, dtype=np.float64)
        )


def tabulate(pairs: Sequence[tuple[Frame, Frame]]) -> Table:
    """Count every pair once."""
    names = tuple(sorted({frame.domain for pair in pairs for frame in pair if frame.domain}))
    place = {name: i for i, name in enumerate(names)}
    domains = np.zeros((len(pairs), len(names), 3), dtype=np.float32)
    for row, (reference, hypothesis) in enumerate(pairs):
        if reference.domain:
            domains[row, place[reference.domain], 0] = 1
            if hypothesis.domain:
                domains[row, place[hypothesis.domain], 1] = 1
    domains[:, :, 2] = domains[:, :, 0] * domains[:, :, 1]
    references = [reference for reference, _ in pairs]
    ids = np.array([reference.id for reference in references])
    return Table(
        counts=np.array([count(*pair) for pair in pairs], dtype=np.float32),
        domains=domains,
        names=names,
        parts=dict(_partitions(references)),
        units=np.unique(ids, return_inverse=True)[1].reshape(-1),
    )


def _partitions(references: Sequence[Frame]) -> Iterator[tuple[str, dict[str, Rows]]]:
    yield "locale", _rows([reference.locale for reference in references])
    domains = _rows([reference.domain for reference in references])
    yield "domain", {name: rows for name, rows in domains.items() if name}
    if all(reference.tail is not None for reference in references):
        marks = {
            part: np.array([getattr(reference.tail, mark) is value for reference in references])
            for part, (mark, value) in TAILS.items()
        }
        yield "tail", {part: np.flatnonzero(mark) for part, mark in marks.items() if mark.any()}


def _rows(values: Sequence[str]) -> dict[str, Rows]:
    names, numbers = np.unique(np.array(values), return_inverse=True)
    return {str(name): np.flatnonzero(numbers.reshape(-1) == i) for i, name in enumerate(names)}

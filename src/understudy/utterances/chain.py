"""Tags as a chain: the best path, and how probable it is. Numpy only, for serving.

A path's score is the sum of its tags' scores and of its transitions'; its probability is the softmax over all
paths. A model without a CRF has transitions of 0, but for those that BIO tagging forbids; the CRF that
trains is :mod:`understudy.model.crf`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.core.errors import UserError

FORBIDDEN = -1e4
"""The score of what cannot be: finite, so that no difference of two of them is undefined."""

TRANSITIONS = "transitions.npy"
"""The file of a CRF's transitions, beside the labels."""

Scores = NDArray[np.floating[Any]]
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Transitions:
    """Scores of T tags at the borders and after each other."""

    start: Scores
    """(T,) of beginning with a tag."""
    end: Scores
    """(T,) of ending with one."""
    between: Scores
    """(T, T) of the second tag after the first."""

    @classmethod
    def of_bio(cls, tags: Sequence[str]) -> Transitions:
        """0 but where BIO forbids: ``I-x`` follows ``B-x`` or ``I-x`` only."""
        inside = np.array([tag.startswith("I-") for tag in tags])
        names = np.array([tag.partition("-")[2] for tag in tags])
        outside = np.array([tag == "O" for tag in tags])
        continues = (names[:, None] == names[None, :]) & ~outside[:, None]
        start = np.where(inside, FORBIDDEN, 0.0)
        between = np.where(inside[None, :] & ~continues, FORBIDDEN, 0.0)
        return cls(start, np.zeros(len(tags)), between)

    def __add__(self, other: Transitions) -> Transitions:
        return Transitions(self.start + other.start, self.end + other.end, self.between + other.between)

    def scaled(self, factor: float) -> Transitions:
        """All but what is forbidden times a factor, as a temperature of the tags asks for."""
        if factor == 1:
            return self
        if factor not in self._scaled:  # one factor serves all utterances
            parts = (np.where(x > FORBIDDEN / 2, x * factor, x) for x in (self.start, self.end, self.between))
            self._scaled[factor] = Transitions(*parts)
        return self._scaled[factor]

    @cached_property
    def _scaled(self) -> dict[float, Transitions]:
        return {}

    @cached_property
    def _powers(self) -> tuple[NDArray[np.float64], float]:
        shift = float(self.between.max(initial=0.0))
        return np.exp(self.between.astype(np.float64) - shift), shift

    def after(self, scores: Scores) -> NDArray[np.float64]:
        """(T,) log scores of all that came before -> the same, one transition on."""
        powers, shift = self._powers
        peak = scores.max()
        summed: NDArray[np.float64] = np.log(np.maximum(np.exp(scores - peak) @ powers, _TINY)) + (
            peak + shift
        )
        return summed

    def before(self, scores: Scores) -> NDArray[np.float64]:
        """(T,) log scores of all that comes after -> the same, one transition earlier."""
        powers, shift = self._powers
        peak = scores.max()
        summed: NDArray[np.float64] = np.log(np.maximum(powers @ np.exp(scores - peak), _TINY)) + (
            peak + shift
        )
        return summed

    def save(self, path: Path) -> None:
        """Write a (T + 2, T) table: ``between``, then ``start`` and ``end``."""
        np.save(path, np.concatenate([self.between, self.start[None], self.end[None]]).astype(np.float32))

    @classmethod
    def load(cls, path: Path, tags: int) -> Transitions:
        """Read what :meth:`save` wrote.

        Raises:
            UserError: missing, damaged, or of another number of tags.
        """
        try:
            table = np.load(path, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise UserError(f"transitions of the CRF cannot be read ({error})", file=path) from None
        if table.shape != (tags + 2, tags) or table.dtype != np.float32:
            raise UserError(
                f"holds a table of {table.shape}, and {tags} tags need {(tags + 2, tags)} of float32",
                file=path,
            )
        return cls(table[-2], table[-1], table[:-2])


def best_path(scores: Scores, transitions: Transitions) -> list[int]:
    """Viterbi: the tags of the best path through (L, T) scores."""
    if not len(scores):
        return []
    best = transitions.start + scores[0]
    origins = []
    for row in scores[1:]:
        candidates = best[:, None] + transitions.between
        origin = candidates.argmax(axis=0)
        origins.append(origin)
        best = candidates[origin, np.arange(len(origin))] + row
    path = [int((best + transitions.end).argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1]


class Lattice:
    """All paths through (L, T) scores at once, by the forward-backward algorithm; L at least 1."""

    def __init__(self, scores: Scores, transitions: Transitions) -> None:
        self.scores, self.transitions = np.asarray(scores, dtype=np.float64), transitions
        forward = [transitions.start + self.scores[0]]
        for row in self.scores[1:]:
            forward.append(transitions.after(forward[-1]) + row)
        backward = [np.asarray(transitions.end, dtype=np.float64)]
        for row in self.scores[:0:-1]:
            backward.append(transitions.before(backward[-1] + row))
        self._forward, self._backward = np.stack(forward), np.stack(backward[::-1])
        last = forward[-1] + transitions.end
        self.log_total = float(last.max() + np.log(np.exp(last - last.max()).sum()))
        """Of the exponents of all paths' scores."""

    def marginals(self) -> NDArray[np.float64]:
        """(L, T): how probable each tag is at each place."""
        marginals: NDArray[np.float64] = np.exp(self._forward + self._backward - self.log_total)
        return marginals

    def probability(self, first: int, tags: Sequence[int]) -> float:
        """That the places from ``first`` on have just these tags, one or more."""
        places = range(first, first + len(tags))
        log = self._forward[first, tags[0]] + self._backward[places[-1], tags[-1]] - self.log_total
        for place, before, tag in zip(places[1:], tags, tags[1:], strict=False):
            log += self.transitions.between[before, tag] + self.scores[place, tag]
        return float(np.exp(log))

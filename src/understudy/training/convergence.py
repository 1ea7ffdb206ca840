"""Whether validations have stopped getting better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from understudy.core.duration import Converged


SCORE = "score"
"""The validation number that decides which weights are best, higher being better."""
PERPLEXITY = "perplexity"


def has_converged(history: Sequence[Mapping[str, Any]], until: Converged | None) -> bool:
    """Whether the last ``patience`` validations all failed to better the best before them.

    A function of the validations alone, so a run that is continued ends where one in one go does.

    Args:
        history: every validation, each with a score or else a perplexity.
        until: none: never.
    """
    if until is None:
        return False
    best: float | None = None
    waited = 0
    for entry in history:
        higher = SCORE in entry
        value = float(entry[SCORE] if higher else entry[PERPLEXITY])
        factor = 1 + until.improvement if higher else 1 - until.improvement
        better = best is None or (value > best * factor if higher else value < best * factor)
        best, waited = (value, 0) if better else (best, waited + 1)
    return waited >= until.patience

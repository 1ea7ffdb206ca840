"""How far each measure of one system may be chance: bootstrap intervals by part."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from understudy.metrics.heads import answered
from understudy.metrics.measures import REASONS
from understudy.metrics.pairs import paired
from understudy.metrics.resampling import interval, resampled
from understudy.metrics.table import tabulate
from understudy.utterances.frame import Frame

CONFIDENCE = 0.95


def intervals(
    references: Sequence[Frame],
    hypotheses: Sequence[Frame],
    heads: Collection[str],
    *,
    resamplings: int,
    seed: int,
) -> dict[str, Any]:
    """Percentile intervals of every measure.

    Args:
        references, hypotheses: as for :func:`~understudy.metrics.nlu.score`.
        heads: of the model: measures of others have no interval.
        resamplings: of ids with their utterances in all locales.
        seed: of the draws.

    Returns:
        ``{"resamplings", "confidence", "all": {"micro": {measure: [low, high]}, "macro": same}, "locale":
        {name: same}, "domain": same, "tail": same}``; None and ``undefined`` where a measure has no value.
    """
    (scopes,) = resampled([tabulate(paired(references, hypotheses))], resamplings, seed)
    parts: dict[str, Any] = {}
    for (kind, part), values in scopes.items():
        # Among utterances of one domain a mean over domains is no measure.
        bounds = {name: interval(drawn, CONFIDENCE) for name, drawn in values.items()}
        if kind == "domain":
            del bounds["domain_f1"]
        row: dict[str, Any] = {name: bound and list(bound) for name, bound in bounds.items()}
        if missing := {name: REASONS[name] for name, bound in bounds.items() if bound is None}:
            row["undefined"] = missing
        parts.setdefault(kind, {})[part] = answered(row, heads)
    return {"resamplings": resamplings, "confidence": CONFIDENCE, **parts}

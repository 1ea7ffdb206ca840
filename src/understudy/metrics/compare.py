"""Relative changes of candidates against a baseline, with what stands behind them (paper A 3, B 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from understudy.core.errors import UserError
from understudy.metrics.counts import Counts
from understudy.metrics.measures import HIGHER_IS_BETTER, MEASURES, REASONS, Numbers
from understudy.metrics.resampling import Scope, interval, mcnemar, observed, resampled, sign_p
from understudy.metrics.systems import systems
from understudy.metrics.table import Table
from understudy.metrics.test_set import Measured, read_systems

RESAMPLINGS = 2000
CONFIDENCE = 0.95

_NOUGHT = "the baseline's is 0, of which nothing is a fraction"


def compare(
    arguments: Sequence[str], *, resamplings: int = RESAMPLINGS, confidence: float = CONFIDENCE, seed: int = 0
) -> dict[str, Any]:
    """Compare what the arguments name (:func:`~understudy.metrics.systems.systems`), the first the baseline.

    Raises:
        UserError: bad input; runs on different test sets; resamplings or a confidence out of range.
    """
    if resamplings < 1:
        raise UserError(f"{resamplings} resamplings say nothing; at least 1, better 2,000, are due")
    if not 0 < confidence < 1:
        raise UserError(f"a confidence of {confidence} is none; it lies between 0 and 1")
    measured = read_systems(systems(arguments))
    return comparison(measured, resamplings=resamplings, confidence=confidence, seed=seed)


def comparison(
    measured: Measured, *, resamplings: int = RESAMPLINGS, confidence: float = CONFIDENCE, seed: int = 0
) -> dict[str, Any]:
    """Levels, changes and their significance; every system is measured on the same resamplings.

    Returns:
        ``{"baseline", "utterances", "units", "parts": {kind: {part: {"utterances", "units"}}}, "test_set",
        "resamplings", "confidence", "seed", "systems": {name: {"runs", "measures"}}, "changes": {candidate:
        {"measures", "mcnemar": {"exact_match", "intent"}}}}``. Units are ids, which is what is drawn.
        ``measures`` is kind -> part -> measure -> numbers; kinds are ``all`` (parts ``micro`` and ``macro``),
        ``locale``, ``domain`` and, where references are marked, ``tail``. Of a system the numbers are
        ``value`` (mean over seeds), ``sd`` (over seeds), ``interval``; of a change ``absolute``,
        ``relative``, ``sd`` (of ``relative`` over seeds), ``interval`` (of ``relative``), ``p``, ``better``.
        What has no value is None, and ``undefined`` says why.
    """
    flat = [table for tables in measured.tables.values() for table in tables]
    draws = iter(resampled(flat, resamplings, seed))
    values = {name: [observed(table) for table in tables] for name, tables in measured.tables.items()}
    drawn = {name: [next(draws) for _ in tables] for name, tables in measured.tables.items()}
    baseline, *candidates = measured.tables

    def level(name: str) -> Callable[[Scope, str], dict[str, Any]]:
        return lambda scope, measure: _level(
            measure, _over_runs(values[name], scope, measure), _mean(drawn[name], scope, measure), confidence
        )

    def change(name: str) -> Callable[[Scope, str], dict[str, Any]]:
        return lambda scope, measure: _change(
            measure,
            (_over_runs(values[baseline], scope, measure), _mean(drawn[baseline], scope, measure)),
            (_over_runs(values[name], scope, measure), _mean(drawn[name], scope, measure)),
            confidence,
        )

    scopes = list(values[baseline][0])
    return {
        "baseline": baseline,
        "utterances": len(flat[0].units),
        "units": int(flat[0].units.max()) + 1,
        "parts": _parts(flat[0]),
        "test_set": measured.fingerprint,
        "resamplings": resamplings,
        "confidence": confidence,
        "seed": seed,
        "systems": {
            name: {"runs": len(tables), "measures": _nested(scopes, level(name))}
            for name, tables in measured.tables.items()
        },
        "changes": {
            name: {
                "measures": _nested(scopes, change(name)),
                "mcnemar": _mcnemar(measured.tables[baseline], measured.tables[name]),
            }
            for name in candidates
        },
    }


def _parts(table: Table) -> dict[str, dict[str, dict[str, int]]]:
    """How many utterances and ids each part has."""
    every = np.arange(len(table.units))
    parts = {"all": {"micro": every, "macro": every}} | table.parts
    return {
        kind: {
            part: {"utterances": len(rows), "units": len(np.unique(table.units[rows]))}
            for part, rows in of_kind.items()
        }
        for kind, of_kind in parts.items()
    }


def _nested(scopes: Sequence[Scope], numbers: Callable[[Scope, str], dict[str, Any]]) -> dict[str, Any]:
    measures: dict[str, dict[str, Any]] = {}
    for kind, part in scopes:
        # Among utterances of one domain a mean over domains is no measure.
        names = [name for name in MEASURES if (kind, name) != ("domain", "domain_f1")]
        measures.setdefault(kind, {})[part] = {name: numbers((kind, part), name) for name in names}
    return measures


def _over_runs(runs: Sequence[dict[Scope, dict[str, Numbers]]], scope: Scope, measure: str) -> Numbers:
    """One value a run, or one a run and resampling."""
    return np.stack([run[scope][measure] for run in runs])


def _mean(runs: Sequence[dict[Scope, dict[str, Numbers]]], scope: Scope, measure: str) -> Numbers:
    mean: Numbers = _over_runs(runs, scope, measure).mean(axis=0)
    return mean


def _level(measure: str, runs: Numbers, draws: Numbers, confidence: float) -> dict[str, Any]:
    if np.isnan(runs).any():
        return {"value": None, "sd": None, "interval": None, "undefined": REASONS[measure]}
    return {"value": float(runs.mean()), "sd": _sd(runs), "interval": interval(draws, confidence)}


def _change(
    measure: str, baseline: tuple[Numbers, Numbers], candidate: tuple[Numbers, Numbers], confidence: float
) -> dict[str, Any]:
    (before, before_draws), (after, after_draws) = baseline, candidate
    row: dict[str, Any] = dict.fromkeys(("absolute", "relative", "sd", "interval", "p", "better"))
    if np.isnan(before).any() or np.isnan(after).any():
        return row | {"undefined": REASONS[measure]}
    level = float(before.mean())
    absolute = float(after.mean()) - level
    row |= {
        "absolute": absolute,
        "p": sign_p(after_draws - before_draws),
        "better": None if absolute == 0 else (absolute > 0) == HIGHER_IS_BETTER[measure],
    }
    if level == 0:
        return row | {"undefined": _NOUGHT}
    fractions = np.full(np.shape(before_draws), np.nan)
    np.divide(after_draws - before_draws, before_draws, out=fractions, where=before_draws > 0)
    return row | {
        "relative": absolute / level,
        "sd": _sd((after - level) / level),
        "interval": interval(fractions, confidence),
    }


def _sd(runs: Numbers) -> float | None:
    """Standard deviation over seeds, of a sample; one seed has none."""
    return float(runs.std(ddof=1)) if len(runs) > 1 else None


def _mcnemar(baseline: Sequence[Table], candidate: Sequence[Table]) -> dict[str, list[dict[str, float]]]:
    """A test for each pair of runs in their order; runs without a partner are left out."""

    def right(table: Table, column: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        answer: np.ndarray[Any, np.dtype[np.bool_]] = table.counts[:, Counts._fields.index(column)] > 0
        return answer

    return {
        measure: [
            mcnemar(right(one, column), right(other, column))
            for one, other in zip(baseline, candidate, strict=False)
        ]
        for measure, column in (("exact_match", "exact"), ("intent", "intents_right"))
    }

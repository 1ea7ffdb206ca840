"""How far a figure may be chance: bootstrap over utterances, paired tests of two systems; numpy only.

What is drawn is an id with its utterances in all locales: in a parallel corpus they are one utterance said in
several languages, and errors on them go together. Where ids are not shared this is the usual bootstrap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from understudy.metrics.measures import MEASURES, Numbers, fractions, mean_over_sets
from understudy.metrics.table import Rows, Table

_CELLS = 4_000_000
"""Weights held at once, so that memory does not grow with the number of resamplings."""

_EXACT = 2**22
"""Rows up to which sums of counts are surely whole in float32."""

Scope = tuple[str, str]
"""``("all", "micro")``, ``("all", "macro")``, or a kind of part and its name: ``("locale", "de-DE")``."""

MICRO, MACRO = ("all", "micro"), ("all", "macro")


def scope_rows(table: Table) -> dict[Scope, Rows]:
    """The rows of every part of a test set; the whole and the macro mean follow from those of locales."""
    return {(kind, name): rows for kind, parts in table.parts.items() for name, rows in parts.items()}


def resampled(tables: Sequence[Table], resamplings: int, seed: int) -> list[dict[Scope, dict[str, Numbers]]]:
    """Every measure of every scope in every resampling, the same for all tables (so they may be paired).

    Args:
        tables: systems on one test set; rows are the same utterances.
        resamplings: R.
        seed: of the draws. They hang on ids alone, not on the order of files.

    Returns:
        A table: scope -> measure -> (R,); NaN where a resampling holds nothing to be measured.
    """
    first = tables[0]
    dtype = np.float32 if len(first.units) < _EXACT else np.float64
    flat = np.concatenate([_columns(table).astype(dtype) for table in tables], axis=1)
    ends = np.cumsum([_columns(table).shape[1] for table in tables])
    scopes = {scope: (rows, np.ascontiguousarray(flat[rows])) for scope, rows in scope_rows(first).items()}
    chunks: list[list[dict[Scope, dict[str, Numbers]]]] = []
    for weights in _weights(int(first.units.max()) + 1, resamplings, seed, dtype):
        of_rows = weights[:, first.units]
        sums = {
            scope: (of_rows[:, rows] @ cells).astype(np.float64) for scope, (rows, cells) in scopes.items()
        }
        sums[MICRO] = np.sum([sums[scope] for scope in sums if scope[0] == "locale"], axis=0)
        split = {scope: np.split(value, ends[:-1], axis=1) for scope, value in sums.items()}
        chunks.append(
            [
                _with_macro({scope: _measures(parts[i], table) for scope, parts in split.items()})
                for i, table in enumerate(tables)
            ]
        )
    return [
        {
            scope: {name: np.concatenate([chunk[i][scope][name] for chunk in chunks]) for name in MEASURES}
            for scope in chunks[0][i]
        }
        for i in range(len(tables))
    ]


def observed(table: Table) -> dict[Scope, dict[str, Numbers]]:
    """Every measure of every scope on the test set itself."""
    scopes = {scope: table.measures(rows) for scope, rows in scope_rows(table).items()}
    return _with_macro({**scopes, MICRO: table.measures()})


def _columns(table: Table) -> Numbers:
    return np.concatenate([table.counts, table.domains.reshape(len(table.counts), -1)], axis=1)


def _measures(sums: Numbers, table: Table) -> dict[str, Numbers]:
    width = table.counts.shape[1]
    return fractions(sums[:, :width], sums[:, width:].reshape(len(sums), len(table.names), 3))


def _with_macro(scopes: dict[Scope, dict[str, Numbers]]) -> dict[Scope, dict[str, Numbers]]:
    locales = [values for (kind, _), values in scopes.items() if kind == "locale"]
    macro = {name: mean_over_sets(np.stack([values[name] for values in locales])) for name in MEASURES}
    return {MICRO: scopes[MICRO], MACRO: macro} | scopes


def _weights(units: int, resamplings: int, seed: int, dtype: type) -> Iterator[Numbers]:
    """How often each unit is drawn, a row a resampling: multinomial, a few resamplings at a time."""
    generator = np.random.default_rng(seed)
    size = max(1, _CELLS // units)
    for start in range(0, resamplings, size):
        number = min(size, resamplings - start)
        draws = generator.integers(0, units, (number, units), dtype=np.int64)
        draws += np.arange(number)[:, None] * units
        yield np.bincount(draws.ravel(), minlength=number * units).reshape(number, units).astype(dtype)


def interval(values: Numbers, confidence: float) -> tuple[float, float] | None:
    """Percentile interval of the resamplings that have a value; None where none has."""
    there = values[~np.isnan(values)]
    if not there.size:
        return None
    low, high = np.quantile(there, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def sign_p(differences: Numbers) -> float | None:
    """Two-sided p of a paired bootstrap: how often the difference falls on either side of nought.

    Both counts have one added, so that p is never 0 and 1 where the systems never differ.
    """
    there = differences[~np.isnan(differences)]
    if not there.size:
        return None
    tail = min(np.count_nonzero(there <= 0), np.count_nonzero(there >= 0))
    return float(min(1.0, 2 * (tail + 1) / (there.size + 1)))


def mcnemar(baseline_right: NDArray[np.bool_], candidate_right: NDArray[np.bool_]) -> dict[str, float]:
    """McNemar's exact test on utterances that only one of two systems has right.

    Returns:
        ``only_baseline``, ``only_candidate`` and the two-sided binomial ``p`` (1 where they never differ).
    """
    lost = int(np.count_nonzero(baseline_right & ~candidate_right))
    won = int(np.count_nonzero(candidate_right & ~baseline_right))
    return {"only_baseline": lost, "only_candidate": won, "p": _binomial_p(min(lost, won), lost + won)}


def _binomial_p(fewer: int, trials: int) -> float:
    """Twice the probability of at most ``fewer`` of fair trials, in logarithms so that none is too many."""
    k = np.arange(1, fewer + 1)
    logs = np.concatenate([[0.0], np.cumsum(np.log((trials - k + 1) / k))])
    largest = logs.max()
    log_tail = largest + np.log(np.exp(logs - largest).sum()) - trials * np.log(2)
    return float(min(1.0, 2 * np.exp(log_tail)))

"""A comparison of systems as tables of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.report.tables import Table

TITLES = {
    "icer": "intent error",
    "slot_error": "slot error",
    "exact_match_error": "exact match error",
    "semer": "SemER",
    "irer": "IRER",
    "domain_f1": "DC F1",
}
"""The measures that the papers give, as they give them: errors, less is better, and F1 of domains."""

SIGNIFICANT = 0.05

FEWEST = 20
"""Ids of a part below which a bootstrap calls chance significant too often, so that no star is given."""


def comparison_tables(result: Mapping[str, Any]) -> list[Table]:
    """Two tables a candidate: its measures beside the baseline's, and the changes part by part."""
    return [
        table for name in result["changes"] for table in (_measures(name, result), _by_part(name, result))
    ]


def _measures(name: str, result: Mapping[str, Any]) -> Table:
    baseline = result["baseline"]
    sides = [result["systems"][system]["measures"]["all"]["macro"] for system in (baseline, name)]
    changes = result["changes"][name]
    rows = []
    for measure, title in TITLES.items():
        change = changes["measures"]["all"]["macro"][measure]
        levels = (_value(side[measure]["value"], side[measure]["sd"]) for side in sides)
        p = "none" if change["p"] is None else f"{change['p']:.2g}"
        rows.append(
            (title, *levels, _value(change["relative"], change["sd"], "+"), _bounds(change["interval"]), p)
        )
    tests = "; ".join(f"{title} {_mcnemar(runs)}" for title, runs in changes["mcnemar"].items())
    runs = " and ".join(str(result["systems"][system]["runs"]) for system in (baseline, name))
    return Table(
        f"{name} against {baseline}: {result['utterances']:,} utterances, macro over locales, percent, "
        f"{runs} seeds\nMcNemar: {tests.replace('_', ' ')}",
        ("", baseline, name, "change %", f"{100 * result['confidence']:g} % interval", "p"),
        tuple(rows),
    )


def _by_part(name: str, result: Mapping[str, Any]) -> Table:
    rows = []
    for kind, parts in result["changes"][name]["measures"].items():
        for part, measures in parts.items():
            size = result["parts"][kind][part]
            cells = (
                _starred(measures[measure], size["units"]) if measure in measures else ""
                for measure in TITLES
            )
            title = part if kind in ("all", "locale") else f"{kind} {part}"
            rows.append((title, f"{size['utterances']:,}", *cells))
    return Table(
        f"{name} against {result['baseline']}: relative change by part, percent, * p < {SIGNIFICANT} "
        f"and at least {FEWEST} ids",
        ("", "utterances", *TITLES.values()),
        tuple(rows),
    )


def _starred(change: Mapping[str, Any], units: int) -> str:
    significant = units >= FEWEST and change["p"] is not None and change["p"] < SIGNIFICANT
    return _value(change["relative"], None, "+") + ("*" if significant else " ")


def _value(value: float | None, sd: float | None, sign: str = "") -> str:
    if value is None:
        return "none"
    return f"{100 * value:{sign}.2f}" + ("" if sd is None else f" ± {100 * sd:.2f}")


def _bounds(interval: tuple[float, float] | None) -> str:
    return "none" if interval is None else " to ".join(f"{100 * bound:+.2f}" for bound in interval)


def _mcnemar(runs: list[Mapping[str, float]]) -> str:
    return ", ".join(
        f"{run['only_baseline']} lost and {run['only_candidate']} won (p {run['p']:.2g})" for run in runs
    )

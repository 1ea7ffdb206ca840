"""Trials of a search over settings, as far as a step's numbers have any (``trials``: a list of mappings)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.core.artifact import Artifact
from understudy.report.axis import axis
from understudy.report.figure import Plot
from understudy.report.run import Run
from understudy.report.section import NONE, Omitted, Section, grid
from understudy.report.tables import Table

MOST_ROWS = 20


def search(run: Run) -> Section | Omitted:
    """The section."""
    title = "Search over settings"
    found = [(artifact, trials) for artifact in run.artifacts if (trials := trials_of(artifact))]
    if not found:
        return Omitted(title, "no step searched over settings")
    figures = [_plot(artifact, trials) for artifact, trials in found]
    tables = [_table(artifact, trials) for artifact, trials in found]
    lead = f"Each trial's score, and the best so far; the tables hold the best {MOST_ROWS}."
    return Section("search", title, lead, (grid([each for each in figures if each]), *tables))


def trials_of(artifact: Artifact) -> list[Mapping[str, Any]]:
    """The trials in a step's numbers, in their order."""
    numbers = artifact.numbers
    trials = numbers.get("trials") or (numbers.get("search") or {}).get("trials")
    return [trial for trial in trials if isinstance(trial, dict)] if isinstance(trials, list) else []


def _score(trial: Mapping[str, Any]) -> float | None:
    for key in ("value", "score", "exact_match"):
        if isinstance(trial.get(key), int | float):
            return float(trial[key])
    return None


def _plot(artifact: Artifact, trials: list[Mapping[str, Any]]) -> str:
    points = [(i, score) for i, trial in enumerate(trials, 1) if (score := _score(trial)) is not None]
    if not points:
        return ""
    best = [(x, max(y for _, y in points[: i + 1])) for i, (x, _) in enumerate(points)]
    x = axis("trial", [x for x, _ in points])
    plot = Plot(x, axis("score", [y for _, y in points]))
    plot.line("best so far", best, 0, marks=False)
    for number, score in points:
        plot.dot((number, score), 1, f"trial {number}: {score:.4g}", size=3.5)
    plot.name(1, "trial")
    told = f"best {best[-1][1]:.4g} of {len(points)} trials"
    return plot.figure(f"{artifact.path.name}: {told}", told)


def _table(artifact: Artifact, trials: list[Mapping[str, Any]]) -> Table:
    ranked = sorted(enumerate(trials, 1), key=lambda each: -(_score(each[1]) or float("-inf")))[:MOST_ROWS]
    settings = sorted({name for _, trial in ranked for name in _settings(trial)})
    rows = tuple(
        (
            str(number),
            *(_text(_settings(trial).get(name)) for name in settings),
            _state(trial),
            NONE if (score := _score(trial)) is None else f"{score:.4f}",
        )
        for number, trial in ranked
    )
    notes = (f"{NONE}: the trial ended before it was measured.",) if any(r[-1] == NONE for r in rows) else ()
    return Table(f"{artifact.path.name}: trials", ("trial", *settings, "state", "score"), rows, notes)


def _state(trial: Mapping[str, Any]) -> str:
    """How it ended, and which earlier trial it repeats or what its problem was."""
    more = [f"as trial {trial['same_as']}"] if trial.get("same_as") else []
    more += [str(trial["problem"])] if trial.get("problem") else []
    return ", ".join([str(trial.get("state", "")), *more])


def _settings(trial: Mapping[str, Any]) -> Mapping[str, Any]:
    params = trial.get("params", trial.get("settings"))
    return params if isinstance(params, dict) else {}


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)

"""All models of a label set: size, accuracy and speed (the absolute figures of paper B, table A2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from understudy.report.run import Run
from understudy.report.section import NONE, Omitted, Section, percent
from understudy.report.systems import Group, System
from understudy.report.tables import Table

COLUMNS = {
    "intent_accuracy": "intent",
    "slot_f1": "slot F1",
    "exact_match": "exact match",
    "semer": "SemER",
    "domain_f1": "DC F1",
}
"""What the terminal's table has, as far as any model has a head for it; DC F1 where models have no other."""


def model_tables(run: Run, groups: list[Group]) -> list[Table]:
    """One table a label set; what a terminal prints at the end of a run."""
    exports = exported(run)
    tables = []
    for group in groups:
        columns = {name: title for name, title in COLUMNS.items() if name in _measured(group, COLUMNS)}
        if len(columns) > 1:
            columns.pop("domain_f1", None)
        tables.append(
            Table(
                f"Labels: {group.labels} ({group.train_utterances:,} training utterances), "
                f"{group.split} split, macro over locales, percent{_seeds(group)}",
                ("model", "parameters", *columns.values(), "int8 exact", "p50 ms"),
                tuple(_row(group, system, exports, list(columns)) for system in group.systems),
                notes=_reasons(group, columns),
            )
        )
    return tables


def models(run: Run, groups: list[Group]) -> Section | Omitted:
    """The section."""
    title = "All models"
    if not groups:
        return Omitted(title, "no step of stage evaluate is there")
    lead = (
        "Intent: intent accuracy. Slot F1: strict spans. Exact match: intent and all slots right. SemER: "
        "wrong, missing and invented slots and intents over those due; lower is better. IRER: utterances "
        "with any such error. DC F1: of domains, the mean over them. int8 exact: change of development exact "
        "match against fp32, in points. p50: median of one utterance on one thread, as served."
    )
    return Section(
        "models", title, lead, (*model_tables(run, groups), *(absolute(group) for group in groups))
    )


def absolute(group: Group) -> Table:
    """Every measure the papers name, with its deviation over seeds or its interval."""
    names = {
        "icer": "intent error",
        "slot_error": "slot error",
        "exact_match_error": "exact match error",
        "semer": "SemER",
        "irer": "IRER",
        "domain_f1": "DC F1",
    }
    names = {name: title for name, title in names.items() if name in _measured(group, names)}
    rows = tuple(
        (system.title, str(len(system.tables)), *(_with_interval(measures[name]) for name in names))
        for system in group.systems
        for measures in (group.measures[system.title]["all"]["macro"],)
    )
    return Table(
        f"Labels: {group.labels}, the papers' measures, percent, with the 95 % interval of a bootstrap over "
        f"{group.split} utterances",
        ("model", "seeds", *names.values()),
        rows,
        notes=_reasons(group, names),
    )


def exported(run: Run) -> dict[str, Mapping[str, Any]]:
    """Fine-tuned step -> numbers of its export."""
    return {artifact.manifest.config["model"]: artifact.numbers for artifact in run.of("export")}


def served(system: System, exports: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The numbers of the export of a system's first seed that has one."""
    found = (exports.get(evaluation.numbers["model"]) for evaluation in system.evaluations)
    return next((numbers for numbers in found if numbers is not None), None)


def with_deviation(cell: Mapping[str, Any], sign: str = "") -> str:
    """A value in percent, ± its standard deviation over seeds where there are several."""
    sd = cell.get("sd")
    return percent(cell["value"], sign=sign) + ("" if sd is None else f" ± {100 * sd:.2f}")


def _measured(group: Group, names: Iterable[str]) -> set[str]:
    """Those of the measures that any of the models has a value of."""
    rows = [row["all"]["macro"] for row in group.measures.values()]
    return {name for name in names if any(row[name]["value"] is not None for row in rows)}


def _row(
    group: Group, system: System, exports: Mapping[str, Mapping[str, Any]], names: Sequence[str]
) -> tuple[str, ...]:
    macro = group.measures[system.title]["all"]["macro"]
    export = served(system, exports)
    return (
        system.title,
        f"{system.parameters / 1e6:.2f}M",
        *(with_deviation(macro[name]) for name in names),
        *(("", "") if export is None else _served(export)),
    )


def _served(export: Mapping[str, Any]) -> tuple[str, str]:
    """Change of development exact match by int8 in points, macro over locales, and p50 latency as served."""
    name = export["served"]
    loss = list(export["int8_loss"].values())
    change = f"{0.0 - 100 * sum(loss) / len(loss):+.2f}" if name == "int8" and loss else f"{name} kept"
    return change, f"{export['p50_ms'][name]:.2f}"


def _with_interval(cell: Mapping[str, Any]) -> str:
    bounds = cell["interval"]
    return with_deviation(cell) + (f" [{100 * bounds[0]:.1f}, {100 * bounds[1]:.1f}]" if bounds else "")


def _seeds(group: Group) -> str:
    most = max(len(system.tables) for system in group.systems)
    return f", mean ± standard deviation over up to {most} seeds" if most > 1 else ""


def _reasons(group: Group, names: Mapping[str, str]) -> tuple[str, ...]:
    """Why a measure has no value in a row."""
    found: dict[str, None] = {}
    for system in group.systems:
        for name, title in names.items():
            cell = group.measures[system.title]["all"]["macro"][name]
            if cell["value"] is None:
                found[f"{NONE}, {system.title}, {title}: {cell['undefined']}."] = None
    return tuple(found)

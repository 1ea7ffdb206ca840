"""Relative changes against a baseline, as both papers report (A tables 4 and 5, B tables 1, 2 and A3).

[A] has intent and slot error against the first stage's teacher, fine-tuned whole and frozen. [B] has DC F1
and SemER by language against the student distilled on generic text and against direct pretraining, of all
utterances and of rare ones, and by domain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from understudy.report.comparison import FEWEST, SIGNIFICANT
from understudy.report.run import Run
from understudy.report.section import NONE, Omitted, Section
from understudy.report.systems import Group, System
from understudy.report.tables import Table

ERRORS = {
    "icer": "intent error",
    "slot_error": "slot error",
    "exact_match_error": "exact match error",
    "semer": "SemER",
}


def changes(run: Run, groups: list[Group]) -> Section | Omitted:
    """The section, a few tables for each baseline of each label set."""
    title = "Against the baselines"
    if not groups:
        return Omitted(title, "no step of stage evaluate is there")
    tables = [
        table
        for group in groups
        for baseline in baselines(run, group)
        for table in _tables(run, group, baseline)
    ]
    if not tables:
        return Omitted(title, "only one model was evaluated, and a change needs two")
    lead = (
        "Relative change in percent, as the papers report: of an error and of SemER less is better, of DC "
        f"F1 more. ± is the deviation over seeds; * marks p < {SIGNIFICANT:g} in a paired bootstrap over "
        f"utterances, where a part has at least {FEWEST} of them. Rare utterances are those that the labels "
        "mark so, in the paper those seen at most 3 times."
    )
    return Section("changes", title, lead, tuple(tables))


def baselines(run: Run, group: Group) -> list[System]:
    """What a group is compared with: what was asked, else the teacher and the generic or direct student."""
    full = [system for system in group.systems if not system.frozen] or group.systems
    asked = [system for name in run.baselines for system in full if is_named(system, name)]
    if asked:
        return _once(asked)
    found: list[System] = []
    teacher = teacher_of(run, full)
    if teacher is not None:
        found.append(teacher)
    students = [
        system
        for system in full
        if system.encoder is not None
        and system.encoder.manifest.stage == "distill"
        and system.base not in run.teachers
    ]
    generic = [s for s in students if s.encoder and run.transfer_set(s.encoder) == "public 100 %"]
    if len(students) > len(generic):
        found += generic[:1]
    for system in full:
        if (
            system.encoder is None
            or system.encoder.manifest.stage != "pretrain"
            or system.base in run.teachers
        ):
            continue
        if any(abs(system.parameters / student.parameters - 1) < 0.02 for student in students):
            found.append(system)
    return _once(found or [max(full, key=lambda system: system.parameters)])


def is_named(system: System, name: str) -> bool:
    """Whether a name is that of what was fine-tuned, or of one of the evaluations."""
    return name in (system.base, *(evaluation.path.name for evaluation in system.evaluations))


def teacher_of(run: Run, systems: Sequence[System]) -> System | None:
    """The teacher of the first stage where it was evaluated, else the largest teacher that was."""
    teachers = [system for system in systems if system.base in run.teachers]
    first = [
        system
        for system in teachers
        if system.encoder is not None
        and system.encoder.manifest.stage in ("pretrain", "pretrained")
        and _start(system.encoder.manifest.config) is None
    ]
    return max(first or teachers, key=lambda system: system.parameters, default=None)


def _start(config: Mapping[str, Any]) -> Any:
    return config.get("from", config.get("start"))


def _once(systems: Sequence[System]) -> list[System]:
    return list({system.title: system for system in systems}.values())


def _tables(run: Run, group: Group, baseline: System) -> list[Table]:
    full = [system for system in group.systems if not system.frozen]
    if len(full) < 2 or baseline not in full:
        return []
    found = [_errors(run, group, baseline)]
    found += [_parts(group, baseline, full, "locale", measure) for measure in ("domain_f1", "semer")]
    if all(system.rare for system in full):
        found += [_parts(group, baseline, full, "locale", m, rare=True) for m in ("domain_f1", "semer")]
    found.append(_parts(group, baseline, full, "domain", "semer"))
    return [table for table in found if table.rows]


def _errors(run: Run, group: Group, baseline: System) -> Table:
    """Paper A, table 4: whole models against the whole baseline, frozen ones against it frozen."""
    rows, empty = [], set()
    frozen = next((s for s in group.systems if s.frozen and s.base == baseline.base), None)
    for other in group.systems:
        against = frozen if other.frozen else baseline
        if against is None or other is against:
            continue
        same = [system for system in group.systems if system.frozen == other.frozen]
        cells = group.against(against, same)["changes"][other.title]["measures"]["all"]["macro"]
        units = len(group.references)
        rows.append(
            (
                other.title,
                "heads" if other.frozen else "whole",
                "" if other.encoder is None else run.transfer_set(other.encoder),
                *(_cell(cells[name], units) for name in ERRORS),
            )
        )
        empty |= {cells[name]["undefined"] for name in ERRORS if "undefined" in cells[name]}
    also = "" if frozen is None else "; frozen encoders against the frozen one"
    told = f"Errors against {baseline.title}{also}: change in percent, macro over locales"
    if all(cell == NONE for row in rows for cell in row[3:]):
        rows = []
    return Table(
        f"Labels: {group.labels}. {told}",
        ("model", "tuned", "text of its last stage", *ERRORS.values()),
        tuple(rows),
        notes=_why(empty),
        words=3,
    )


def _parts(
    group: Group, baseline: System, full: Sequence[System], kind: str, measure: str, *, rare: bool = False
) -> Table:
    """Paper B, tables 1 and 2 (locales) and A3 (domains)."""
    compared = group.against(baseline, full, rare=rare)
    sizes = compared["parts"].get(kind, {})
    rows, empty = [], set()
    for other in full:
        if other is baseline:
            continue
        measures = compared["changes"][other.title]["measures"]
        cells = [measures["all"]["macro"][measure], *(measures[kind][part][measure] for part in sizes)]
        units = [compared["units"], *(size["units"] for size in sizes.values())]
        rows.append((other.title, *(_cell(cell, size) for cell, size in zip(cells, units, strict=True))))
        empty |= {cell["undefined"] for cell in cells if "undefined" in cell}
    named = {"domain_f1": "DC F1", "semer": "SemER"}[measure]
    of = " of rare utterances" if rare else ""
    nothing = not sizes or all(cell == NONE for row in rows for cell in row[1:])
    return Table(
        f"Labels: {group.labels}. {named}{of} by {kind} against {baseline.title}, change in percent",
        ("model", "macro over locales", *sizes),
        () if nothing else tuple(rows),
        notes=_why(empty),
    )


def _cell(change: Mapping[str, Any], units: int) -> str:
    if change["relative"] is None:
        return NONE
    sd = "" if change["sd"] is None else f" ± {100 * change['sd']:.2f}"
    star = "*" if units >= FEWEST and change["p"] is not None and change["p"] < SIGNIFICANT else ""
    return f"{100 * change['relative']:+.2f}{sd}{star}"


def _why(reasons: set[str]) -> tuple[str, ...]:
    return tuple(f"{NONE}: {reason}." for reason in sorted(reasons))

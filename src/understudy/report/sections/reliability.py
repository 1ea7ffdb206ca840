"""Calibration: how often a model is right when it says how sure it is (metrics/confidence.py)."""

from __future__ import annotations

from collections.abc import Sequence

from understudy.metrics.calibration import expected_calibration_error, reliability
from understudy.report.axis import axis
from understudy.report.figure import Plot
from understudy.report.section import NONE, Omitted, Section, grid, percent
from understudy.report.systems import Group
from understudy.report.tables import Table

BINS = 10

_FIFTHS = (0, 0.2, 0.4, 0.6, 0.8, 1)


def calibration(groups: list[Group]) -> Section | Omitted:
    """The section: plots of the model that goes on stage, a table of all."""
    title = "Calibration"
    figures, rows, reasons = [], [], set()
    for group in groups:
        for system in group.systems:
            reasons |= set(system.without.values())
            for head, (sure, right) in system.outcomes.items():
                error = percent(expected_calibration_error(sure, right))
                mean, accuracy = sum(sure) / len(sure), sum(right) / len(right)
                rows.append(
                    (
                        system.title,
                        group.labels,
                        head,
                        error,
                        percent(mean),
                        percent(accuracy),
                        percent(system.rejected),
                    )
                )
                if system is group.understudy:
                    name = f"{system.title}, labels: {group.labels}, {head}"
                    figures.append(_diagram(f"{name}: error {error} %", sure, right))
    if not rows:
        none = "; ".join(sorted(reasons)) if groups else "no step of stage evaluate is there"
        return Omitted(title, none)
    notes = [f"Not in the table: {'; '.join(sorted(reasons))}."] if reasons else []
    if any(row[-1] == NONE for row in rows):
        notes.append(f"{NONE}: answers are not marked as rejected or not.")
    table = Table(
        "Expected calibration error, percent, first seed of each model",
        ("model", "labels", "of", "error", "mean confidence", "right", "rejected"),
        tuple(rows),
        notes=tuple(notes),
        words=3,
    )
    lead = (
        "Points on the dashed line are as often right as they say they are; below it a model is too sure "
        "of itself. The larger a point, the more answers it stands for."
    )
    tables = [each for each in (table, _temperatures(groups), _scope(groups)) if each.rows]
    return Section("calibration", title, lead, (grid(figures), *tables))


def _temperatures(groups: list[Group]) -> Table:
    """What was fitted on development data, as the evaluations tell it."""
    rows, reasons = [], set()
    for group in groups:
        for system in group.systems:
            told = system.evaluations[0].numbers.get("calibration") or {}
            threshold = (told.get("rejection") or {}).get("threshold")
            for head, fitted in told.get("heads", {}).items():
                rows.append(
                    (
                        system.title,
                        group.labels,
                        head,
                        f"{fitted['temperature']:.3f}",
                        f"{fitted['examples']:,}",
                        percent(fitted["error_before"]),
                        percent(fitted["error_after"]),
                        NONE if threshold is None else f"{threshold:.3f}",
                    )
                )
                reasons |= {fitted["reason"]} if fitted.get("reason") else set()
    notes = tuple(f"Temperature 1: {reason}." for reason in sorted(reasons))
    if any(row[-1] == NONE for row in rows):
        notes += (f"{NONE}: no rejection was asked for.",)
    if any(NONE in row[5:7] for row in rows):
        notes += (f"{NONE}: nothing was fitted.",)
    return Table(
        "Temperatures fitted on development data, calibration error there in percent, rejection threshold",
        ("model", "labels", "of", "temperature", "examples", "error before", "after", "rejected up to"),
        tuple(rows),
        notes,
        words=3,
    )


def _scope(groups: list[Group]) -> Table:
    """How well confidence tells what nobody should answer."""
    names = {
        "acceptance_rate": "accepted in scope",
        "out_of_scope_accepted": "accepted out of scope",
        "out_of_scope_auroc": "AUROC",
    }
    rows, reasons = [], set()
    for group in groups:
        for system in group.systems:
            told = system.evaluations[0].numbers.get("out_of_scope")
            if told:
                cells = (percent(told["all"][name]) for name in names)
                rows.append((system.title, group.labels, f"{told['count']:,}", *cells))
                reasons |= set(told["all"].get("undefined", {}).values())
    notes = tuple(f"{NONE}: {reason}." for reason in sorted(reasons))
    columns = ("model", "labels", "out of scope", *names.values())
    return Table("Utterances out of scope, percent", columns, tuple(rows), notes, words=2)


def _diagram(title: str, sure: Sequence[float], right: Sequence[bool]) -> str:
    bins = reliability(sure, right, BINS)
    plot = Plot(
        axis("confidence", _FIFTHS, start=0, end=1, at=_FIFTHS),
        axis("share right", _FIFTHS, start=0, end=1, at=_FIFTHS),
    )
    plot.stretch((0, 0), (1, 1))
    largest = max(bins[:, 0])
    for number, mean, accuracy, _ in bins:
        told = f"{int(number):,} answers: confidence {mean:.2f}, right {accuracy:.2f}"
        plot.dot((mean, accuracy), 0, told, size=3 + 7 * float(number / largest) ** 0.5)
    points = "; ".join(f"{mean:.2f} sure, {accuracy:.2f} right" for _, mean, accuracy, _ in bins)
    return plot.figure(title, points)

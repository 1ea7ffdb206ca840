"""Similarity to generic text against change in SemER, a point a domain, with a fitted line (paper B 5.2)."""

from __future__ import annotations

import numpy as np

from understudy.report.axis import axis
from understudy.report.figure import Plot
from understudy.report.run import Run
from understudy.report.section import Omitted, Section, grid
from understudy.report.sections.changes import baselines
from understudy.report.systems import Group, System
from understudy.report.tables import Table

ENOUGH = 1000
"""Test utterances that a domain needs to be plotted in the paper; here those with fewer are marked."""


def likeness(run: Run, groups: list[Group]) -> Section | Omitted:
    """The section."""
    title = "Similarity to generic text"
    steps = run.of("similarity")
    if not steps:
        return Omitted(title, "no step of stage similarity is there")
    similar: dict[str, dict[str, float]] = {}
    for step in steps:
        for locale, domains in step.numbers["by_locale"].items():
            for domain, row in domains.items():
                similar.setdefault(domain, {})[locale] = row["mean"]
    domains = {domain: sum(row.values()) / len(row) for domain, row in similar.items()}
    figures = [
        _plot(group, baseline, system, domains)
        for group in groups
        for baseline in baselines(run, group)
        for system in ([group.understudy] if group.understudy is not baseline else [])
    ]
    locales = sorted({locale for row in similar.values() for locale in row})
    table = Table(
        "Cosine of tf-idf vectors of a domain's training utterances and generic text",
        ("domain", "mean over locales", *locales),
        tuple(
            (domain, f"{domains[domain]:.3f}", *(_cell(similar[domain].get(locale)) for locale in locales))
            for domain in sorted(domains, key=lambda name: -domains[name])
        ),
        notes=("-: the locale has no utterance of the domain.",) if _holes(similar, locales) else (),
    )
    lead = (
        "A point a domain: how like generic text it is, and how SemER changed against the baseline. In "
        "the paper the less similar a domain, the more task data helped: the line rises. Squares are "
        f"domains with fewer than {ENOUGH:,} test utterances, which the paper leaves out."
    )
    return Section("similarity", title, lead, (grid([each for each in figures if each]), table))


def fitted(points: list[tuple[float, float]]) -> tuple[float, float, float] | None:
    """Slope, intercept and correlation of the least-squares line; None where no line is determined."""
    if len(points) < 3:
        return None
    x, y = np.array(points, dtype=float).T
    if np.ptp(x) == 0:
        return None
    slope, intercept = np.polyfit(x, y, 1)
    correlation = 0.0 if np.ptp(y) == 0 else float(np.corrcoef(x, y)[0, 1])
    return float(slope), float(intercept), correlation


def _plot(group: Group, baseline: System, system: System, domains: dict[str, float]) -> str:
    compared = group.against(baseline, [each for each in group.systems if not each.frozen])
    changes = compared["changes"][system.title]["measures"].get("domain", {})
    sizes = compared["parts"].get("domain", {})
    points = {
        domain: (domains[domain], 100 * changes[domain]["semer"]["relative"])
        for domain in domains
        if domain in changes and changes[domain]["semer"]["relative"] is not None
    }
    if not points:
        return ""
    x = axis("cosine with generic text", [point[0] for point in points.values()])
    y = axis("change in SemER, %", [0, *(point[1] for point in points.values())])
    plot = Plot(x, y)
    plot.level(f"as {baseline.title}", 0)
    line = fitted(list(points.values()))
    if line is not None:
        slope, intercept, correlation = line
        ends = [
            (at, slope * at + intercept)
            for at in (min(p[0] for p in points.values()), max(p[0] for p in points.values()))
        ]
        plot.stretch(ends[0], ends[1], kind="fit", text=f"r = {correlation:.2f}")
    for domain, point in points.items():
        count = sizes[domain]["utterances"]
        told = f"{domain}: cosine {point[0]:.3f}, SemER {point[1]:+.2f} %, {count:,} utterances"
        plot.dot(point, 0 if count >= ENOUGH else 1, told, label=domain, size=4)
    title = f"{system.title} against {baseline.title}, labels: {group.labels}"
    fit = "" if line is None else f"Fitted line: {line[0]:+.3g} % a unit of cosine, r = {line[2]:.2f}. "
    return plot.figure(
        title, fit + "; ".join(f"{name} {x:.3f}, {y:+.2f} %" for name, (x, y) in points.items())
    )


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _holes(similar: dict[str, dict[str, float]], locales: list[str]) -> bool:
    return any(locale not in row for row in similar.values() for locale in locales)

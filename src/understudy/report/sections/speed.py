"""How fast against how good: latency and exact match of every exported model, in int8 and fp32."""

from __future__ import annotations

from understudy.report.axis import axis
from understudy.report.figure import Plot
from understudy.report.run import Run
from understudy.report.section import Omitted, Section, grid, percent
from understudy.report.sections.models import exported, served
from understudy.report.systems import Group
from understudy.report.tables import Table


def speed(run: Run, groups: list[Group]) -> Section | Omitted:
    """The section."""
    title = "Latency against accuracy"
    exports = exported(run)
    if not exports:
        return Omitted(title, "no step of stage export is there")
    figures, tables = [], []
    for group in groups:
        points = []
        for system in group.systems:
            export = served(system, exports)
            for precision, latency in ({} if export is None else export["p50_ms"]).items():
                by_locale = export["exact_match"][precision].values() if export else ()
                exact = sum(by_locale) / len(by_locale)
                size = export["bytes"][precision] / 1e6 if export else 0
                on_stage = export is not None and export["served"] == precision
                points.append((system, precision, latency, exact, size, on_stage))
        if points:
            figures.append(_plot(group, points))
            tables.append(_table(group, points))
    if not figures:
        return Omitted(title, "no exported model was evaluated")
    lead = (
        "Median milliseconds for one utterance on one thread, the graph alone, and exact match on the "
        "development split, macro over locales. Up and to the left is better; a colour and shape is a "
        "model, and its larger point the precision that is served."
    )
    return Section("speed", title, lead, (grid(figures), *tables))


def _plot(group: Group, points: list[tuple]) -> str:  # type: ignore[type-arg]
    titles = list(dict.fromkeys(system.title for system, *_ in points))
    x = axis("ms, median", [point[2] for point in points], log=True)
    y = axis("exact match, %", [100 * point[3] for point in points])
    plot = Plot(x, y)
    for index, title in enumerate(titles):
        own = [point for point in points if point[0].title == title]
        if len(own) == 2:
            one, other = ((point[2], 100 * point[3]) for point in own)
            plot.stretch(one, other, kind="rule")
        for _, precision, latency, exact, size, on_stage in own:
            told = f"{title}, {precision}: {latency:.2f} ms, {percent(exact)} %, {size:.1f} MB"
            plot.dot((latency, 100 * exact), index, told, size=6 if on_stage else 3.5)
        plot.name(index, title)
    told = "; ".join(f"{p[0].title} {p[1]}: {p[2]:.2f} ms, {percent(p[3])} %" for p in points)
    return plot.figure(f"Latency against exact match, labels: {group.labels}", told)


def _table(group: Group, points: list[tuple]) -> Table:  # type: ignore[type-arg]
    return Table(
        f"Exported models, labels: {group.labels}",
        ("model", "precision", "served", "p50 ms", "dev exact match %", "MB", "parameters"),
        tuple(
            (
                system.title, precision, "yes" if on_stage else "", f"{latency:.3f}", percent(exact),
                f"{size:.1f}", f"{system.parameters / 1e6:.2f}M",
            )
            for system, precision, latency, exact, size, on_stage in points
        ),
        words=3,
    )  # fmt: skip

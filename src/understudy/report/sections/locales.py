"""Accuracy by locale and domain: bars of the model on stage, points of all others, and the figures."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from understudy.report.axis import axis
from understudy.report.figure import WIDTH, figure, legend, mark
from understudy.report.section import Omitted, Section, grid, percent, tag
from understudy.report.sections.models import with_deviation
from understudy.report.systems import Group
from understudy.report.tables import Table

NAMES = {
    "exact_match": "Exact match",
    "intent_accuracy": "Intent accuracy",
    "slot_f1": "Slot F1",
    "domain_accuracy": "Domain accuracy",
    "domain_f1": "DC F1",
    "semer": "SemER",
}

_LEFT, _RIGHT, _ROW, _TOP = 92, 16, 26, 8


def locales(groups: list[Group]) -> Section | Omitted:
    """The section."""
    title = "By locale and domain"
    if not groups:
        return Omitted(title, "no step of stage evaluate is there")
    figures = [bars(group, kind) for group in groups for kind in ("locale", "domain") if _names(group, kind)]
    tables = []
    for group in groups:
        measures = dict.fromkeys((group.measure, "semer", "domain_f1"))
        tables += [locale_table(group, "locale", name) for name in measures if _has(group, name)]
        if _names(group, "domain") and _has(group, "semer"):
            tables.append(locale_table(group, "domain", "semer"))
    lead = (
        "Bars and their 95 % intervals are those of the model that goes on stage; points are the other "
        "models, whose colours and shapes the legend names. Means over seeds."
    )
    return Section("locales", title, lead, (grid(figures), *tables))


def bars(group: Group, kind: str = "locale") -> str:
    """A row a locale (or domain), the best on top."""
    measure = group.measure
    own = group.understudy
    rows = group.measures[own.title][kind]
    values = {name: cell[measure]["value"] for name, cell in rows.items()}
    names = sorted(values, key=lambda name: -(values[name] or 0))
    others = [system for system in group.systems if system is not own]
    everything = [
        float(cell[measure]["value"] or 0)
        for system in group.systems
        for cell in group.measures[system.title][kind].values()
    ]
    everything += [cell[measure]["interval"][1] for cell in rows.values() if cell[measure]["interval"]]
    scale = axis("", [0, *everything], start=0, text=lambda value: f"{100 * value:g}")
    height = _TOP + _ROW * len(names) + 40
    bottom = _TOP + _ROW * len(names)

    def across(value: float) -> float:
        return _LEFT + scale.place(value) * (WIDTH - _LEFT - _RIGHT)

    parts = [
        tag("path", class_="rule", d=f"M{across(value):.1f},{_TOP}V{bottom}")
        + tag("text", text, x=f"{across(value):.1f}", y=bottom + 16, text_anchor="middle")
        for value, text in scale.ticks
    ]
    for i, name in enumerate(names):
        y = _TOP + _ROW * i
        parts.append(tag("text", escape(_short(name)), x=_LEFT - 8, y=y + 17, text_anchor="end"))
        parts.append(_bar(own.title, name, rows[name][measure], y, across))
        for index, system in enumerate(others, start=1):
            value = group.measures[system.title][kind].get(name, {}).get(measure, {}).get("value")
            if value is not None:
                told = f"{system.title}, {name}: {percent(value)} %"
                parts.append(mark(across(value), y + _ROW / 2, index, told, 3.5))
    parts.append(
        tag(
            "text",
            "percent",
            x=(_LEFT + WIDTH - _RIGHT) / 2,
            y=height - 6,
            text_anchor="middle",
            class_="soft",
        )
    )
    told = ", ".join(f"{name} {percent(values[name])}" for name in names)
    over = legend([(0, own.title), *((i, system.title) for i, system in enumerate(others, 1))], line=False)
    title = f"{NAMES[measure]} by {kind}, labels: {group.labels}"
    return figure(title, f"{own.title}, percent: {told}", "".join(parts), size=(WIDTH, height), over=over)


def locale_table(group: Group, kind: str, measure: str) -> Table:
    """Models against locales (or domains), absolute, macro first."""
    names = _names(group, kind)
    return Table(
        f"{NAMES[measure]} by {kind}, labels: {group.labels}, percent",
        ("model", "macro over locales", *names),
        tuple(
            (
                system.title,
                with_deviation(measures["all"]["macro"][measure]),
                *(with_deviation(measures[kind][name][measure]) for name in names),
            )
            for system in group.systems
            for measures in (group.measures[system.title],)
        ),
    )


def _has(group: Group, measure: str) -> bool:
    rows = [group.measures[system.title]["all"]["macro"] for system in group.systems]
    return all(row[measure]["value"] is not None for row in rows)


def _names(group: Group, kind: str) -> list[str]:
    return sorted(group.measures[group.systems[0].title].get(kind, {}))


def _bar(title: str, name: str, cell: Mapping[str, Any], y: float, across: Any) -> str:
    if cell["value"] is None:
        return tag("text", "none", x=_LEFT + 4, y=y + 17, class_="soft")
    told = f"{title}, {name}: {percent(cell['value'])} %"
    width = across(cell["value"]) - _LEFT
    bar = tag(
        "rect",
        tag("title", escape(told)),
        class_="bar",
        x=_LEFT,
        y=y + 5,
        width=f"{width:.1f}",
        height=_ROW - 10,
    )
    if not cell["interval"]:
        return bar
    low, high = (across(max(0.0, bound)) for bound in cell["interval"])
    middle = y + _ROW / 2
    return bar + tag(
        "path",
        class_="whisker",
        d=f"M{low:.1f},{middle}H{high:.1f}M{low:.1f},{middle - 3}v6M{high:.1f},{middle - 3}v6",
    )


def _short(name: str) -> str:
    return name if len(name) <= 13 else f"{name[:12]}…"

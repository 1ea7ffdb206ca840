"""The first thing one reads: which model, how good, how fast, how much worse than its teacher."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from understudy.report.run import Run, teachers_of
from understudy.report.section import Html, duration, percent, tag
from understudy.report.sections.changes import baselines, teacher_of
from understudy.report.sections.models import exported, served
from understudy.report.systems import Group, System


def summary(run: Run, groups: list[Group]) -> Html:
    """A block for each label set."""
    seconds = sum(artifact.manifest.seconds for artifact in run.artifacts)
    steps = f"{len(run.artifacts)} steps, {duration(seconds)} of work in all."
    if not groups:
        return Html(tag("p", f"Nothing was evaluated yet: this page shows what led so far. {escape(steps)}"))
    blocks = "".join(_block(run, group) for group in groups)
    return Html(blocks + tag("p", escape(steps), class_="soft"))


_LEVELS = {
    "exact_match": "exact match: intent and all slots right",
    "intent_accuracy": "intent accuracy",
    "slot_f1": "slot F1",
    "domain_f1": "DC F1: domains, the mean over them",
}
_CHANGES = {
    "exact_match": ("exact_match_error", "exact match error"),
    "intent_accuracy": ("icer", "intent error"),
    "slot_f1": ("slot_error", "slot error"),
    "domain_accuracy": ("domain_f1", "DC F1"),
}
"""What stands for all heads -> the measure whose change the papers report of it, and its name."""


def _block(run: Run, group: Group) -> str:
    system = group.understudy
    macro = group.measures[system.title]["all"]["macro"]
    teacher = teacher_of(run, group.systems)
    export = served(system, exported(run))
    shown = [name for name in _LEVELS if macro[name]["value"] is not None]
    if len(shown) > 1:  # of a model with other heads, domains follow from intents
        shown = [name for name in shown if name != "domain_f1"]
    tiles = [(_level(macro[name]), _LEVELS[name]) for name in shown]
    tiles.append((f"{system.parameters / 1e6:.2f}M", "parameters"))
    if export is not None:
        name = export["served"]
        size = f"{name}, {export['bytes'][name] / 1e6:.1f} MB, one thread"
        tiles.append((f"{export['p50_ms'][name]:.2f} ms", f"an utterance, median ({size})"))
    baseline = teacher or next(iter(baselines(run, group)))
    if baseline is not system:
        tiles.append(_against(group, system, baseline))
    items = "".join(tag("li", tag("b", escape(big)) + tag("span", escape(small))) for big, small in tiles)
    labels = f"labels {group.labels}, {group.train_utterances:,} training utterances"
    asked = f"{len(group.references):,} {group.split} utterances"
    locales = f"{len(group.measures[system.title]['locale'])} locales"
    sentence = _sentence(run, group, system, teacher)
    return (
        tag("h2", f"{escape(system.title)} <small>{escape(labels)}</small>")
        + tag("ul", items, class_="tiles")
        + tag("p", f"{escape(sentence)} Measured on {escape(asked)}, the mean over {escape(locales)}.")
    )


def _level(cell: Mapping[str, Any]) -> str:
    sd = "" if cell["sd"] is None else f" ± {100 * cell['sd']:.1f}"
    return f"{percent(cell['value'], 1)}{sd} %"


def _against(group: Group, system: System, baseline: System) -> tuple[str, str]:
    among = [each for each in group.systems if each.frozen == system.frozen]
    measure, named = _CHANGES[group.measure]
    change = group.against(baseline, among)["changes"][system.title]["measures"]["all"]["macro"][measure]
    if change["relative"] is None:
        return "no change", f"of {named} against {baseline.title}: {change['undefined']}"
    size = system.parameters / baseline.parameters
    smaller = f", {size:.0%} of whose parameters it has" if abs(size - 1) > 0.01 else ""
    p = "" if change["p"] is None else f", p {change['p']:.2g}"
    return f"{percent(change['relative'], 1, '+')} %", f"{named} against {baseline.title}{smaller}{p}"


def _sentence(run: Run, group: Group, system: System, teacher: System | None) -> str:
    """Where the model comes from, how fast it is beside its teacher, and how far the best is ahead."""
    best = max(group.systems, key=group.quality)
    measure = group.measure.replace("_", " ")
    lead = 100 * (group.quality(best) - group.quality(system))
    taught_by = [] if system.encoder is None else teachers_of(system.encoder)
    told = [f"was distilled from {' and then '.join(taught_by)}"] if taught_by else []
    told += [faster] if (faster := _faster(run, system, teacher)) else []
    if best is system or lead < 0.05:  # what is shown has one decimal
        told.append(f"has the best {measure} of {len(group.systems)} models")
        return f"{system.title} {' and '.join(told)}."
    first = f"{system.title} {' and '.join(told)}; the" if told else "The"
    return f"{first} best {measure} is that of {best.title}, {lead:.1f} points more."


def _faster(run: Run, system: System, teacher: System | None) -> str:
    exports = exported(run)
    own, its = served(system, exports), None if teacher is None else served(teacher, exports)
    if own is None or its is None or teacher is system or teacher is None:
        return ""
    return f"answers {_p50(its) / _p50(own):.1f} times as fast as {teacher.title}"


def _p50(export: Any) -> float:
    return float(export["p50_ms"][export["served"]])

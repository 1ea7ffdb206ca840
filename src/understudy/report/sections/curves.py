"""Learning curves out of ``log.jsonl`` and the manifests' ``history``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from understudy.report.axis import axis
from understudy.report.figure import Plot
from understudy.report.kin import kin
from understudy.report.run import ENCODERS, Run
from understudy.report.section import Omitted, Section, grid
from understudy.report.trained import Series, Trained, trained

MOST_POINTS = 120
"""Of a line; more would be lost on the page and weigh on it."""

MOST_LINES = 8
"""In a plot; more models make more plots."""


def curves(run: Run) -> Section | Omitted:
    """The section."""
    title = "Learning curves"
    first = {members[0] for members in kin(run)}
    encoders, tuned = (
        trained(step for step in run.of(*stages) if step.path.name in first)
        for stages in (ENCODERS, ("finetune", "classify"))
    )
    if not encoders and not tuned:
        return Omitted(title, "no model was trained")
    figures: list[str] = []
    for group in _chunks(encoders):
        losses = {each.name: each.losses().get("mlm", []) for each in group}
        figures += _plot("Masked-LM loss in training", "nats a piece", losses)
        perplexity = {each.name: each.history("perplexity") for each in group}
        figures += _plot("Held-out perplexity", "perplexity", perplexity, log=True)
        nouns = {each.name: each.history("nouns") for each in group}
        figures += _plot("Nouns filled in right", "fraction", nouns, low=0)
    for each in encoders:
        if each.teacher:
            parts = {part: points for part, points in each.losses().items() if part != "mlm"}
            figures += _plot(f"{each.name}: learning from {each.teacher}", "loss", parts)
    for group in _chunks(tuned):
        figures += _plot("Fine-tuning loss, its parts added up", "loss", {e.name: _sum(e) for e in group})
        for measure, named in (("exact_match", "exact match"), ("accuracy", "accuracy")):
            course = {each.name: each.history(measure) for each in group}
            figures += _plot(f"Development {named}", "fraction", course, low=0)
    if not figures:
        return Omitted(title, "no log of training has a line yet")
    lead = (
        "Against pieces seen, each step counted with the mean number of pieces of its run; long logs are "
        f"averaged to {MOST_POINTS} points. Of steps that differ by seed or domain alone, the first."
    )
    return Section("curves", title, lead, (grid(figures),))


def _chunks(models: Sequence[Trained]) -> list[Sequence[Trained]]:
    return [models[i : i + MOST_LINES] for i in range(0, len(models), MOST_LINES)]


def _plot(
    title: str, label: str, series: Mapping[str, Series], *, log: bool = False, low: float | None = None
) -> list[str]:
    """The plot of what has points; none where nothing has."""
    shown = {name: points for name, points in series.items() if points}
    if not shown:
        return []
    points = [point for each in shown.values() for point in each]
    ys = [y for _, y in points]
    x_axis = axis("tokens", [0, *(x for x, _ in points)], start=0)
    plot = Plot(x_axis, axis(label, ys, log=log and min(ys) > 0, start=low))
    for index, (name, each) in enumerate(shown.items()):
        plot.line(name, _thinned(each), index, marks=len(each) <= 12)
    told = "; ".join(f"{name} from {each[0][1]:.4g} to {each[-1][1]:.4g}" for name, each in shown.items())
    return [plot.figure(title, told)]


def _sum(model: Trained) -> Series:
    """The parts of the loss together, at the steps that have all."""
    parts = [dict(points) for points in model.losses().values()]
    steps = sorted(set.intersection(*map(set, parts))) if parts else []
    return [(step, sum(part[step] for part in parts)) for step in steps]


def _thinned(points: Series) -> Series:
    """At most :data:`MOST_POINTS`, each the mean of its neighbours."""
    size = -(-len(points) // MOST_POINTS)
    parts = [points[i : i + size] for i in range(0, len(points), size)]
    return [(sum(x for x, _ in part) / len(part), sum(y for _, y in part) / len(part)) for part in parts]

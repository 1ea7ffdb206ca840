"""How everything was made: a box a step, what it read above it, what was made of it below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise

from understudy.core.artifact import Artifact
from understudy.report.figure import figure
from understudy.report.graph import Place, layout, reduced
from understudy.report.kin import kin
from understudy.report.run import Run
from understudy.report.section import Html, Section, amount, duration, percent, tag

BOX_WIDTH, BOX_HEIGHT = 164, 46
_GAP = 34
_ACROSS, _DOWN = BOX_WIDTH + 10, BOX_HEIGHT + _GAP
_EDGE = 5

HUES = {
    "prepare": 4, "similarity": 4, "tokenizer": 4, "encode": 4, "pretrain": 0, "targets": 1, "distill": 1,
    "finetune": 2, "classify": 2, "evaluate": 3, "judge": 3, "export": 3,
}  # fmt: skip
"""The colour of a stage's boxes, others have :data:`_OTHER`; the stage is also written in them."""

_OTHER = 5

_MEASURES = {
    "exact_match": "exact",
    "intent_accuracy": "intent",
    "slot_f1": "slot F1",
    "domain_accuracy": "domain",
}
"""What is told of a model that was fine-tuned or evaluated: the first that it has heads for."""


def lineage(run: Run) -> Section:
    """The section."""
    groups = kin(run)
    first = {member: members[0] for members in groups for member in members}
    edges = reduced(
        {
            members[0]: list(
                dict.fromkeys(first[s.path.name] for name in members for s in run.inputs(run.steps[name]))
            )
            for members in groups
        }
    )
    places, lanes = layout(edges)
    left = min(x for x, _ in places.values())
    width = round((max(x for x, _ in places.values()) - left + 1) * _ACROSS)
    height = (max(row for _, row in places.values()) + 1) * _DOWN - _GAP + 2 * _EDGE

    def corner(place: Place) -> tuple[float, float]:
        return round((place[0] - left) * _ACROSS, 1) + _EDGE, place[1] * _DOWN + _EDGE

    def line(source: str, name: str) -> str:
        (x1, y1), (x2, y2) = corner(places[source]), corner(places[name])
        half = BOX_WIDTH / 2
        through = [(x1 + half, y1 + BOX_HEIGHT), (x2 + half, y2)]
        for lane in lanes[source, name]:
            x, y = corner(lane)
            through[-1:-1] = [(x + half, y), (x + half, y + BOX_HEIGHT)]
        return _line(through)

    lines = "".join(line(source, name) for name, sources in edges.items() for source in sources)
    boxes = "".join(
        _box([run.steps[name] for name in members], corner(places[members[0]])) for members in groups
    )
    told = "; ".join(f"{name} from {', '.join(sources)}" for name, sources in edges.items() if sources)
    caption = "Steps, and what each was made from"
    drawing = figure(caption, told, lines + boxes, size=(width, height))
    lead = (
        "From top to bottom. Each box names a step, its stage, its headline number and its cost, and "
        "leads to its record. Steps that differ by seed or domain alone are one box (×), with their mean; "
        "a line is left out where a longer way leads."
    )
    shown = tag(
        "div", drawing, class_="scroll lineage", style=f"--natural: {width}px", tabindex=0, role="region",
        aria_label=caption,
    )  # fmt: skip
    return Section("lineage", "How it was made", lead, (Html(shown),))


def headline(*artifacts: Artifact) -> str:
    """The number one would ask for first; the mean of several artifacts of one stage."""
    found = [each for each in map(_headline, artifacts) if each is not None]
    return found[0][0](sum(value for _, value in found) / len(found)) if found else ""


def _headline(artifact: Artifact) -> tuple[Callable[[float], str], float] | None:
    numbers, stage = artifact.numbers, artifact.manifest.stage
    if stage == "prepare" and "train" in numbers:
        return lambda value: f"{amount(value)} rows", numbers["train"]["rows"]
    if stage == "encode" and "train" in numbers:
        return lambda value: f"{amount(value)} tokens", numbers["train"]["tokens"]
    if stage == "tokenizer" and "vocabulary" in numbers:
        return lambda value: f"{amount(value)} pieces", numbers["vocabulary"]
    if numbers.get("perplexity") is not None:
        return lambda value: f"perplexity {value:.4g}", numbers["perplexity"]
    measures = numbers.get("best" if stage == "finetune" else "macro") or {}
    measure = next((each for each in _MEASURES if measures.get(each) is not None), None)
    if measure is not None:
        name = ("dev " if stage == "finetune" else "") + _MEASURES[measure]
        return lambda value: f"{name} {percent(value, 1)} %", measures[measure]
    if stage == "judge" and numbers.get("mean") is not None:
        return lambda value: f"accuracy {percent(value, 1)} %", numbers["mean"]
    if stage == "export" and "p50_ms" in numbers:
        served = numbers["served"]
        return lambda value: f"{served} {value:.2f} ms", numbers["p50_ms"][served]
    return None


def anchor(artifact: Artifact) -> str:
    """Where the step's record stands in the page."""
    return f"step-{artifact.path.name}"


def _line(through: Sequence[tuple[float, float]]) -> str:
    """A line from the foot of a box to the head of another, through points on its way."""
    path = f"M{through[0][0]:.0f},{through[0][1]:.0f}"
    for (x1, y1), (x2, y2) in pairwise(through):
        middle = (y1 + y2) / 2
        path += f"C{x1:.0f},{middle:.0f} {x2:.0f},{middle:.0f} {x2:.0f},{y2:.0f}"
    return tag("path", class_="edge", d=path)


def _box(steps: Sequence[Artifact], corner: tuple[float, float]) -> str:
    x, y = corner
    stage, name = steps[0].manifest.stage, steps[0].path.name
    number, cost = headline(*steps), duration(sum(step.manifest.seconds for step in steps))
    kind = f"{stage} × {len(steps)}" if len(steps) > 1 else stage
    names = ", ".join(step.path.name for step in steps)
    inside = (
        tag("title", escape(f"{names}: {kind}, {number or 'no number'}, {cost}"))
        + tag("rect", class_="box", x=x, y=y, width=BOX_WIDTH, height=BOX_HEIGHT, rx=5)
        + tag("rect", class_=f"stripe c{HUES.get(stage, _OTHER)}", x=x, y=y, width=5, height=BOX_HEIGHT, rx=2)
        + tag("text", escape(_short(name, 20)), x=x + 12, y=y + 15, class_="strong")
        + tag("text", escape(kind), x=x + 12, y=y + 28, class_="soft small")
        + tag(
            "text",
            escape(_short("  ".join(filter(None, (number, cost))), 28)),
            x=x + 12,
            y=y + 40,
            class_="small",
        )
    )
    return tag("a", inside, href=f"#{anchor(steps[0])}")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"

"""A graph on paper: what comes first stands on top, and lines go around the boxes they do not belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Edges = Mapping[str, Sequence[str]]
"""Node -> the nodes it depends on; every node is a key, and there is no cycle."""

Place = tuple[float, int]
"""Across and down, in boxes."""

_SWEEPS = 8
_LANE = 0.22
"""How wide, in boxes, a line is that passes through a row."""


def reduced(edges: Edges) -> dict[str, list[str]]:
    """The same graph without the lines that a longer way implies."""
    above: dict[str, set[str]] = {}

    def ancestors(name: str) -> set[str]:
        if name not in above:
            above[name] = set(edges[name]).union(*(ancestors(source) for source in edges[name]))
        return above[name]

    return {
        name: [
            source
            for source in sources
            if not any(source in ancestors(other) for other in sources if other != source)
        ]
        for name, sources in edges.items()
    }


def layout(edges: Edges) -> tuple[dict[str, Place], dict[tuple[str, str], list[Place]]]:
    """Rows by depth, and in each an order in which few lines cross.

    A line that spans several rows takes a lane in those between (Sugiyama et al. 1981), and rows are ordered
    by the mean place of their neighbours, downwards and upwards in turns.

    Returns:
        Places of the nodes, and of each line (source, target) the places it goes through, its ends left out.
    """
    depths = _depths(edges)
    rows: list[list[str]] = [[] for _ in range(max(depths.values(), default=-1) + 1)]
    above: dict[str, list[str]] = {name: [] for name in edges}
    for name in edges:
        rows[depths[name]].append(name)
    lanes: dict[tuple[str, str], list[str]] = {}
    for name, sources in edges.items():
        for source in sources:
            last = source
            for depth in range(depths[source] + 1, depths[name]):
                lane = f"{source}\0{name}\0{depth}"
                rows[depth].append(lane)
                above[lane] = [last]
                lanes.setdefault((source, name), []).append(lane)
                last = lane
            above[name].append(last)
    places = _ordered(rows, above, set(edges))
    ends = {lane: (places[lane], depth) for depth, row in enumerate(rows) for lane in row}
    return (
        {name: ends[name] for name in edges},
        {
            (source, name): [ends[lane] for lane in lanes.get((source, name), [])]
            for name, sources in edges.items()
            for source in sources
        },
    )


def _depths(edges: Edges) -> dict[str, int]:
    depths: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in depths:
            depths[name] = 1 + max((depth(source) for source in edges[name]), default=-1)
        return depths[name]

    for name in edges:
        depth(name)
    return depths


def _ordered(rows: list[list[str]], above: Mapping[str, Sequence[str]], boxes: set[str]) -> dict[str, float]:
    """Where each box and lane stands across; rows are centred on each other."""
    below: dict[str, list[str]] = {name: [] for name in above}
    for name, sources in above.items():
        for source in sources:
            below[source].append(name)

    def across(row: Sequence[str]) -> dict[str, float]:
        widths = [1.0 if name in boxes else _LANE for name in row]
        start = -sum(widths) / 2
        return {
            name: start + sum(widths[:i]) + width / 2
            for i, (name, width) in enumerate(zip(row, widths, strict=True))
        }

    place = {name: x for row in rows for name, x in across(row).items()}
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        beside: Mapping[str, Sequence[str]] = above if downwards else below
        for row in rows if downwards else reversed(rows):
            means = {name: _mean([place[other] for other in beside[name]], place[name]) for name in row}
            row.sort(key=means.__getitem__)
            place |= across(row)
    return place


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise

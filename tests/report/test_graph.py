"""Pictures of graphs: what comes first is on top, boxes do not overlap, and no line is lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from understudy.report.graph import layout, reduced

CHAIN = {"text": [], "tokenizer": ["text"], "shards": ["text", "tokenizer"], "model": ["shards", "text"]}


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    names = [f"n{i}" for i in range(draw(st.integers(1, 12)))]
    return {
        name: draw(st.lists(st.sampled_from(names[:i]), unique=True)) if i else []
        for i, name in enumerate(names)
    }


def reachable(edges: dict[str, list[str]], name: str) -> set[str]:
    found = set(edges[name])
    for source in edges[name]:
        found |= reachable(edges, source)
    return found


def test_a_line_that_a_longer_way_implies_is_left_out() -> None:
    assert reduced(CHAIN) == {
        "text": [],
        "tokenizer": ["text"],
        "shards": ["tokenizer"],
        "model": ["shards"],
    }


@given(graphs())
def test_reduction_keeps_what_leads_where_and_not_a_line_too_many(edges: dict[str, list[str]]) -> None:
    less = reduced(edges)
    for name in edges:
        assert reachable(less, name) == reachable(edges, name)
        for source in less[name]:
            without = {**less, name: [other for other in less[name] if other != source]}
            assert source not in reachable(without, name)


@given(graphs())
def test_rows_are_depths_and_boxes_stand_apart(edges: dict[str, list[str]]) -> None:
    places, lanes = layout(edges)
    assert set(places) == set(edges)
    for name, sources in edges.items():
        row = places[name][1]
        assert row == 1 + max((places[source][1] for source in sources), default=-1)
        for source in sources:
            between = [lane[1] for lane in lanes[source, name]]
            assert between == list(range(places[source][1] + 1, row))
    assert set(lanes) == {(source, name) for name, sources in edges.items() for source in sources}
    for row in {row for _, row in places.values()}:
        across = sorted(x for x, of in places.values() if of == row)
        assert all(right - left >= 1 - 1e-9 for left, right in pairwise(across))
        # A lane runs beside the boxes, never behind one.
        for lane in (x for each in lanes.values() for x, of in each if of == row):
            assert all(abs(lane - x) > 0.5 for x in across)


def test_neighbours_follow_each_other_so_that_lines_do_not_cross() -> None:
    places, _ = layout({"a": [], "b": [], "of-b": ["b"], "of-a": ["a"]})
    assert (places["a"][0] < places["b"][0]) == (places["of-a"][0] < places["of-b"][0])

"""Plots: values stand where they belong, nothing leaves the drawing, and all of it is told in words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.report.axis import axis
from understudy.report.figure import HEIGHT, WIDTH, Plot, legend
from understudy.report.section import amount, duration, percent, tag


@pytest.mark.parametrize(
    ("values", "options", "ticks"),
    [
        ([0, 100], {"start": 0, "end": 100}, ["0", "20", "40", "60", "80", "100"]),
        ([3.1, 4.9], {}, ["3", "3.5", "4", "4.5", "5"]),
        ([0, 800_000], {"start": 0, "end": 800_000}, ["0", "200k", "400k", "600k", "800k"]),
        ([0, 3e6], {"start": 0, "end": 3e6}, ["0", "1M", "2M", "3M"]),
        ([1, 1000], {"log": True}, ["1", "3", "10", "30", "100", "300", "1000"]),
        ([0.19, 0.63], {"log": True}, ["0.2", "0.5"]),
    ],
)
def test_ticks_are_round_numbers(values: list[float], options: dict, ticks: list[str]) -> None:
    assert [text for _, text in axis("x", values, **options).ticks] == ticks


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20))
def test_a_linear_axis_holds_its_values(values: list[float]) -> None:
    made = axis("x", values)
    assert all(-1e-9 <= made.place(value) <= 1 + 1e-9 for value in values)
    assert all(made.low <= value <= made.high for value, _ in made.ticks)
    assert len(made.ticks) <= 8
    if min(values) >= 0:
        assert made.low >= 0  # no axis says that less than nothing could be


@given(st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=20))
def test_a_logarithmic_axis_holds_its_values_and_names_some(values: list[float]) -> None:
    made = axis("x", values, log=True)
    assert all(0 <= made.place(value) <= 1 for value in values)
    assert made.ticks


def drawn(figure: str) -> ElementTree.Element:
    return ElementTree.fromstring(figure)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(-1e3, 1e3)), min_size=1, max_size=30))
def test_every_point_is_within_the_drawing_and_in_order(points: list[tuple[float, float]]) -> None:
    plot = Plot(axis("x", [x for x, _ in points]), axis("y", [y for _, y in points]))
    plot.line("ours", points, 7)
    for x, y in points:
        plot.dot((x, y), 3, "told", label="a label that is long")
    svg = drawn(plot.figure("t", "d"))
    (line,) = svg.iter("polyline")
    places = [tuple(map(float, place.split(","))) for place in line.attrib["points"].split()]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    for label in (each for each in svg.iter("text") if each.get("class") == "label halo"):
        assert float(label.attrib["x"]) >= 0 and float(label.attrib["x"]) + 6.2 * 20 <= WIDTH


def test_a_larger_value_stands_higher_and_a_later_one_further_right() -> None:
    plot = Plot(axis("x", [1, 2]), axis("y", [5, 9]))
    (x1, y1), (x2, y2) = plot.at((1, 5)), plot.at((2, 9))
    assert x1 < x2 and y1 > y2


def test_labels_do_not_cover_each_other_or_points() -> None:
    plot = Plot(axis("x", [0, 1]), axis("y", [0, 1]))
    for i in range(40):
        plot.dot((i / 40, i / 40), 0, "p", label=f"label {i}")
    svg = drawn(plot.figure("t", "d"))
    boxes = [
        (float(each.attrib["x"]), float(each.attrib["y"]), 6.2 * len(each.text or ""))
        for each in svg.iter("text")
        if each.get("class") == "label halo"
    ]
    assert 0 < len(boxes) <= 40
    for i, (x, y, width) in enumerate(boxes):
        for other_x, other_y, other_width in boxes[i + 1 :]:
            assert x + width <= other_x or other_x + other_width <= x or abs(y - other_y) >= 12


def test_a_figure_is_named_and_described_and_its_series_differ_without_colour() -> None:
    plot = Plot(axis("x", [0, 1]), axis("y", [0, 1]))
    for index in range(12):
        plot.line(f"<{index}>", [(0, 0), (1, index / 12)], index)
    figure = plot.figure("A & B", "what is <seen>")
    root = drawn(figure)
    main = root.findall("svg")[-1]
    assert main.findtext("title") == "A & B"
    assert main.findtext("desc") == "what is <seen>"
    assert main.get("role") == "img" and "what is" in str(main.get("aria-label"))
    looks = set()
    lines = list(main.iter("polyline"))
    marks = [each for each in main.iter("path") if str(each.get("class")).startswith("mark")]
    for i, line in enumerate(lines):
        looks.add((marks[2 * i].get("d"), line.get("stroke-dasharray")))
    assert len(looks) == 12


def test_an_attribute_cannot_be_left() -> None:
    made = tag("a", "x", href='"><script>', class_=None, stroke_dasharray="1 2")
    assert made == '<a href="&quot;&gt;&lt;script&gt;" stroke-dasharray="1 2">x</a>'
    assert legend([]) == ""


def test_numbers_are_written_to_be_read() -> None:
    assert [duration(s) for s in (0.04, 12.4, 192, 7200)] == ["0.0 s", "12 s", "3.2 min", "2.0 h"]
    assert [amount(n) for n in (7, 45_000, 3_600_000, 2.3e9)] == ["7", "45,000", "3.60M", "2.30B"]
    assert [percent(v) for v in (None, 0.1234)] == ["none", "12.34"]
    assert re.fullmatch(r"\+1\.1", percent(0.0106, 1, "+"))

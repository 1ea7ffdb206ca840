"""A plot as inline SVG: it opens offline, takes the page's colours, and is told to those who cannot see it.

Series differ by colour, by the shape of their points and, beyond six, by dashes, so colour is never alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from understudy.report.axis import Axis
from understudy.report.section import tag

WIDTH, HEIGHT = 460, 300
"""Of the drawing; a phone shows it at three quarters, at which the text can still be read."""

LEFT, RIGHT, TOP, BOTTOM = 52, 14, 26, 44

COLOURS = 6
"""As many as the page's style sheet has."""

_SHAPES = (
    "M-1,0a1,1 0 1,0 2,0a1,1 0 1,0 -2,0",
    "M-1,-1h2v2h-2z",
    "M0,-1.3l1.2,2.2h-2.4z",
    "M0,-1.4l1.4,1.4l-1.4,1.4l-1.4,-1.4z",
    "M0,1.3l1.2,-2.2h-2.4z",
    "M-1.3,-.5h2.6v1h-2.6z",
)
"""Circle, square, triangle, diamond, triangle on its tip, bar: of size 1 around the origin."""

_DASHES = (None, "7 4", "2 3")

_LETTER = 6.2
"""About as wide as a letter of a label is."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]


def mark(x: float, y: float, index: int, told: str = "", size: float = 4) -> str:
    """A point in the shape and colour of a series, with a text that the pointer brings up."""
    inside = tag("title", escape(told)) if told else ""
    place = f"translate({x:.1f} {y:.1f}) scale({size:.1f})"
    kind = index % COLOURS
    return tag("path", inside, class_=f"mark c{kind}", d=_SHAPES[kind], transform=place)


def swatch(index: int, line: bool = True) -> str:
    """A series as the legend shows it."""
    stroke = tag("path", class_=f"line c{index % COLOURS}", d="M0,7h26", stroke_dasharray=_dash(index))
    inside = (stroke if line else "") + mark(13, 7, index)
    return tag("svg", inside, class_="swatch", viewBox="0 0 26 14", aria_hidden="true")


def legend(names: Sequence[tuple[int, str]], line: bool = True) -> str:
    """What the series are called, as a list beside the drawing."""
    items = "".join(tag("li", f"{swatch(index, line)} {escape(name)}") for index, name in names)
    return tag("ul", items, class_="legend") if items else ""


def figure(
    title: str, told: str, drawing: str, *, size: tuple[int, int] = (WIDTH, HEIGHT), over: str = ""
) -> str:
    """A drawing with its caption.

    Args:
        title: the caption.
        told: what the drawing shows, in words.
        drawing: what stands in the ``svg`` element.
        size: of the drawing.
        over: markup between caption and drawing, such as a legend.
    """
    svg = tag(
        "svg",
        tag("title", escape(title)) + tag("desc", escape(told)) + drawing,
        viewBox=f"0 0 {size[0]} {size[1]}",
        role="img",
        aria_label=f"{title}. {told}",
    )
    return tag("figure", tag("figcaption", escape(title)) + over + svg)


class Plot:
    """Two axes and what is drawn between them."""

    def __init__(self, x: Axis, y: Axis, height: int = HEIGHT) -> None:
        self.x, self.y, self.height = x, y, height
        self._parts = [self._frame()]
        self._legend: list[tuple[int, str]] = []
        self._lines = False
        self._labels: list[tuple[float, float, float, str]] = []
        self._taken: list[Box] = []

    def at(self, point: Point) -> Point:
        """Where a point of the data stands in the drawing."""
        across = LEFT + self.x.place(point[0]) * (WIDTH - LEFT - RIGHT)
        down = self.height - BOTTOM - self.y.place(point[1]) * (self.height - TOP - BOTTOM)
        return across, down

    def line(self, name: str, points: Iterable[Point], index: int, marks: bool = True) -> None:
        """A named series through points, in the order of x."""
        ordered = sorted(points)
        places = [self.at(point) for point in ordered]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dash = _dash(index)
        self._parts.append(
            tag("polyline", class_=f"line c{index % COLOURS}", points=path, stroke_dasharray=dash)
        )
        shown = zip(ordered, places, strict=True) if marks or len(ordered) == 1 else ()
        for value, (x, y) in shown:
            self._parts.append(mark(x, y, index, f"{name}: {value[0]:,.4g}, {value[1]:.4g}", 3))
        self._legend.append((index, name))
        self._lines = True

    def dot(self, point: Point, index: int, told: str, label: str = "", size: float = 5) -> None:
        """A point; ``told`` is what the pointer brings up, ``label`` stands beside it if there is room."""
        x, y = self.at(point)
        self._parts.append(mark(x, y, index, told, size))
        self._taken.append((x - size, y - size, x + size, y + size))
        if label:
            self._labels.append((x, y, size, label))

    def _label(self, x: float, y: float, size: float, label: str) -> str:
        """The label on the first side of its point where it covers nothing; without room it is left out."""
        width = _LETTER * len(label)
        room = size + 4
        for left, middle in (
            (x + room, y), (x - room - width, y), (x - width / 2, y - room - 4), (x - width / 2, y + room + 4)
        ):  # fmt: skip
            box = (left, middle - 6, left + width, middle + 6)
            if box[0] < LEFT or box[2] > WIDTH or any(_overlap(box, other) for other in self._taken):
                continue
            self._taken.append(box)
            return tag("text", escape(label), class_="label halo", x=f"{left:.1f}", y=f"{middle + 4:.1f}")
        return ""

    def name(self, index: int, name: str) -> None:
        """Put a series of single points into the legend."""
        self._legend.append((index, name))

    def stretch(self, one: Point, other: Point, kind: str = "level", text: str = "") -> None:
        """A straight line between two points of the data; its text stands over the second."""
        (x1, y1), (x2, y2) = self.at(one), self.at(other)
        ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
        self._parts.append(tag("line", class_=kind, **ends))
        if text:
            width = _LETTER * len(text) * 1.15
            self._taken.append((x2 - width, y2 - 17, x2, y2))
            self._parts.append(
                tag(
                    "text",
                    escape(text),
                    x=f"{x2:.1f}",
                    y=f"{y2 - 5:.1f}",
                    text_anchor="end",
                    class_="soft halo",
                )
            )

    def level(self, name: str, value: float) -> None:
        """A named horizontal line."""
        self.stretch((self.x.low, value), (self.x.high, value), text=name)

    def figure(self, title: str, told: str) -> str:
        """The plot with its caption and legend."""
        over = legend(self._legend, self._lines)
        labels = [self._label(*each) for each in self._labels]
        return figure(title, told, "".join([*self._parts, *labels]), size=(WIDTH, self.height), over=over)

    def _frame(self) -> str:
        bottom = self.height - BOTTOM
        parts = []
        for value, text in self.y.ticks:
            _, y = self.at((self.x.low, value))
            parts.append(tag("path", class_="rule", d=f"M{LEFT},{y:.1f}H{WIDTH - RIGHT}"))
            parts.append(tag("text", escape(text), x=LEFT - 7, y=f"{y + 4:.1f}", text_anchor="end"))
        for value, text in self.x.ticks:
            x, _ = self.at((value, self.y.low))
            parts.append(tag("path", class_="rule", d=f"M{x:.1f},{bottom}v4"))
            parts.append(tag("text", escape(text), x=f"{x:.1f}", y=bottom + 18, text_anchor="middle"))
        parts.append(tag("path", class_="axis", d=f"M{LEFT},{bottom}H{WIDTH - RIGHT}"))
        middle = (LEFT + WIDTH - RIGHT) / 2
        parts.append(
            tag(
                "text", escape(self.x.label), x=middle, y=self.height - 7, text_anchor="middle", class_="soft"
            )
        )
        parts.append(tag("text", escape(self.y.label), x=4, y=13, class_="soft"))
        return "".join(parts)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _dash(index: int) -> str | None:
    return _DASHES[index // COLOURS % len(_DASHES)]

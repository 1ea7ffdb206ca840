"""Line charts as inline SVG: they open offline, and take the page's colours in light and dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 640, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 120, 16, 44

Points = Sequence[tuple[float, float]]


def line_chart(
    title: str, x_label: str, y_label: str, series: Mapping[str, Points], levels: Mapping[str, float]
) -> str:
    """A chart with a logarithmic x axis.

    Args:
        title: read out by screen readers, and shown as the caption.
        series: named lines through points, at least one point in all; x > 0.
        levels: named horizontal lines, dashed.
    """
    xs = [math.log(x) for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points] + list(levels.values())
    low, high = min(ys), max(ys)
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    low, high = low - room, high + room

    def across(x: float) -> float:
        span = max(xs) - min(xs) or 1.0
        return _LEFT + (math.log(x) - min(xs)) / span * (WIDTH - _LEFT - _RIGHT)

    def down(y: float) -> float:
        return HEIGHT - _BOTTOM - (y - low) / (high - low) * (HEIGHT - _TOP - _BOTTOM)

    places = sorted({x for points in series.values() for x, _ in points})
    parts = [_axis(across(x), f"{x:,.0f}") for x in places]
    for i in range(4):
        value = low + room + (high - low - 2 * room) * i / 3
        parts.append(_across("grid", down(value)))
        parts.append(f'<text x="{_LEFT - 8}" y="{down(value) + 4:.1f}" text-anchor="end">{value:.4g}</text>')
    for name, level in levels.items():
        parts.append(_across("level", down(level)))
        parts.append(f'<text x="{WIDTH - _RIGHT + 8}" y="{down(level) + 4:.1f}">{escape(name)}</text>')
    for name, points in series.items():
        line = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in sorted(points))
        x, y = max(points)
        parts.append(f'<polyline class="line" points="{line}"/>')
        parts.append(f'<text x="{across(x) + 8:.1f}" y="{down(y) + 4:.1f}">{escape(name)}</text>')
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_label)}</text>')
    parts.append(f'<text x="12" y="{_TOP - 4}">{escape(y_label)}</text>')
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg><figcaption>{escape(title)}</figcaption></figure>"
    )


def _across(kind: str, y: float) -> str:
    return f'<line class="{kind}" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _axis(x: float, label: str) -> str:
    y = HEIGHT - _BOTTOM
    return (
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{y}"/>'
        f'<text x="{x:.1f}" y="{y + 16}" text-anchor="middle">{escape(label)}</text>'
    )

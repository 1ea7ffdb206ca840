"""Draws the figures of the documentation: ``python docs/plots.py`` writes them beside itself.

Curves come from the code that trains; the papers' figures are written here once more by hand, as dots, so
that a figure shows whether both agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from understudy.core.recipe.optimization import Optimization
from understudy.training.schedule import learning_rate

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 300, 70, 34, 16, 40
COLOURS = ("#1f6f8b", "#c8553d", "#5b8c5a", "#7d5ba6", "#b58900")
POINTS = 240


@dataclass(frozen=True)
class Curve:
    """A schedule of the papers."""

    name: str
    steps: int
    settings: Optimization
    hidden: int
    stated: Sequence[tuple[int, float]]
    """Step (1 is the first) and rate as the papers' tables say them."""


def pretraining() -> list[Curve]:
    """Paper A table 7; the 9.3B model stops before its decay ends."""

    def settings(peak: float, warmup: int, shape: str, decay: int) -> Optimization:
        return Optimization(
            learning_rate=peak,
            minimum_learning_rate=1e-5,
            warmup_steps=warmup,
            warmup_shape=shape,
            decay_steps=decay,
        )

    last = 1e-5 + (1.4e-4 - 1e-5) * (1 - 560 / 600)
    return [
        Curve("700M", 600_000, settings(1e-3, 1_000, "exponential", 500_000), 1536,
              [(1_000, 1e-3), (251_000, (1e-3 + 1e-5) / 2), (501_000, 1e-5), (600_000, 1e-5)]),
        Curve("2.3B", 950_000, settings(1.5e-4, 5_000, "exponential", 500_000), 2560,
              [(5_000, 1.5e-4), (255_000, (1.5e-4 + 1e-5) / 2), (505_000, 1e-5), (950_000, 1e-5)]),
        Curve("9.3B", 570_000, settings(1.4e-4, 10_000, "linear", 600_000), 4096,
              [(5_000, 0.7e-4), (10_000, 1.4e-4), (310_000, (1.4e-4 + 1e-5) / 2), (570_000, last)]),
    ]  # fmt: skip


def distillation() -> list[Curve]:
    """Paper A table 6: Noam for the base models, LAMB with linear decay for the others."""

    def settings(peak: float, warmup: int, decay: int) -> Optimization:
        return Optimization(
            optimizer="lamb", learning_rate=peak, minimum_learning_rate=1e-5, warmup_steps=warmup,
            warmup_shape="exponential", decay_steps=decay,
        )  # fmt: skip

    noam = Optimization(learning_rate=0.5, schedule="noam", warmup_steps=3_250)
    return [
        Curve("base teacher, Noam", 40_000, noam, 768,
              [(3_250, 0.5 * 768**-0.5 * 3_250**-0.5), (13_000, 0.5 * 768**-0.5 * 13_000**-0.5),
               (40_000, 0.5 * 768**-0.5 * 40_000**-0.5)]),
        Curve("17M distillation", 200_000, settings(1e-3, 500, 195_000), 768,
              [(500, 1e-3), (98_000, (1e-3 + 1e-5) / 2), (195_500, 1e-5), (200_000, 1e-5)]),
        Curve("170M, Stage 2", 360_000, settings(2e-4, 10_000, 250_000), 1024,
              [(10_000, 2e-4), (135_000, (2e-4 + 1e-5) / 2), (260_000, 1e-5), (360_000, 1e-5)]),
    ]  # fmt: skip


def shapes() -> list[Curve]:
    """Every shape over one run of 1,000 steps, peak 1, floor 0.05, 200 steps of warm-up."""

    def settings(**given: object) -> Optimization:
        return Optimization(
            **{"learning_rate": 1.0, "minimum_learning_rate": 0.05, "warmup_steps": 200} | given
        )

    return [
        Curve("linear", 1000, settings(), 1, [(100, 0.5), (200, 1.0), (601, 0.525)]),
        Curve("cosine", 1000, settings(schedule="cosine"), 1, [(401, 0.05 + 0.95 * (1 + 0.5**0.5) / 2)]),
        Curve("exponential warm-up, constant", 1000,
              settings(warmup_shape="exponential", schedule="constant"), 1, [(100, 0.05**0.5), (800, 1.0)]),
        Curve("Noam", 1000, settings(schedule="noam", learning_rate=200**0.5), 1, [(200, 1.0), (800, 0.5)]),
    ]  # fmt: skip


FIGURES: dict[str, tuple[str, Callable[[], list[Curve]]]] = {
    "schedules-shapes.svg": ("Shapes", shapes),
    "schedules-pretraining.svg": ("Pretraining, paper A table 7", pretraining),
    "schedules-distillation.svg": ("Distillation, paper A table 6", distillation),
}


def draw(title: str, curves: Sequence[Curve]) -> str:
    """One figure: rate over steps, curves from the code, dots from the papers."""
    longest = max(curve.steps for curve in curves)
    rates = [[_rate(curve, step) for step in _steps(curve.steps)] for curve in curves]
    highest = max(map(max, rates))
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(step: float, rate: float) -> str:
        return f"{LEFT + across * step / longest:.1f},{TOP + down * (1 - rate / highest):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" fill="#333">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="20" font-size="14" font-weight="bold">{title}</text>',
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = LEFT + across * share, TOP + down * (1 - share)
        parts += [
            f'<path d="M{LEFT} {y:.1f}h{across}" stroke="#ddd"/>',
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{highest * share:.3g}</text>',
            f'<text x="{x:.1f}" y="{HEIGHT - 20}" text-anchor="middle">{longest * share:,.0f}</text>',
        ]
    parts.append(f'<text x="{LEFT + across / 2}" y="{HEIGHT - 4}" text-anchor="middle">step</text>')
    for number, (curve, values) in enumerate(zip(curves, rates, strict=True)):
        colour, y = COLOURS[number], TOP + 12 + 18 * number
        line = " ".join(place(step + 1, rate) for step, rate in zip(_steps(curve.steps), values, strict=True))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for step, rate in curve.stated:
            x, height = place(step, rate).split(",")
            parts.append(
                f'<circle cx="{x}" cy="{height}" r="4" fill="white" stroke="{colour}" stroke-width="2"/>'
            )
        parts += [
            f'<path d="M{WIDTH - 250} {y}h24" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{WIDTH - 220}" y="{y + 4}">{curve.name}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _steps(steps: int) -> list[int]:
    """Steps to draw, the first dense, since that is where warm-ups are."""
    even = {round(i * (steps - 1) / POINTS) for i in range(POINTS + 1)}
    early = {round(i * (steps - 1) / 20 / 40) for i in range(41)}
    return sorted(even | early)


def _rate(curve: Curve, step: int) -> float:
    return learning_rate(step, curve.steps, curve.settings, curve.hidden)


def main() -> None:
    """Write every figure."""
    for name, (title, curves) in FIGURES.items():
        Path(__file__).with_name(name).write_text(draw(title, curves()), encoding="utf-8")


if __name__ == "__main__":
    main()

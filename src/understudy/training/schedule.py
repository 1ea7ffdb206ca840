"""Learning rate over the steps: warm-up, then decay to a floor (paper A tables 6 and 7)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Optimization


def learning_rate(step: int, steps: int, settings: Optimization, hidden: int = 1) -> float:
    """The rate of the 0-based optimizer step ``step`` of ``steps``.

    With w warm-up steps, peak p, floor f and d decay steps, at t = step + 1:

    - linear warm-up: p t / w; exponential: f (p / f)^(t / w)
    - linear decay, with s = min(1, (step - w) / d): f + (p - f) (1 - s)
    - cosine decay: f + (p - f) (1 + cos(pi s)) / 2
    - Noam: p hidden^-0.5 min(t^-0.5, t w^-1.5)

    Args:
        hidden: the encoder's width, for Noam.
    """
    peak = settings.learning_rate
    floor = min(settings.minimum_learning_rate, peak)
    warmup = settings.warmup_steps
    if warmup is None:
        warmup = round(settings.warmup * steps)
    at = step + 1
    if settings.schedule == "noam":
        return float(peak * hidden**-0.5 * min(at**-0.5, at * max(1, warmup) ** -1.5))
    if step < warmup:
        if settings.warmup_shape == "exponential":
            return float(floor * (peak / floor) ** (at / warmup))
        return peak * at / warmup
    share = min(1.0, (step - warmup) / max(1, settings.decay_steps or steps - warmup))
    if settings.schedule == "constant":
        return peak
    if settings.schedule == "cosine":
        return floor + (peak - floor) * (1 + math.cos(math.pi * share)) / 2
    return floor + (peak - floor) * (1.0 - share)

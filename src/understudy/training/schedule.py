"""Learning rate over the steps: linear warm-up, linear decay to a floor (paper A table 7)."""

from __future__ import annotations

from understudy.core.recipe.model_steps import Optimization


def learning_rate(step: int, steps: int, settings: Optimization) -> float:
    """The rate of the 0-based optimizer step ``step`` of ``steps``."""
    warmup = round(settings.warmup * steps)
    peak = settings.learning_rate
    floor = min(settings.minimum_learning_rate, peak)
    if step < warmup:
        return peak * (step + 1) / warmup
    share = (step - warmup) / max(1, steps - warmup)
    return floor + (peak - floor) * (1.0 - share)

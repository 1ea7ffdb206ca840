"""The largest model that trains in a device's memory."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from gpu.trial import Trial, attempt
from understudy.model.cost import GIB


def largest(trial: Trial, limit: float, seconds: float) -> dict[str, Any]:
    """Layers as wide as the trial's are added or taken away until one more does not train."""
    end = time.perf_counter() + seconds

    def deep(layers: int) -> Trial:
        return replace(trial, config=replace(trial.config, layers=layers))

    def trains(layers: int) -> dict[str, Any] | None:
        # A CPU swaps rather than refuses: there the plan is the judge.
        if trial.device.type == "cpu" and deep(layers).plan() > limit:
            return None
        result = attempt(deep(layers), 1, 0.0, None)
        return result if isinstance(result, dict) else None

    layers = next((n for n in range(200, 1, -1) if deep(n).plan() <= limit), 1)
    planned, best = layers, None
    while time.perf_counter() < end and 0 < layers < 400:
        result = trains(layers)
        if result is not None:
            best, layers = (layers, result), layers + 1
        elif best is not None:
            break
        else:
            layers -= 1
    if best is None:
        return {"find_largest": "nothing trained in the time", "planned_layers": planned}
    config = deep(best[0]).config
    return {
        "find_largest": True, "hidden": config.hidden, "layers": best[0], "planned_layers": planned,
        "parameters": config.total_parameters, "encoder_parameters": config.encoder_parameters,
        "device_gib": round(limit / GIB, 2), **best[1],
    }  # fmt: skip

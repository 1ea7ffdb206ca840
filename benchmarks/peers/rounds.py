"""Contestants in turns, and what came of it."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable, Mapping
from typing import Any

import torch


def medians(contestants: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Each one's median rate over the rounds, in which they take turns."""
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds):
        for name, contestant in contestants.items():
            rates[name].append(contestant())
            print(
                f"round {turn + 1} of {rounds}: {name} {rates[name][-1]:,.1f}/s", file=sys.stderr, flush=True
            )
    return {name: statistics.median(values) for name, values in rates.items()}


def report(medians: Mapping[str, float], unit: str, about: Mapping[str, Any], *, as_json: bool) -> None:
    """The first is ours; the others stand beside it with how many times as fast ours is."""
    mine, *others = medians
    times = {name: round(medians[mine] / medians[name], 2) for name in others}
    if as_json:
        rates = {name: round(value, 1) for name, value in medians.items()}
        line = {
            **about,
            "threads": torch.get_num_threads(),
            f"{unit}_per_second": rates,
            "times_as_fast_as": times,
        }
        print(json.dumps(line))
        return
    print(
        ", ".join(f"{key} {value}" for key, value in about.items()),
        f"{torch.get_num_threads()} threads",
        sep=", ",
    )
    print(f"{'':<34}{unit + '/s':>12}")
    for name, value in medians.items():
        ratio = "" if name == mine else f"   ours is {times[name]:5.2f} times as fast"
        print(f"{name:<34}{value:>12,.1f}{ratio}")

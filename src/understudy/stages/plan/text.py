"""A plan as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from understudy.model.cost import GIB

HEADER = f"{'':<24}{'encoder':>14}{'total':>14}{'positions':>11}{'GFLOP':>8}{'steps':>11}{'GiB':>8}"


def preset_lines(plan: dict[str, Any]) -> Iterator[str]:
    """Sizes, every way to shard it, and the papers' schedule."""
    sizes, flops = plan["parameters"], plan["flops"]
    yield f"{plan['preset']}, {plan['vocabulary']:,} pieces"
    yield "parameters   " + ", ".join(f"{name} {count:,}" for name, count in sizes.items())
    yield (
        f"operations   {flops['model'] / 1e9:.3f} GFLOP a position of training: "
        f"encoder {flops['encoder'] / 1e9:.3f}, output at 15 % of them {flops['output'] / 1e9:.3f}"
    )
    count = plan["devices"]
    yield ""
    yield (
        f"GiB on {'the device' if count == 1 else f'each of {count} devices'}, "
        f"{plan['positions_per_device']:,} positions at once in rows of {plan['length']}, bf16"
    )
    yield f"{'engine':<10}{'ZeRO':>5}{'checkpointing':>15}{'state':>9}{'activations':>13}{'total':>9}  fits"
    for way in plan["memory"]:
        state = way["total"] - way["activations"]
        yield (
            f"{way['engine']:<10}{way['zero'] or '-':>5}"
            f"{'yes' if way['activation_checkpointing'] else 'no':>15}{state / GIB:>9.1f}"
            f"{way['activations'] / GIB:>13.1f}{way['total'] / GIB:>9.1f}"
            f"  {'-' if way['fits'] is None else 'yes' if way['fits'] else 'no'}"
        )
    yield ""
    yield (
        f"schedule     {plan['steps']:,} steps of {plan['positions_per_step']:,} positions, "
        f"{plan['steps'] * plan['flops_per_step'] / 1e18:,.1f} EFLOP" + _price(plan)
    )
    yield from _notes(plan)


def recipe_lines(plan: dict[str, Any]) -> Iterator[str]:
    """A line a step: positions and GFLOP of one position, GiB on the fullest device."""
    priced = plan["hours"] is not None
    yield HEADER + (f"{'hours':>10}{'dollars':>11}" if priced else "")
    for name, step in plan["steps"].items():
        sizes = step["parameters"]
        steps = "?" if step["steps"] is None else f"{'<' if step['at_most'] else ''}{step['steps']:,}"
        yield (
            f"{name:<24}{sizes['encoder']:>14,}{sizes['total']:>14,}{step['positions_per_step']:>11,}"
            f"{step['flops']['spent'] / 1e9:>8.3f}{steps:>11}{step['memory']['total'] / GIB:>8.2f}"
            + (f"{_or_unknown(step['hours']):>10}{_or_unknown(step['cost']):>11}" if priced else "")
        )
    if priced:
        yield f"{'':<24}{'':>66}{_or_unknown(plan['hours']):>10}{_or_unknown(plan['cost']):>11}"
    if plan["without_hours"]:
        yield f"steps not known before the data is read: {', '.join(plan['without_hours'])}"
    if plan["unknown"]:
        yield f"not planned, since a model from elsewhere has sizes of its own: {', '.join(plan['unknown'])}"
    notes: dict[str, list[str]] = {}
    for name, step in plan["steps"].items():
        for note in _notes(step):
            notes.setdefault(note, []).append(name)
    yield from (f"{note} ({', '.join(names)})" for note, names in notes.items())


def _or_unknown(value: float | None) -> str:
    return "?" if value is None else f"{value:,.2f}"


def _price(plan: dict[str, Any]) -> str:
    if plan.get("hours") is None:
        return ""
    return f": {plan['hours']:,.1f} hours, {plan['cost']:,.0f} dollars"


def _notes(step: dict[str, Any]) -> Iterator[str]:
    if step.get("idle_devices"):
        yield f"{step['idle_devices']} devices have no row to work on; a step has too few for them"
    if step.get("note"):
        yield step["note"]

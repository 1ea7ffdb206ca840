"""Which steps of a run are one step, done again with another seed or for another domain."""

from __future__ import annotations

import json
from typing import Any

from understudy.report.run import Run

DRAWN = ("seed", "domain")
"""Keys that make no other experiment of a step, only another sample of it."""


def kin(run: Run) -> list[list[str]]:
    """Names of steps, those together that differ by seed or domain alone, or by those of what they read.

    Steps that are equal in everything are the same work under two names, and stay apart.
    """
    found: dict[str, list[str]] = {}
    first: dict[str, str] = {}

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return first.get(value, value)
        if isinstance(value, dict):
            return {key: renamed(each) for key, each in value.items() if key not in DRAWN}
        return [renamed(each) for each in value] if isinstance(value, list) else value

    drawn: dict[str, list[Any]] = {}
    for name in _in_order(run):
        manifest = run.steps[name].manifest
        sources = [source.path.name for source in run.inputs(run.steps[name])]
        drawn[name] = [*map(manifest.config.get, DRAWN), *(drawn[source] for source in sources)]
        key = json.dumps([manifest.stage, renamed(manifest.config), [first[source] for source in sources]])
        if any(drawn[member] == drawn[name] for member in found.get(key, ())):
            key += name
        members = found.setdefault(key, [])
        members.append(name)
        first[name] = members[0]
    return list(found.values())


def _in_order(run: Run) -> list[str]:
    """Names of steps, each after all that it read."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in ordered:
            for source in run.inputs(run.steps[name]):
                visit(source.path.name)
            ordered[name] = None

    for name in run.steps:
        visit(name)
    return list(ordered)

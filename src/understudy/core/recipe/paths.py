"""Values in nested tables by key paths such as ``optimization.learning_rate``."""

from __future__ import annotations

from typing import Any


def set_path(tree: Any, path: list[str], value: Any) -> dict[str, Any]:
    """A copy of nested dictionaries with the value at ``path`` replaced or added."""
    branch = dict(tree) if isinstance(tree, dict) else {}
    if path[0] == "duration" and len(path) == 2:
        return {**branch, "duration": {path[1]: value}}  # it has one unit: the new one replaces the old
    branch[path[0]] = value if len(path) == 1 else set_path(branch.get(path[0]), path[1:], value)
    return branch

"""One recipe at several sizes: named sets of overrides that stand in the recipe itself."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError, nearest
from understudy.core.recipe.paths import set_path


def at_scale(raw: dict[str, Any], scale: Any, recipe: Path) -> dict[str, Any]:
    """The recipe with the assignments of ``scales.<scale>`` made, in their order.

    A key is a path as for ``--set``. With a ``*`` in the second place it takes every entry whose name fits
    and that says something of the third: ``steps.*.duration`` is every step with a duration.

    Args:
        raw: the recipe as it was read.
        scale: the name chosen; None: the recipe as it is written.
        recipe: the recipe's file, for errors.

    Raises:
        UserError: no such scale, or a pattern that fits no entry.
    """
    if scale is None:
        return raw
    scales = raw.get("scales")
    known = scales if isinstance(scales, dict) else {}
    if scale not in known:
        hint = nearest(str(scale), map(str, known)) if known else "this recipe has no 'scales'"
        raise UserError(f"no scale '{scale}'; {hint}", file=recipe, place="scale")
    assignments = known[scale]
    if not isinstance(assignments, dict):
        raise UserError("a mapping of key paths to values is due", file=recipe, place=f"scales.{scale}")
    for key, value in assignments.items():
        paths = _written_out(raw, str(key).split("."))
        if not paths:
            raise UserError("fits nothing in this recipe", file=recipe, place=f"scales.{scale}.{key}")
        for path in paths:
            raw = set_path(raw, path, value)
    return raw


def _written_out(raw: dict[str, Any], path: list[str]) -> list[list[str]]:
    if len(path) < 3 or "*" not in path[1]:
        return [path]
    entries = raw.get(path[0])
    if not isinstance(entries, dict):
        return []
    return [
        [path[0], name, *path[2:]]
        for name, entry in entries.items()
        if fnmatchcase(str(name), path[1]) and isinstance(entry, dict) and path[2] in entry
    ]

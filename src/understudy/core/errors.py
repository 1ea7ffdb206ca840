"""Errors a user can act on: one line with file, place, what is wrong and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class UserError(Exception):
    """The user's input is wrong. The command line prints it as one line and exits with 2.

    Args:
        problem: what is wrong and, where it can be said, what would be right.
        file: the file that holds the mistake.
        place: where in it: a line number or a key path such as ``steps.teacher.duration``.
    """

    def __init__(
        self, problem: str, *, file: Path | str | None = None, place: int | str | None = None
    ) -> None:
        self.problem = " ".join(problem.split())
        self.file = None if file is None else str(file)
        self.place = f"line {place}" if isinstance(place, int) else place
        super().__init__(": ".join(part for part in (self.file, self.place, self.problem) if part))


def nearest(name: str, valid: Iterable[str]) -> str:
    """A hint that names the closest valid name, or lists the valid ones when none is close."""
    names = sorted(valid)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"valid: {', '.join(names)}" if names else "none exists"

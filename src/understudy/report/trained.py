"""What was trained, one by one: a step, each of its students, each of its teachers; and their logs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.files import read_jsonl
from understudy.report.run import teachers_of

Series = list[tuple[float, float]]
"""Tokens and value."""

_NO_LOSS = frozenset(
    """step epoch learning_rate gradient_norm skipped_steps loss_scale padding tokens_per_second
    tflop_per_second mfu loader_wait eta_seconds""".split()  # noqa: SIM905 - shorter, and as plain
)
"""What else stands in a line of the log; every other number is a part of the loss."""


@dataclass(frozen=True)
class Trained:
    """One model as it was trained from one teacher or none."""

    name: str
    artifact: Artifact
    numbers: Mapping[str, Any]
    teacher: str
    _log: Path
    _prefix: str = ""
    """Of this student's parts in a log of several."""

    def history(self, key: str) -> Series:
        """A measure at each validation that has it."""
        return [
            (entry["step"] * self._pace, entry[key])
            for entry in self.numbers.get("history", ())
            if entry.get(key) is not None
        ]

    def losses(self) -> dict[str, Series]:
        """Part of the loss -> its course; empty where no line was written."""
        found: dict[str, Series] = {}
        try:
            rows = [row for _, row in read_jsonl(self._log)] if self._log.is_file() else []
        except UserError:  # a log of no line, or one that was cut short
            return found
        for row in rows:
            for name, value in row.items():
                if (
                    name in _NO_LOSS
                    or not isinstance(value, int | float)
                    or not name.startswith(self._prefix)
                ):
                    continue
                part = name.removeprefix(self._prefix)
                found.setdefault(part, []).append((row["step"] * self._pace, value))
        return found

    @property
    def _pace(self) -> float:
        """Tokens a step, in the mean."""
        return float(self.numbers["tokens"] / max(1, self.numbers["steps"]))


def trained(artifacts: Iterable[Artifact]) -> list[Trained]:
    """Every model that the steps trained, in their order."""
    return [each for artifact in artifacts for each in _of(artifact)]


def _of(artifact: Artifact) -> list[Trained]:
    step, numbers = artifact.path.name, artifact.numbers
    teachers = teachers_of(artifact)
    phases = numbers.get("phases")
    if not phases:
        told = teachers[0] if teachers else ""
        return _students(artifact, step, numbers, told, artifact.path)
    return [
        each
        for number, (phase, teacher) in enumerate(zip(phases, teachers, strict=False), 1)
        for each in _students(
            artifact,
            f"{step}, teacher {number}",
            phase,
            teacher,
            artifact.path / f"{number}-{teacher.replace('/', '-')}",
        )
    ]


def _students(
    artifact: Artifact, name: str, numbers: Mapping[str, Any], teacher: str, folder: Path
) -> list[Trained]:
    log = folder / "log.jsonl"
    parts = numbers.get("parts")
    if not parts:
        return [Trained(name, artifact, numbers, teacher, log)]
    return [
        Trained(f"{name}/{part}", artifact, {**numbers, **own}, teacher, log, f"{part}.")
        for part, own in parts.items()
    ]

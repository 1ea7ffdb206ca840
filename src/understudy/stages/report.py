"""What a run found, as tables of text and as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from understudy.core.files import atomic_write
from understudy.core.recipe.report_steps import Report
from understudy.core.stage import Inputs
from understudy.report.build import build
from understudy.report.run import Run, run_in, run_of


def run(config: Report, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Write ``table.txt`` and ``report.html`` of the named steps and all that they were made from."""
    names = (
        *config.evaluations, *config.exports, *config.training, *config.tokenizers, *config.similarity,
        *config.classifications, *config.measures, *config.others,
    )  # fmt: skip
    named = (inputs.artifacts[name] for name in names)
    return _write(run_of(named, config.titles, config.baselines), out)


def report_of_run(folder: Path, baselines: Sequence[str] = ()) -> Path:
    """Write a page of every artifact in a run's folder, and return its path.

    Raises:
        UserError: there is no artifact in the folder.
    """
    _write(run_in(folder, baselines), folder)
    return folder / "report.html"


def _write(run: Run, out: Path) -> dict[str, Any]:
    page, tables = build(run)
    with atomic_write(out / "table.txt") as handle:
        handle.write("\n\n".join(table.text() for table in tables) + "\n")
    with atomic_write(out / "report.html") as handle:
        handle.write(page)
    return {"tables": [[table.title, table.columns, table.rows] for table in tables]}

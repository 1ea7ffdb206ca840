"""The table of all models, as text and as one HTML page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from understudy.core.artifact import MANIFEST, Artifact
from understudy.core.errors import UserError
from understudy.core.files import atomic_write
from understudy.core.recipe.report_steps import Report
from understudy.core.stage import Inputs
from understudy.report.page import page
from understudy.report.tables import locale_tables, model_tables, training_table
from understudy.report.vocabulary import vocabulary_curves, vocabulary_tables

_NOTES = (
    "Intent: intent accuracy. Slot F1: strict spans. Exact match: intent and all slots right. SemER: wrong, "
    "missing and invented slots and intents over those due; lower is better. int8 exact: change of "
    "development exact match against fp32, in points. p50: median of one utterance on one thread, as served.",
)


def run(config: Report, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Write ``table.txt`` and ``report.html``."""
    return _write(
        out,
        evaluations=[inputs.artifacts[name] for name in config.evaluations],
        exports=[inputs.artifacts[name] for name in config.exports],
        training=[inputs.artifacts[name] for name in config.training],
        tokenizers=[inputs.artifacts[name] for name in config.tokenizers],
        titles=config.titles,
    )


def report_of_run(folder: Path) -> Path:
    """Write a page of every artifact in a run's folder, and return its path.

    Raises:
        UserError: there is no evaluation in the folder.
    """
    if not folder.is_dir():
        raise UserError("no such folder; the folder of a run is due, such as runs/demo", file=folder)
    paths = sorted(
        path.parent for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(".")
    )
    artifacts = [Artifact.load(path) for path in paths]
    artifacts.sort(key=lambda artifact: artifact.manifest.started)
    by_stage: dict[str, list[Artifact]] = {}
    for artifact in artifacts:
        by_stage.setdefault(artifact.manifest.stage, []).append(artifact)
    if "evaluate" not in by_stage:
        raise UserError("holds no evaluation yet; run the recipe first", file=folder)
    reports = by_stage.get("report", [])
    _write(
        folder,
        evaluations=by_stage["evaluate"],
        exports=by_stage.get("export", []),
        training=by_stage.get("pretrain", []) + by_stage.get("distill", []),
        tokenizers=by_stage.get("tokenizer", []),
        titles=reports[-1].manifest.config["titles"] if reports else {},
    )
    return folder / "report.html"


def _write(
    out: Path,
    *,
    evaluations: Sequence[Artifact],
    exports: Sequence[Artifact],
    training: Sequence[Artifact],
    tokenizers: Sequence[Artifact],
    titles: Mapping[str, str],
) -> dict[str, Any]:
    tables = model_tables(evaluations, exports, titles)
    details = locale_tables(evaluations, titles)
    if training:
        details.append(training_table(training))
    details += vocabulary_tables(tokenizers)
    with atomic_write(out / "table.txt") as handle:
        handle.write("\n\n".join(table.text() for table in tables) + "\n")
    recipe = evaluations[0].manifest.recipe
    with atomic_write(out / "report.html") as handle:
        handle.write(
            page(f"understudy: {recipe}", [*tables, *details], _NOTES, vocabulary_curves(tokenizers))
        )
    return {"tables": [[table.title, table.columns, table.rows] for table in tables]}

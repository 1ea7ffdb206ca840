"""Tokenizers in the report: both measures by language and size, and the curve of a search (paper A 2.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from understudy.core.artifact import Artifact
from understudy.report.axis import axis
from understudy.report.figure import Plot
from understudy.report.tables import Table

Row = Mapping[str, Any]


def vocabulary_tables(tokenizers: Sequence[Artifact]) -> list[Table]:
    """Languages against sizes: split ratio, then unk portion in percent."""
    rows = [row for artifact in tokenizers for row in _rows(artifact)]
    if not rows:
        return []
    languages = sorted({language for row in rows for language in row["by_language"]})
    return [
        Table(
            f"Tokenizers: {title}",
            ("tokenizer", "pieces", "all", *languages),
            tuple(
                (
                    row["name"],
                    f"{row['vocabulary']:,}",
                    _cell(row, measure, scale),
                    *(_cell(row["by_language"].get(language), measure, scale) for language in languages),
                )
                for row in rows
            ),
            notes=("-: the language is not among its text.",)
            if any(language not in row["by_language"] for row in rows for language in languages)
            else (),
        )
        for title, measure, scale in (
            ("split ratio (pieces a word)", "split_ratio", 1),
            ("unk portion, percent of pieces", "unk_portion", 100),
        )
    ]


def vocabulary_curves(tokenizers: Sequence[Artifact]) -> list[str]:
    """Of each search: both measures over the sizes that were trained, and the reference's as a level."""
    charts = []
    for artifact in tokenizers:
        curve, reference = artifact.numbers.get("curve"), artifact.numbers.get("reference")
        if not curve or not reference:
            continue
        for title, measure in (("Split ratio", "split_ratio"), ("Unk portion", "unk_portion")):
            points = [(row["vocabulary"], row[measure]) for row in curve]
            level = reference[measure]
            plot = Plot(
                axis("pieces", [x for x, _ in points], log=True, at=[x for x, _ in points]),
                axis(title.lower(), [level, *(y for _, y in points)]),
            )
            plot.line("ours", points, 0)
            plot.level("reference", level)
            told = ", ".join(f"{x:,} pieces {y:.4g}" for x, y in points)
            title = f"{title} of vocabularies of growing size, against the reference's"
            charts.append(plot.figure(title, f"{told}; reference {level:.4g}"))
    return charts


def _rows(artifact: Artifact) -> list[dict[str, Any]]:
    numbers = artifact.numbers
    name = artifact.path.name
    if "by_language" not in numbers:
        return []
    if "curve" not in numbers:
        return [{"name": name, **numbers}]
    sizes = [{"name": name, **row} for row in numbers["curve"]]
    return [*sizes, {"name": "reference", **numbers["reference"]}]


def _cell(row: Row | None, measure: str, scale: float) -> str:
    return "-" if row is None else f"{scale * row[measure]:.3f}"

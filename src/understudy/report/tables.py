"""Tables out of the numbers that stand in manifests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from understudy.core.artifact import Artifact

RANDOM = "random"
"""The title key of a model that was fine-tuned from random weights."""


@dataclass(frozen=True)
class Table:
    """A heading, column names and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Aligned columns, the first to the left."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        body = [
            "  ".join(
                cell.ljust(width) if i == 0 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.title, body[0], "-" * sum(widths, 2 * len(widths) - 2), *body[1:]])


def model_tables(
    evaluations: Sequence[Artifact], exports: Sequence[Artifact], titles: Mapping[str, str]
) -> list[Table]:
    """One table a label set: parameters, accuracy (macro over locales) and latency of every model."""
    exported = {artifact.manifest.config["model"]: artifact.numbers for artifact in exports}
    return [
        Table(
            f"Labels: {labels} ({group[0].numbers['train_utterances']:,} training utterances), "
            f"{group[0].numbers['split']} split, macro over locales, percent",
            ("model", "parameters", "intent", "slot F1", "exact match", "SemER", "int8 exact", "p50 ms"),
            tuple(_model_row(artifact, exported, titles) for artifact in group),
        )
        for labels, group in _by_labels(evaluations).items()
    ]


def _by_labels(evaluations: Sequence[Artifact]) -> dict[str, list[Artifact]]:
    groups: dict[str, list[Artifact]] = {}
    for artifact in evaluations:
        groups.setdefault(artifact.numbers["labels"], []).append(artifact)
    return groups


def _title(artifact: Artifact, titles: Mapping[str, str]) -> str:
    base = artifact.numbers["base"] or RANDOM
    return titles.get(base, base)


def _model_row(
    artifact: Artifact, exported: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str]
) -> tuple[str, ...]:
    numbers, macro = artifact.numbers, artifact.numbers["macro"]
    measures = (macro[name] for name in ("intent_accuracy", "slot_f1", "exact_match", "semer"))
    export = exported.get(numbers["model"])
    served = ("", "") if export is None else _served(export)
    return (
        _title(artifact, titles),
        f"{numbers['parameters'] / 1e6:.2f}M",
        *("none" if value is None else f"{100 * value:.2f}" for value in measures),
        *served,
    )


def _served(export: Mapping[str, Any]) -> tuple[str, str]:
    """Change of development exact match by int8 in points, macro over locales, and p50 latency as served."""
    served = export["served"]
    loss = list(export["int8_loss"].values())
    change = f"{0.0 - 100 * sum(loss) / len(loss):+.2f}" if served == "int8" else "fp32 kept"
    return change, f"{export['p50_ms'][served]:.2f}"


def locale_tables(evaluations: Sequence[Artifact], titles: Mapping[str, str]) -> list[Table]:
    """Exact match by locale, one table a label set."""
    tables = []
    for labels, group in _by_labels(evaluations).items():
        locales = sorted(group[0].numbers["by_locale"])
        rows = tuple(
            (
                _title(artifact, titles),
                *(f"{100 * artifact.numbers['by_locale'][name]['exact_match']:.2f}" for name in locales),
            )
            for artifact in group
        )
        tables.append(Table(f"Exact match by locale, labels: {labels}", ("model", *locales), rows))
    return tables


def training_table(artifacts: Sequence[Artifact]) -> Table:
    """What each encoder cost and reached."""
    rows = tuple(
        (
            artifact.manifest.step,
            f"{artifact.numbers['parameters']['encoder'] / 1e6:.2f}M",
            f"{artifact.numbers['steps']:,}",
            f"{artifact.numbers['tokens'] / 1e6:.2f}M",
            f"{artifact.numbers['tokens_per_second']:,}",
            f"{artifact.numbers['seconds']:.0f}",
            f"{artifact.numbers['perplexity']:.1f}",
        )
        for artifact in artifacts
    )
    columns = ("encoder", "parameters", "steps", "tokens", "tokens/s", "seconds", "perplexity")
    return Table("Encoders: size without embeddings, cost, held-out perplexity at 15 %", columns, rows)

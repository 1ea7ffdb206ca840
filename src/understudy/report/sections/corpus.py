"""Corpora: rows read, dropped for which reason, kept and sampled; pieces and unknown ones of their shards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.report.run import Run
from understudy.report.section import NONE, Omitted, Section, percent
from understudy.report.tables import Table


def corpora(run: Run) -> Section | Omitted:
    """The section."""
    title = "Corpora"
    tables = [
        rows_table(artifact.numbers["rows"], f"{artifact.path.name}: rows by kind and language")
        for artifact in run.of("prepare")
        if "rows" in artifact.numbers
    ]
    encoded = _encoded(run)
    if not tables and not encoded.rows:
        return Omitted(title, "no step of stage prepare or encode is there")
    lead = (
        "What was read and what became of it. Every dropped row has a reason; sampled rows are what "
        "models see."
    )
    return Section("corpora", title, lead, (*tables, *((encoded,) if encoded.rows else ())))


def rows_table(rows: Mapping[str, Mapping[str, Any]], title: str) -> Table:
    """What was read, dropped for which reason, and kept, by kind and language; of ``prepare``'s numbers."""
    cells = [(kind, name, cell) for kind, languages in rows.items() for name, cell in languages.items()]
    reasons = sorted({reason for *_, cell in cells for reason, count in cell["dropped"].items() if count})
    body = []
    for kind, name, cell in cells:
        counts = [cell["read"], *(cell["dropped"].get(reason, 0) for reason in reasons)]
        counts += [cell["kept"], cell["sampled"], cell["held_out"]]
        body.append((kind.replace("_", "-"), name, *(f"{count:,}" for count in counts)))
    columns = ("kind", "language", "read", *(reason.replace("_", " ") for reason in reasons))
    return Table(title, (*columns, "kept", "sampled", "held out"), tuple(body), words=2)


def _encoded(run: Run) -> Table:
    rows = []
    for artifact in run.of("encode"):
        for part in ("train", "validation"):
            numbers = artifact.numbers.get(part)
            if numbers is None:
                continue
            mean = numbers["tokens"] / numbers["rows"] if numbers["rows"] else None
            rows.append(
                (
                    f"{artifact.path.name}, {part}",
                    f"{numbers['rows']:,}",
                    f"{numbers['tokens']:,}",
                    NONE if mean is None else f"{mean:.1f}",
                    percent(numbers.get("unk_portion"), 3),
                    *(f"{cell['tokens']:,}" for cell in _languages(run, numbers)),
                )
            )
    names = sorted(
        {name for a in run.of("encode") for name in a.numbers.get("train", {}).get("by_language", {})}
    )
    return Table(
        "Encoded: rows, pieces, pieces a row, unknown pieces in percent, pieces by language",
        ("shards", "rows", "pieces", "a row", "unk %", *names),
        tuple(rows),
    )


def _languages(run: Run, numbers: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    names = sorted(
        {name for a in run.of("encode") for name in a.numbers.get("train", {}).get("by_language", {})}
    )
    return [numbers.get("by_language", {}).get(name, {"tokens": 0}) for name in names]

"""Classification accuracy by language: trained on one, the others zero-shot (paper A 2.7 and 3, XNLI)."""

from __future__ import annotations

from understudy.core.artifact import Artifact
from understudy.report.run import RANDOM, Run
from understudy.report.section import NONE, Omitted, Section, percent
from understudy.report.tables import Table

_PREFIX = "accuracy."


def classes(run: Run) -> Section | Omitted:
    """The section, a table a label set and form of the text."""
    title = "Classification by language"
    judged: dict[tuple[str, str], list[Artifact]] = {}
    for artifact in run.of("judge"):
        numbers = artifact.numbers
        form = "spoken form" if numbers.get("spoken") else "as written"
        judged.setdefault((str(numbers.get("labels", "")), form), []).append(artifact)
    if not judged:
        return Omitted(title, "no step of stage judge is there")
    tables = []
    for (labels, form), artifacts in judged.items():
        locales = sorted(
            {key[len(_PREFIX) :] for a in artifacts for key in a.numbers if key.startswith(_PREFIX)}
        )
        rows = tuple(_row(run, artifact, locales) for artifact in artifacts)
        empty = any(cell == NONE for row in rows for cell in row)
        notes = (f"{NONE}: no such locale was asked, or none that training did not see.",) if empty else ()
        columns = ("model", "trained on", "trained", "zero-shot", "mean", *locales)
        tables.append(Table(f"Accuracy, labels: {labels}, {form}, percent", columns, rows, notes, 2))
    lead = "Trained: the mean over locales that training saw. Zero-shot: the mean over all others."
    return Section("classes", title, lead, tuple(tables))


def _row(run: Run, artifact: Artifact, locales: list[str]) -> tuple[str, ...]:
    numbers = artifact.numbers
    base = numbers.get("base") or RANDOM
    means = (percent(numbers.get(key)) for key in ("trained", "zero_shot", "mean"))
    by_locale = (percent(numbers.get(_PREFIX + locale)) for locale in locales)
    return (
        run.titles.get(base, base),
        ", ".join(numbers.get("trained_locales", ())),
        *means,
        *by_locale,
    )

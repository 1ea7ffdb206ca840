"""Which of several models is best for each locale, by development data (paper A 3.4)."""

from __future__ import annotations

from understudy.core.artifact import Artifact
from understudy.report.run import Run
from understudy.report.section import NONE, Omitted, Section, percent
from understudy.report.tables import Table


def selection(run: Run) -> Section | Omitted:
    """The section."""
    title = "Picked by locale"
    steps = [step for step in run.of("select") if "choice" in step.numbers]
    if not steps:
        return Omitted(title, "no step of stage select is there")
    lead = "Different checkpoints are best for different locales; the one that was picked has a star."
    return Section("selection", title, lead, tuple(_table(step) for step in steps))


def _table(step: Artifact) -> Table:
    choice, measured = step.numbers["choice"], step.numbers["development"]
    models = list(dict.fromkeys(model for values in measured.values() for model in values))
    rows = tuple(
        (
            locale,
            *(
                percent(measured[locale].get(model)) + ("*" if choice[locale] == model else "")
                for model in models
            ),
        )
        for locale in sorted(choice)
    )
    empty = any(cell == NONE for row in rows for cell in row)
    notes = (f"{NONE}: the model was not judged on that locale.",) if empty else ()
    by = str(step.numbers["by"]).replace("_", " ")
    return Table(
        f"{step.path.name}: {by} on development utterances, percent", ("locale", *models), rows, notes
    )

"""Labels that are likely wrong, by locale and intent."""

from __future__ import annotations

from understudy.core.artifact import Artifact
from understudy.report.run import Run
from understudy.report.section import NONE, Omitted, Section, percent
from understudy.report.tables import Table

MOST_INTENTS = 15

_KINDS = ("intent", "slot", "contradiction")


def suspects(run: Run) -> Section | Omitted:
    """The section."""
    title = "Suspect labels"
    steps = [step for step in run.of("suspects") if "by_locale" in step.numbers]
    if not steps:
        return Omitted(title, "no step of stage suspects is there")
    lead = (
        "Utterances whose label models that never saw them doubt, or whose text has another label "
        "elsewhere. The list of all is in the step's `suspects.jsonl`, the most doubtful first."
    )
    return Section(
        "suspects", title, lead, tuple(t for step in steps for t in (_locales(step), _intents(step)))
    )


def _locales(step: Artifact) -> Table:
    rows = []
    for locale, counts in step.numbers["by_locale"].items():
        right = step.numbers.get("out_of_fold", {}).get(locale, {})
        agreed = (percent(right.get(key), 1) for key in ("intents_right", "words_right"))
        told = (f"{counts[kind]:,}" for kind in ("utterances", *_KINDS))
        rows.append((locale, *told, *agreed))
    empty = any(NONE in row for row in rows)
    notes = (f"{NONE}: there was nothing to judge, or slots were not asked for.",) if empty else ()
    columns = ("locale", "utterances", *_KINDS, "intents agreed %", "words agreed %")
    return Table(f"{step.path.name}: utterances with a doubt of each kind", columns, tuple(rows), notes)


def _intents(step: Artifact) -> Table:
    table = step.numbers.get("by_intent", {})
    names = sorted(table, key=lambda name: (-sum(table[name][kind] for kind in _KINDS), name))
    rows = tuple(
        (
            name,
            ", ".join(f"{likely} ({count})" for likely, count in list(table[name]["likely"].items())[:3]),
            *(f"{table[name][kind]:,}" for kind in ("utterances", *_KINDS)),
        )
        for name in names[:MOST_INTENTS]
        if any(table[name][kind] for kind in _KINDS)
    )
    columns = ("intent", "likely instead", "utterances", *_KINDS)
    return Table(f"{step.path.name}: intents with the most doubts", columns, rows, words=2)

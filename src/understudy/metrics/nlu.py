"""Every measure of predicted frames, pooled and by part (paper A 3.2, B 4.3; defined in docs/measures.md).

A pooled (micro) measure adds counts over the utterances and divides once; ``macro`` is the mean over locales.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from understudy.metrics.confidence import EXACT, confidence_measures
from understudy.metrics.counts import Counts, count
from understudy.metrics.measures import MEASURES, described, fractions, mean_over_sets
from understudy.metrics.pairs import paired
from understudy.metrics.table import Rows, Table, tabulate
from understudy.utterances.frame import Frame

__all__ = ["MEASURES", "Counts", "count", "score"]


def score(
    references: Sequence[Frame], hypotheses: Sequence[Frame], heads: Collection[str] = EXACT
) -> dict[str, Any]:
    """Every measure of hypotheses against references, in the shape ``score --json`` prints.

    Args:
        references: frames with the right labels, perhaps with marks of the tail.
        hypotheses: the answers, in any order.
        heads: of the model that answered, which say when a frame's confidence was justified.

    Returns:
        ``{"count", measure: fraction, ..., "by_locale": {locale: same}, "by_domain": {domain: same},
        "by_tail": {"rare", "frequent", "outside_top", "top": same}, "by_slot": {name: ...}, "macro": means
        over locales, "confidence": {"all": confidence measures, "by_locale": {locale: same}}}``. ``by_tail``
        is empty where references are not marked. A measure of what is not there is None, and its
        ``undefined`` says why.

    Raises:
        UserError: there are no references; an ``(id, locale)`` appears twice on one side or on one side only.
    """
    pairs = paired(references, hypotheses)
    table = tabulate(pairs)

    def row(rows: Rows | slice) -> dict[str, Any]:
        number = int(table.counts[rows, 0].sum(dtype=np.float64))
        return {"count": number, **described(table.measures(rows))}

    by_part = {
        f"by_{kind}": {name: row(rows) for name, rows in table.parts.get(kind, {}).items()}
        for kind in ("locale", "domain", "tail")
    }
    _name_domains(by_part["by_domain"], table)
    return {
        **row(slice(None)),
        **by_part,
        "by_slot": _by_slot(pairs),
        "macro": _macro(table),
        "confidence": {
            "all": confidence_measures(pairs, heads),
            "by_locale": {
                name: confidence_measures([pairs[row] for row in rows], heads)
                for name, rows in table.parts["locale"].items()
            },
        },
    }


def _macro(table: Table) -> dict[str, Any]:
    rows = [table.measures(rows) for rows in table.parts["locale"].values()]
    return described({name: mean_over_sets(np.stack([row[name] for row in rows])) for name in MEASURES})


def _name_domains(by_domain: dict[str, dict[str, Any]], table: Table) -> None:
    """F1 of a domain is its own over all utterances: among those of one domain it would be no measure."""
    for name, row in by_domain.items():
        own = table.domains[:, table.names.index(name)].sum(axis=0, dtype=np.float64)
        row["domain_f1"] = float(fractions(np.ones(len(Counts._fields)), own[None])["domain_f1"])


def _by_slot(pairs: Sequence[tuple[Frame, Frame]]) -> dict[str, dict[str, Any]]:
    """Strict precision, recall and F1 of each slot name that either side holds."""
    due: Counter[str] = Counter()
    given: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for reference, hypothesis in pairs:
        wanted = Counter((slot.name, slot.start, slot.end) for slot in reference.slots)
        found = Counter((slot.name, slot.start, slot.end) for slot in hypothesis.slots)
        for spans, names in ((wanted, due), (found, given), (wanted & found, right)):
            for (name, _, _), number in spans.items():
                names[name] += number
    return {
        name: {
            "reference": due[name],
            "hypothesis": given[name],
            "right": right[name],
            **described(
                {
                    "slot_precision": np.float64(right[name] / given[name] if given[name] else np.nan),
                    "slot_recall": np.float64(right[name] / due[name] if due[name] else np.nan),
                    "slot_f1": np.float64(2 * right[name] / (due[name] + given[name])),
                }
            ),
        }
        for name in sorted(due.keys() | given.keys())
    }

"""Transfer sets: the same number of examples of every language, from sources in proportion (paper B 3.1)."""

from __future__ import annotations

from collections.abc import Mapping

from understudy.core.errors import UserError
from understudy.corpus.sampling import apportion

SourceRows = Mapping[tuple[str, str], int]
"""(source, language) -> rows."""


def plan_transfer(
    rows: SourceRows, weights: Mapping[str, float], examples: int | None
) -> dict[tuple[str, str], int]:
    """The number of rows of each (source, language) in a transfer set.

    Wikipedia 35 : Common Crawl 35 : task 30 in every language is the paper's 7:3; one source alone is
    generic-only or task-only. A source with too few rows is taken more than once. A language that lacks a
    source uses those it has, in proportion, and still gives as much as the others.

    Args:
        rows: rows there are; a source that a language lacks is absent or 0.
        weights: of the sources, > 0 for those that are used.
        examples: rows in all. None: as many a language as the largest one has in the sources that are used.

    Raises:
        UserError: a negative weight, or none above 0; a language without a row of any weighted source; fewer
            examples than languages.
    """
    if min(weights.values(), default=-1) < 0 or sum(weights.values()) <= 0:
        raise UserError("give each source's weight, none negative and not all 0", place="mix")
    used = {name: weight for name, weight in weights.items() if weight > 0}
    languages = sorted({language for _, language in rows})
    there = {
        language: {name: rows[name, language] for name in used if rows.get((name, language), 0)}
        for language in languages
    }
    for language, sources in there.items():
        if not sources:
            raise UserError(
                f"'{language}' has no text in {', '.join(sorted(used))}; give it some, or leave it out"
            )
    if examples is None:
        examples = len(languages) * max(sum(sources.values()) for sources in there.values())
    if examples < len(languages):
        raise UserError(
            f"{examples} examples cannot be shared out to {len(languages)} languages", place="examples"
        )
    totals = apportion(examples, dict.fromkeys(languages, 1.0))
    return {
        (name, language): count
        for language in languages
        for name, count in apportion(totals[language], {name: used[name] for name in there[language]}).items()
    }

"""Masked language models side by side, as a table of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.report.tables import Table


def measures_table(result: Mapping[str, Any]) -> Table:
    """What a ``measure`` step found: a line a model, then a line a language of each; macro means first."""
    rows = []
    for name, numbers in result["models"].items():
        left_out = sum(sum(why.values()) for why in numbers["left_out"].values())
        sizes = (f"{numbers['parameters'] / 1e6:.2f}M", f"{numbers['vocabulary']:,}", f"{left_out:,}")
        nouns = numbers.get("nouns", {})
        rows.append((name, *sizes, *_cells(numbers, nouns.get("nouns"))))
        by_language = numbers.get("by_language", {})
        spoken = {key.removeprefix("nouns.") for key in nouns if key.startswith("nouns.")}
        rows += [
            (
                f"  {language}",
                "",
                "",
                "",
                *_cells(by_language.get(language, {}), nouns.get(f"nouns.{language}")),
            )
            for language in sorted(spoken | set(by_language))
        ]
    columns = ("model", "parameters", "vocabulary", "not asked", "perplexity", "bits/character", "nouns %")
    return Table(
        "Held-out words and nouns, the same for all models; means over languages", columns, tuple(rows)
    )


def _cells(numbers: Mapping[str, Any], nouns: float | None) -> tuple[str, str, str]:
    perplexity, bits = numbers.get("perplexity"), numbers.get("bits_per_character")
    return (
        "" if perplexity is None else f"{perplexity:,.1f}",
        "" if bits is None else f"{bits:.3f}",
        "" if nouns is None else f"{100 * nouns:.2f}",
    )

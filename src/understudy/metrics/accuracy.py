"""Accuracy of one label a row, by locale, and its means over locales (paper A 3.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence


def accuracy_by_locale(
    locales: Sequence[str], references: Sequence[str], predictions: Sequence[str]
) -> dict[str, float]:
    """The share of right labels among the rows of each locale, in the order of their first rows.

    Args:
        locales: N, one a row.
        references: N labels that are right.
        predictions: N labels that were given.
    """
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for locale, reference, prediction in zip(locales, references, predictions, strict=True):
        right[locale].append(reference == prediction)
    return {locale: sum(each) / len(each) for locale, each in right.items()}


def means(accuracy: dict[str, float], trained: Collection[str]) -> dict[str, float | None]:
    """Macro means: ``trained`` over the locales trained on, ``zero_shot`` over the others, ``mean`` over all.

    None where there is no such locale.
    """
    groups = {
        "trained": [value for locale, value in accuracy.items() if locale in trained],
        "zero_shot": [value for locale, value in accuracy.items() if locale not in trained],
        "mean": list(accuracy.values()),
    }
    return {name: sum(values) / len(values) if values else None for name, values in groups.items()}

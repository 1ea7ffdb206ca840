"""The measures of intents and slots as ratios of sums of counts, over any number of sets at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.metrics.counts import Counts

Numbers = NDArray[np.floating[Any]]

HIGHER_IS_BETTER = {
    "intent_accuracy": True,
    "slot_f1": True,
    "exact_match": True,
    "semer": False,
    "icer": False,
    "irer": False,
    "slot_error": False,
    "exact_match_error": False,
    "slot_precision": True,
    "slot_recall": True,
    "domain_accuracy": True,
    "domain_f1": True,
}
"""Every measure that is a fraction of counts, the papers' four first, and whether more is better."""

MEASURES = tuple(HIGHER_IS_BETTER)

_NO_SLOTS = "neither the references nor the hypotheses hold a slot"
_NO_DOMAINS = "the references name no domain"
REASONS = {
    "slot_f1": _NO_SLOTS,
    "slot_error": _NO_SLOTS,
    "slot_precision": "the hypotheses hold no slot",
    "slot_recall": "the references hold no slot",
    "domain_accuracy": _NO_DOMAINS,
    "domain_f1": _NO_DOMAINS,
}
"""Why a measure may have no value."""


def fractions(sums: Numbers, domains: Numbers) -> dict[str, Numbers]:
    """Every measure of many sets of utterances; NaN where nothing was there to be measured.

    Args:
        sums: (..., K), :class:`Counts` added up, K its fields.
        domains: (..., D, 3): how often each domain was due, given, and given where it was due.

    Returns:
        Name of the measure -> (...).
    """
    of = dict(zip(Counts._fields, np.moveaxis(sums, -1, 0), strict=True))
    errors = of["substituted"] + of["deleted"] + of["inserted"]
    intent_accuracy = _ratio(of["intents_right"], of["utterances"])
    exact = _ratio(of["exact"], of["utterances"])
    slot_f1 = _ratio(2 * of["spans_right"], of["spans_reference"] + of["spans_hypothesis"])
    return {
        "intent_accuracy": intent_accuracy,
        "slot_f1": slot_f1,
        "exact_match": exact,
        "semer": _ratio(errors, of["correct"] + of["substituted"] + of["deleted"]),
        "icer": 1 - intent_accuracy,
        "irer": 1 - _ratio(of["interpreted"], of["utterances"]),
        "slot_error": 1 - slot_f1,
        "exact_match_error": 1 - exact,
        "slot_precision": _ratio(of["spans_right"], of["spans_hypothesis"]),
        "slot_recall": _ratio(of["spans_right"], of["spans_reference"]),
        "domain_accuracy": _ratio(of["domains_right"], of["domains"]),
        "domain_f1": _mean_f1(domains),
    }


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    ratio = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=ratio, where=np.asarray(whole) > 0)
    return ratio


def _mean_f1(classes: Numbers) -> Numbers:
    """F1 of each class of (..., D, 3) due, given, right, and the mean over the classes that occur."""
    due, given, right = np.moveaxis(classes, -1, 0)
    occurs = due + given > 0
    each = np.divide(2 * right, due + given, out=np.zeros(np.shape(due)), where=occurs)
    return _ratio(each.sum(axis=-1), occurs.sum(axis=-1))


def mean_over_sets(values: Numbers) -> Numbers:
    """The mean over the first axis of those that have a value; NaN where none has."""
    there = ~np.isnan(values)
    return _ratio(np.where(there, values, 0.0).sum(axis=0), there.sum(axis=0).astype(float))


def described(values: Mapping[str, Any]) -> dict[str, Any]:
    """Measures as plain numbers; one without a value is None, and ``undefined`` says why."""
    row: dict[str, Any] = {}
    undefined = {}
    for name, value in values.items():
        row[name] = None if np.isnan(value) else float(value)
        if row[name] is None:
            undefined[name] = REASONS[name]
    return row | ({"undefined": undefined} if undefined else {})

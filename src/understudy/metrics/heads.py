"""What can be measured of a model that has not all heads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

_NEEDS = {
    "intent_accuracy": {"intent"},
    "icer": {"intent"},
    "slot_f1": {"slots"},
    "slot_error": {"slots"},
    "slot_precision": {"slots"},
    "slot_recall": {"slots"},
    "exact_match": {"intent", "slots"},
    "exact_match_error": {"intent", "slots"},
    "semer": {"intent", "slots"},
    "irer": {"intent", "slots"},
}
"""The heads that a measure asks for. A domain follows from the intent, so either will do for its measures."""
_DOMAIN = ("domain_accuracy", "domain_f1")


def judge(heads: Collection[str]) -> str:
    """The measure that stands for all heads of a model; the best weights are best by it."""
    if "intent" in heads:
        return "exact_match" if "slots" in heads else "intent_accuracy"
    return "slot_f1" if "slots" in heads else "domain_accuracy"


def answered(measures: Mapping[str, Any], heads: Collection[str]) -> dict[str, Any]:
    """Measures, at any depth, with None for those that ask for a head which the model has not.

    ``undefined`` beside them says why, as it does where there was nothing to be measured.
    """
    reasons = {
        name: f"the model has no {' and no '.join(sorted(needed - set(heads)))} head"
        for name, needed in _NEEDS.items()
        if not needed <= set(heads)
    }
    if not {"domain", "intent"} & set(heads):
        reasons |= dict.fromkeys(_DOMAIN, "the model has neither a domain nor an intent head")
    return _without(measures, reasons) if reasons else dict(measures)


def _without(measures: Mapping[str, Any], reasons: Mapping[str, str]) -> dict[str, Any]:
    row = {
        name: _without(value, reasons) if isinstance(value, Mapping) and name != "undefined" else value
        for name, value in measures.items()
    }
    if missing := {name: reason for name, reason in reasons.items() if name in row}:
        row |= dict.fromkeys(missing)
        row["undefined"] = {**row.get("undefined", {}), **missing}
    return row

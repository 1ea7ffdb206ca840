"""What a system's confidence is worth: calibration by head, rejection, and telling what is out of scope."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from understudy.metrics.calibration import expected_calibration_error, reliability
from understudy.utterances.frame import OUT_OF_SCOPE, Frame

HEADS = ("frame", "intent", "domain", "slots")
"""What has a confidence: the frame as a whole, its intent, its domain, and every slot that is given."""

EXACT = ("intent", "slots")
"""The heads that exact match asks about."""

Outcomes = tuple[list[float], list[bool]]
"""Confidences, and whether what each was about is right."""

Pairs = Sequence[tuple[Frame, Frame]]
"""References with their hypotheses."""


def is_right(reference: Frame, hypothesis: Frame, heads: Collection[str] = EXACT) -> bool:
    """Whether all that a model with these heads can tell is right; with intents and slots, an exact match."""
    if "intent" in heads and reference.intent != hypothesis.intent:
        return False
    if "intent" not in heads and "domain" in heads and reference.domain != hypothesis.domain:
        return False
    return (
        "slots" not in heads or reference.slots == hypothesis.slots or _spans(reference) == _spans(hypothesis)
    )


def _spans(frame: Frame) -> list[tuple[str, int, int]]:
    return sorted((slot.name, slot.start, slot.end) for slot in frame.slots)


def outcomes(pairs: Pairs, heads: Collection[str] = EXACT) -> tuple[dict[str, Outcomes], dict[str, str]]:
    """Every confidence of hypotheses in scope with its outcome, by head.

    A frame is right by :func:`is_right`, a slot when name, start and end are.

    Returns:
        Head -> outcomes where each carries a confidence; head -> reason for the others.
    """
    found: dict[str, Outcomes] = {head: ([], []) for head in HEADS}
    without = dict.fromkeys(HEADS, 0)

    def add(head: str, confidence: float | None, right: bool) -> None:
        if confidence is None:
            without[head] += 1
        else:
            found[head][0].append(confidence)
            found[head][1].append(right)

    for reference, hypothesis in pairs:
        if reference.intent == OUT_OF_SCOPE:
            continue
        add("frame", hypothesis.confidence, is_right(reference, hypothesis, heads))
        add("intent", hypothesis.intent_confidence, hypothesis.intent == reference.intent)
        add("domain", hypothesis.domain_confidence, hypothesis.domain == reference.domain)
        for slot in hypothesis.slots:
            add("slots", slot.confidence, slot in reference.slots)
    reasons = {}
    for head, (confidences, _) in found.items():
        if not confidences:
            reasons[head] = f"no {_WHAT[head]} of a hypothesis in scope carries a confidence"
        elif without[head]:
            reasons[head] = f"{without[head]} of the hypotheses carry no confidence of the {_WHAT[head]}"
    return {head: found[head] for head in HEADS if head not in reasons}, reasons


_WHAT = {"frame": "frame", "intent": "intent", "domain": "domain", "slots": "slot"}


def confidence_measures(pairs: Pairs, heads: Collection[str] = EXACT) -> dict[str, Any]:
    """Calibration, rejection and scope of a set of pairs.

    Args:
        pairs: references and hypotheses.
        heads: of the model that answers, which say what makes a frame right.

    Returns:
        ``calibration_error`` by head; ``reliability`` by head, a row ``[number, mean confidence, accuracy]``
        a bin that holds something; ``acceptance_rate``, ``accepted_precision`` (the right ones among the
        accepted), ``false_accept_rate`` (the wrong ones that are accepted), all three over utterances in
        scope; ``out_of_scope_accepted`` and ``out_of_scope_auroc`` (by the frame's confidence). What has no
        value is None, and ``undefined`` says why.
    """
    found, reasons = outcomes(pairs, heads)
    inside = [pair for pair in pairs if pair[0].intent != OUT_OF_SCOPE]
    outside = [pair[1] for pair in pairs if pair[0].intent == OUT_OF_SCOPE]
    row: dict[str, Any] = {
        "calibration_error": {head: expected_calibration_error(*each) for head, each in found.items()},
        "reliability": {head: reliability(*each)[:, :3].tolist() for head, each in found.items()},
        **dict.fromkeys(("acceptance_rate", "accepted_precision", "false_accept_rate")),
        **dict.fromkeys(("out_of_scope_accepted", "out_of_scope_auroc")),
    }
    undefined = {f"calibration_error.{head}": reason for head, reason in reasons.items()}
    for measures in (_rejection(inside, heads), _scope([frame for _, frame in inside], outside)):
        for name, value in measures.items():
            if isinstance(value, str):
                undefined[name] = value
            else:
                row[name] = value
    return row | ({"undefined": undefined} if undefined else {})


def _rejection(pairs: Pairs, heads: Collection[str]) -> dict[str, float | str]:
    """What the threshold lets through; a text is the reason why there is no number."""
    names = ("acceptance_rate", "accepted_precision", "false_accept_rate")
    if not pairs:
        return dict.fromkeys(names, "every reference is out of scope")
    if any(hypothesis.rejected is None for _, hypothesis in pairs):
        return dict.fromkeys(names, "hypotheses are not marked as rejected or not")
    accepted = np.array([not hypothesis.rejected for _, hypothesis in pairs])
    right = np.array([is_right(*pair, heads) for pair in pairs])
    return {
        "acceptance_rate": float(accepted.mean()),
        "accepted_precision": float(right[accepted].mean()) if accepted.any() else "all are rejected",
        "false_accept_rate": float(accepted[~right].mean()) if (~right).any() else "no frame is wrong",
    }


def _scope(inside: Sequence[Frame], outside: Sequence[Frame]) -> dict[str, float | str]:
    names = ("out_of_scope_accepted", "out_of_scope_auroc")
    if not outside:
        return dict.fromkeys(names, f"no reference has the intent '{OUT_OF_SCOPE}'")
    measures: dict[str, float | str] = {}
    if any(frame.rejected is None for frame in outside):
        measures["out_of_scope_accepted"] = "hypotheses are not marked as rejected or not"
    else:
        measures["out_of_scope_accepted"] = float(np.mean([not frame.rejected for frame in outside]))
    if not inside:
        measures["out_of_scope_auroc"] = "every reference is out of scope"
    elif missing := sum(frame.confidence is None for frame in (*inside, *outside)):
        measures["out_of_scope_auroc"] = f"{missing} hypotheses carry no confidence"
    else:
        measures["out_of_scope_auroc"] = auroc([*map(in_scope, inside)], [*map(in_scope, outside)])
    return measures


def in_scope(frame: Frame) -> float:
    """What a threshold on confidence goes by: frames that say "out of scope" are below all others."""
    confidence = frame.confidence or 0.0
    return -confidence if frame.intent == OUT_OF_SCOPE else confidence


def auroc(positives: ArrayLike, negatives: ArrayLike) -> float:
    """Probability that a positive's score is above a negative's, ties half (Mann and Whitney).

    Args:
        positives: (P,) scores, P > 0.
        negatives: (M,) scores, M > 0.
    """
    high, low = np.asarray(positives, dtype=np.float64), np.sort(np.asarray(negatives, dtype=np.float64))
    below = np.searchsorted(low, high, side="left")
    not_above = np.searchsorted(low, high, side="right")
    return float((below + not_above).sum() / 2 / (len(high) * len(low)))


def rejection_threshold(unwanted: ArrayLike, false_accept: float) -> float:
    """The lowest confidence that keeps unwanted frames out but for a share of them.

    Args:
        unwanted: (W,) confidences of the frames that should be rejected, W > 0.
        false_accept: the share of them that may pass, from 0 to 1.

    Returns:
        A threshold: at most ``false_accept * W`` of these confidences are above it.
    """
    falling = np.sort(np.asarray(unwanted, dtype=np.float64))[::-1]
    may_pass = int(np.floor(false_accept * len(falling) + 1e-9))
    return float(falling[may_pass]) if may_pass < len(falling) else 0.0

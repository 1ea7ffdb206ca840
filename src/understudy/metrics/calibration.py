"""Whether confidence means what it says, and whether it tells what nobody should answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from understudy.core.errors import UserError
from understudy.utterances.frame import Frame

BINS = 15
"""Of equal width, as is usual for expected calibration error."""

OUT_OF_SCOPE = "out_of_scope"
"""The intent of utterances that the assistant has no business with."""


def expected_calibration_error(confidences: ArrayLike, right: ArrayLike, bins: int = BINS) -> float:
    """Mean distance of accuracy from mean confidence over bins of confidence, weighted by their numbers.

    Bins are of equal width and hold their upper edge; 0 is in the first.

    Args:
        confidences: (N,) from 0 to 1, N > 0.
        right: (N,) whether the answer was right.
        bins: how many.
    """
    return float(sum(abs(gap) for gap in reliability(confidences, right, bins)[:, 3]))


def reliability(confidences: ArrayLike, right: ArrayLike, bins: int = BINS) -> NDArray[np.float64]:
    """What a calibration plot shows: a row a bin that holds something.

    Returns:
        (B, 4): number, mean confidence, accuracy, and (accuracy - confidence) times the bin's share.

    Raises:
        UserError: there is none, or a confidence is not from 0 to 1.
    """
    confidence = np.asarray(confidences, dtype=np.float64)
    correct = np.asarray(right, dtype=np.float64)
    if not confidence.size:
        raise UserError("there is no confidence to measure; at least one is due")
    if not (confidence.min() >= 0 and confidence.max() <= 1):
        raise UserError("a confidence is a number from 0 to 1")
    edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], confidence, side="left")
    number = np.bincount(place, minlength=bins)
    full = number > 0
    number = number[full]
    mean = np.bincount(place, confidence, bins)[full] / number
    accuracy = np.bincount(place, correct, bins)[full] / number
    return np.stack([number, mean, accuracy, (accuracy - mean) * number / len(confidence)], axis=1)


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


def confidence_measures(pairs: Sequence[tuple[Frame, Frame]], out_of_scope: str) -> dict[str, Any]:
    """``calibration_error`` of the intents' confidences and ``out_of_scope_auroc``, with reasons for None.

    The area is that of confidence telling utterances in scope from those whose reference intent is
    ``out_of_scope``. Of the latter no intent is right or wrong by confidence, so they are not in the
    calibration error.
    """
    row: dict[str, Any] = {"calibration_error": None, "out_of_scope_auroc": None}
    without = sum(hypothesis.confidence is None for _, hypothesis in pairs)
    if without:
        number = "no hypothesis carries" if without == len(pairs) else f"{without} hypotheses do not carry"
        return row | {"confidence_undefined": f"{number} a confidence"}
    inside = [pair for pair in pairs if pair[0].intent != out_of_scope]
    outside = [pair for pair in pairs if pair[0].intent == out_of_scope]
    reasons = []
    if inside:
        row["calibration_error"] = expected_calibration_error(
            _confidences(inside), [one.intent == other.intent for one, other in inside]
        )
    else:
        reasons.append("every reference is out of scope")
    if inside and outside:
        row["out_of_scope_auroc"] = auroc(_confidences(inside), _confidences(outside))
    elif not outside:
        reasons.append(f"no reference has the intent '{out_of_scope}'")
    return row | ({"confidence_undefined": "; ".join(reasons)} if reasons else {})


def _confidences(pairs: Sequence[tuple[Frame, Frame]]) -> list[float]:
    return [hypothesis.confidence or 0.0 for _, hypothesis in pairs]

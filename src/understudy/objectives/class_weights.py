"""Rare classes weigh more: a factor of each class's loss from how often it occurs."""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Weighting = Literal["inverse", "sqrt"]
_POWERS: dict[Weighting, float] = {"inverse": 1.0, "sqrt": 0.5}


def class_weights(labels: NDArray[np.int64], classes: int, kind: Weighting) -> Tensor:
    """(classes,): one over each class's frequency, or over its square root; 1 in the mean over the labels.

    Args:
        labels: (N,) class ids; negative ones are unknown and not counted.
        classes: a class that does not occur gets the weight 0.
        kind: which of the two.
    """
    counts = np.bincount(labels[labels >= 0], minlength=classes).astype(np.float64)
    weights = np.zeros(classes)
    np.power(counts, -_POWERS[kind], out=weights, where=counts > 0)
    weights *= counts.sum() / max(1.0, float((counts * weights).sum()))
    return torch.from_numpy(weights).float()

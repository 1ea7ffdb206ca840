"""One label a row: XNLI and its like (paper A 2.7, 3.3)."""

from __future__ import annotations

from torch import Tensor, nn

from understudy.model.classifier import Classifier
from understudy.objectives.losses import count_labels, summed_cross_entropy


class Classify(nn.Module):
    """Cross-entropy over labelled rows."""

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        self.model = model
        self.weights = {"label": 1.0}

    def forward(self, ids: Tensor, mask: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """The sum over rows.

        Args:
            ids, mask: (B, L).
            labels: (B,) label ids, ``IGNORE`` where unknown.
        """
        return {"label": summed_cross_entropy(self.model(ids, mask), labels)}

    def counts(self, ids: Tensor, mask: Tensor, labels: Tensor) -> dict[str, int]:
        """Rows that are labelled."""
        del ids, mask
        return {"label": count_labels(labels)}

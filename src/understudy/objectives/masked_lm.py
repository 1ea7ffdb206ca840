"""Masked language modelling with the loss only at masked positions (paper A 2.4)."""

from __future__ import annotations

from torch import Tensor, nn

from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import count_labels
from understudy.objectives.output import masked_cross_entropy


class MaskedLm(nn.Module):
    """The objective of pretraining; its one part is ``mlm``."""

    def __init__(self, model: MaskedLanguageModel) -> None:
        super().__init__()
        self.model = model
        self.weights = {"mlm": 1.0}

    def forward(self, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """Summed cross-entropy (natural logarithm) of a masked batch.

        Args:
            ids: (B, L) with masks put in.
            mask: (B, L), nonzero at real pieces.
            selected: (N,) flattened positions.
            labels: (N,) true pieces, ``IGNORE`` on padding.
        """
        hidden = self.model.encoder(ids, mask)
        return {"mlm": masked_cross_entropy(self.model, hidden, selected, labels)}

    def counts(self, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor) -> dict[str, int]:
        """Masked positions."""
        del ids, mask, selected
        return {"mlm": count_labels(labels)}

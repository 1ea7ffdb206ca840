"""Masked language modelling with the loss only at masked positions (paper A 2.4)."""

from __future__ import annotations

from torch import Tensor, nn

from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import count_labels, summed_cross_entropy


def masked_logits(model: MaskedLanguageModel, hidden: Tensor, selected: Tensor) -> Tensor:
    """Scores of all pieces at the selected positions only.

    Args:
        hidden: (B, L, H) encoder outputs.
        selected: (N,) indices into the flattened positions.

    Returns:
        (N, V).
    """
    return model.logits(hidden.flatten(0, 1)[selected])


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
        logits = masked_logits(self.model, self.model.encoder(ids, mask), selected)
        return {"mlm": summed_cross_entropy(logits, labels)}

    def counts(self, ids: Tensor, mask: Tensor, selected: Tensor, labels: Tensor) -> dict[str, int]:
        """Masked positions."""
        del ids, mask, selected
        return {"mlm": count_labels(labels)}

"""Joint intent and slots (paper A 3.2)."""

from __future__ import annotations

from torch import Tensor, nn

from understudy.model.nlu import NluModel
from understudy.objectives.losses import count_labels, summed_cross_entropy


class JointNlu(nn.Module):
    """Intent cross-entropy over utterances, and tag cross-entropy over labelled pieces."""

    def __init__(self, model: NluModel, slot_weight: float) -> None:
        super().__init__()
        self.model = model
        self.weights = {"intent": 1.0, "slots": slot_weight}

    def forward(self, ids: Tensor, mask: Tensor, intents: Tensor, tags: Tensor) -> dict[str, Tensor]:
        """Sums of either part.

        Args:
            ids, mask: (B, L).
            intents: (B,) intent ids, ``IGNORE`` where unknown.
            tags: (B, L) tag ids, ``IGNORE`` at pieces that begin no unit.
        """
        intent_logits, slot_logits = self.model(ids, mask)
        return {
            "intent": summed_cross_entropy(intent_logits, intents),
            "slots": summed_cross_entropy(slot_logits.flatten(0, 1), tags.flatten()),
        }

    def counts(self, ids: Tensor, mask: Tensor, intents: Tensor, tags: Tensor) -> dict[str, int]:
        """Utterances and pieces that are labelled."""
        del ids, mask
        return {"intent": count_labels(intents), "slots": count_labels(tags)}

"""Joint intent and slots (paper A 3.2)."""

from __future__ import annotations

from torch import Tensor

from understudy.model.nlu import NluModel
from understudy.objectives.losses import Losses, mean_cross_entropy


def joint_nlu(
    model: NluModel, ids: Tensor, mask: Tensor, intents: Tensor, tags: Tensor, slot_weight: float
) -> Losses:
    """Intent cross-entropy, mean over utterances, plus tag cross-entropy, mean over labelled pieces.

    Args:
        ids, mask: (B, L).
        intents: (B,) intent ids.
        tags: (B, L) tag ids, ``IGNORE`` at pieces that begin no unit.
        slot_weight: of the tags' part.
    """
    intent_logits, slot_logits = model(ids, mask)
    intent = mean_cross_entropy(intent_logits, intents)
    slots = mean_cross_entropy(slot_logits.flatten(0, 1), tags.flatten())
    return Losses(intent + slot_weight * slots, {"intent": intent.detach(), "slots": slots.detach()})

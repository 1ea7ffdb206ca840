"""Joint domain, intent and slots (paper A 3.2, B 4.2)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from understudy.model.nlu import NluModel
from understudy.model.trained import Trained
from understudy.objectives.losses import IGNORE, at_least_float32, count_labels

CONSISTENCY = "_consistency"
"""Behind a head's name: its part of R-Drop."""


class JointNlu(nn.Module):
    """Cross-entropy over utterances of domains and intents, and over labelled pieces of tags.

    With a CRF the slots' part is the negative log-likelihood of the path, over the same number of pieces.

    Args:
        model: its heads are the parts of the loss.
        slot_weight: of the slots beside 1 of intent and domain.
        class_weights: by head: (classes,), a factor of each class's loss, 1 in the mean over the training
            data; not of a CRF.
        label_smoothing: share of the target that is spread over all classes; not of a CRF.
        r_drop: weight of the divergence between two passes that drop out differently (Wu et al. 2021, their
            alpha; divided by 2 as the rest of their loss here is the mean of the passes); not of a CRF.
        trained: what of the model learns, and how fast; none: all of it but the MLM head.
    """

    def __init__(
        self,
        model: NluModel,
        slot_weight: float = 1.0,
        *,
        class_weights: Mapping[str, Tensor] | None = None,
        label_smoothing: float = 0.0,
        r_drop: float = 0.0,
        trained: Trained | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self.trained = trained or Trained()
        self.label_smoothing, self.r_drop = label_smoothing, r_drop
        self.weights = {name: slot_weight if name == "slots" else 1.0 for name in model.heads}
        if r_drop:
            self.weights |= {
                name + CONSISTENCY: r_drop * weight
                for name, weight in self.weights.items()
                if not (name == "slots" and model.crf)
            }
        for name in model.heads:
            self.register_buffer(f"{name}_weights", (class_weights or {}).get(name), persistent=False)

    def rate_factors(self) -> dict[nn.Parameter, float]:
        """See :func:`understudy.training.optimizer.optimizer_for`."""
        return self.trained.factors(self.model)

    def forward(
        self, ids: Tensor, mask: Tensor, domains: Tensor, intents: Tensor, places: Tensor, tags: Tensor
    ) -> dict[str, Tensor]:
        """Sums of each part.

        Args:
            ids, mask: (B, L).
            domains, intents: (B,) ids, ``IGNORE`` where unknown.
            places: (B, U) the pieces that carry tags, first in each row.
            tags: (B, U) tag ids, ``IGNORE`` where a row has no more.
        """
        labels = {"domain": domains, "intent": intents, "slots": tags}
        twice = self.r_drop > 0 and self.training
        if twice:
            ids, mask, places = (torch.cat([x, x]) for x in (ids, mask, places))
            labels = {name: torch.cat([x, x]) for name, x in labels.items()}
        sums: dict[str, Tensor] = {}
        for name, scores in self.model(ids, mask, places).items():
            sums[name] = self._loss(name, scores, labels[name]) / (1 + twice)
            if name + CONSISTENCY in self.weights:
                sums[name + CONSISTENCY] = (
                    _divergence(scores, labels[name]) if twice else torch.zeros_like(sums[name])
                )
        return sums

    def counts(
        self, ids: Tensor, mask: Tensor, domains: Tensor, intents: Tensor, places: Tensor, tags: Tensor
    ) -> dict[str, int]:
        """Utterances and pieces that are labelled."""
        del ids, mask, places
        numbers = {
            "domain": count_labels(domains),
            "intent": count_labels(intents),
            "slots": count_labels(tags),
        }
        return {name: numbers[name.removesuffix(CONSISTENCY)] for name in self.weights}

    def _loss(self, name: str, scores: Tensor, labels: Tensor) -> Tensor:
        if name == "slots" and self.model.crf is not None:
            return self.model.crf.negative_log_likelihood(scores, labels, labels != IGNORE).sum()
        scores = at_least_float32(scores)
        weights: Tensor | None = getattr(self, f"{name}_weights")
        return F.cross_entropy(
            scores.flatten(0, -2),
            labels.flatten(),
            weight=None if weights is None else weights.to(scores.dtype),
            ignore_index=IGNORE,
            reduction="sum",
            label_smoothing=self.label_smoothing,
        )


def _divergence(scores: Tensor, labels: Tensor) -> Tensor:
    """A quarter of KL(p, q) + KL(q, p), summed over what is labelled; p and q are the two halves."""
    p, q = F.log_softmax(at_least_float32(scores), -1).chunk(2)
    each = ((p.exp() - q.exp()) * (p - q)).sum(-1)
    return (each * (labels.chunk(2)[0] != IGNORE)).sum() / 4

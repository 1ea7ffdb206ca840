"""Training on masked rows of token shards: pretraining and distillation."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import Objective
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.masking import SHARE, mask_batch
from understudy.training.batches import Batch, epoch_batches
from understudy.training.engine import autocast
from understudy.training.shards import PAD_ID, TokenShards

VALIDATION_EPOCH = 0xFFFFFFFF
"""Held-out rows are always masked alike, whatever the epoch and the seed."""
VALIDATION_ROWS = 500
"""A language, at most."""


class MaskedTask:
    """An objective over masked batches, validated by held-out perplexity at 15 %."""

    def __init__(
        self,
        objective: Objective,
        model: MaskedLanguageModel,
        *,
        train: TokenShards,
        validation: TokenShards,
        settings: Optimization,
        seed: int,
        device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
    ) -> None:
        self.objective, self.model = objective, model
        self.train, self.validation = train, validation
        self.settings, self.seed, self.device = settings, seed, device
        self.tokens_per_batch = settings.tokens_per_batch
        self.max_length = model.config.max_length

    def batches(self, epoch: int) -> list[Batch]:
        """All training rows, in an order of their own each epoch."""
        return epoch_batches(
            self.train.lengths,
            tokens_per_batch=self.tokens_per_batch,
            max_length=self.max_length,
            seed=self.seed,
            epoch=epoch,
        )

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """The batch, masked afresh for this epoch."""
        return self._masked(self.train, batch, self.seed, epoch)

    def tokens(self, batch: Batch) -> int:
        """Real pieces in the batch."""
        return int(self.train.lengths[batch.rows].sum())

    def validate(self) -> dict[str, float]:
        """Perplexity by language and its macro mean, masks fixed.

        Raises:
            UserError: no held-out row has a piece that can be masked.
        """
        perplexity: dict[str, float] = {}
        for number, language in enumerate(self.validation.languages):
            rows = np.flatnonzero(self.validation.language_ids == number)[:VALIDATION_ROWS]
            loss, count = self._summed_loss(rows)
            if count:
                perplexity[f"perplexity.{language}"] = math.exp(min(loss / count, 50.0))
        if not perplexity:
            raise UserError(
                "no held-out row has a piece that can be masked; was the tokenizer made of other text?",
                file=self.validation.tokenizer.parent,
            )
        return {"perplexity": sum(perplexity.values()) / len(perplexity), **perplexity}

    def _summed_loss(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[float, int]:
        measure = MaskedLm(self.model)
        total, count = 0.0, 0
        for group in epoch_batches(
            self.validation.lengths[rows],
            tokens_per_batch=self.tokens_per_batch,
            max_length=self.max_length,
            seed=0,
            epoch=0,
        ):
            batch = Batch(rows[group.rows], group.length)
            inputs = self._masked(self.validation, batch, 0, VALIDATION_EPOCH)
            with torch.inference_mode(), autocast(self.settings, self.device):
                sums = measure(*(each.to(self.device) for each in inputs))
            total, count = total + float(sums["mlm"]), count + measure.counts(*inputs)["mlm"]
        return total, count

    def _masked(
        self, shards: TokenShards, batch: Batch, seed: int, epoch: int
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        ids = shards.padded(batch.rows, batch.length)
        masked = mask_batch(
            ids, batch.rows, seed=seed, epoch=epoch, vocabulary=shards.vocabulary, share=SHARE
        )
        return (
            torch.from_numpy(masked.ids),
            torch.from_numpy(ids != PAD_ID),
            torch.from_numpy(masked.selected),
            torch.from_numpy(masked.labels),
        )

"""Training on masked rows of token shards: pretraining and distillation."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import Losses
from understudy.objectives.masked_lm import summed_loss
from understudy.objectives.masking import SHARE, mask_batch
from understudy.training.batches import Batch, epoch_batches
from understudy.training.shards import PAD_ID, TokenShards

Objective = Callable[[Tensor, Tensor, Tensor, Tensor], Losses]
"""(ids, mask, selected, labels) -> losses."""

VALIDATION_EPOCH = 0xFFFFFFFF
"""Held-out rows are always masked alike, whatever the epoch and the seed."""
VALIDATION_ROWS = 500
"""A language, at most."""


class MaskedTask:
    """An objective over masked batches, validated by held-out perplexity at 15 %."""

    def __init__(
        self,
        module: nn.Module,
        model: MaskedLanguageModel,
        objective: Objective,
        *,
        train: TokenShards,
        validation: TokenShards,
        tokens_per_batch: int,
        seed: int,
        bf16: bool,
    ) -> None:
        self.module, self.model, self.objective = module, model, objective
        self.train, self.validation = train, validation
        self.tokens_per_batch, self.seed, self.bf16 = tokens_per_batch, seed, bf16
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

    def losses(self, batch: Batch, epoch: int) -> Losses:
        """Mask the batch afresh for this epoch and apply the objective."""
        losses = self.objective(*self._masked(self.train, batch, self.seed, epoch))
        losses.tokens = int(self.train.lengths[batch.rows].sum())
        losses.positions = len(batch.rows) * batch.length
        return losses

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
        total, count = 0.0, 0
        for group in epoch_batches(
            self.validation.lengths[rows],
            tokens_per_batch=self.tokens_per_batch,
            max_length=self.max_length,
            seed=0,
            epoch=0,
        ):
            batch = Batch(rows[group.rows], group.length)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16):
                loss, positions = summed_loss(
                    self.model, *self._masked(self.validation, batch, 0, VALIDATION_EPOCH)
                )
            total, count = total + loss, count + positions
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

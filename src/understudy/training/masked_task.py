"""Training on masked rows of token shards: pretraining and distillation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization
from understudy.model.cost import training_flops
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import IGNORE, Objective
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.masking import SHARE, Masked, mask_batch
from understudy.objectives.packed import PackedMaskedLm, end_to_end
from understudy.training.batches import Batch, batch_lengths, check_pieces, epoch_batches
from understudy.training.engine import autocast
from understudy.training.mask_filling import NounFilling
from understudy.training.shards import TokenShards
from understudy.training.shares import share_out
from understudy.training.world import World

VALIDATION_EPOCH = 0xFFFFFFFF
"""Held-out rows are always masked alike, whatever the epoch and the seed."""
VALIDATION_ROWS = 500
"""A language, at most."""


class MaskedTask:
    """An objective over masked batches, validated by held-out perplexity at 15 %, and by nouns to fill in.

    Args:
        objective: what is trained.
        model: what is validated: the objective's model, or the student of a distillation.
        operations: of training on a piece, by the rows' length; none: of the model alone.
        characters: (V,) of each piece, for bits per character; none: these are not measured.
        nouns: sentences to fill in.

    Raises:
        UserError: a batch has no piece to learn from.
    """

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
        operations: Callable[[int], int] | None = None,
        characters: npt.NDArray[np.int64] | None = None,
        nouns: NounFilling | None = None,
    ) -> None:
        self.objective, self.model = objective, model
        self.train, self.validation = train, validation
        self.settings, self.seed, self.device = settings, seed, device
        self.tokens_per_batch = settings.tokens_per_batch
        self.tokens_at_once = settings.tokens_per_device or settings.tokens_per_batch
        self.max_length = model.config.max_length
        self.operations = operations or (lambda length: training_flops(model.config, length).model)
        self.padded = batch_lengths(train.lengths, self.tokens_per_batch)
        self._characters, self._nouns = characters, nouns
        check_pieces(self.batches(0), train.lengths)

    @property
    def hidden(self) -> int:
        """Width of what is trained."""
        return self.model.config.hidden

    def batches(self, epoch: int) -> list[Batch]:
        """All training rows, in an order of their own each epoch."""
        return epoch_batches(
            self.train.lengths,
            tokens_per_batch=self.tokens_per_batch,
            max_length=self.max_length,
            seed=self.seed,
            epoch=epoch,
            padded=self.padded,
        )

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """The batch, masked afresh for this epoch; without its padding where the objective wants none."""
        if not isinstance(self.objective, PackedMaskedLm):
            return self.masked(self.train, batch, self.seed, epoch)
        ids = self.train.padded(batch.rows, batch.length)
        masked = self._mask(self.train, ids, batch, self.seed, epoch)
        return tuple(torch.from_numpy(each) for each in end_to_end(masked, ids != self.train.special.pad))

    def tokens(self, batch: Batch) -> int:
        """Real pieces in the batch."""
        return int(self.train.lengths[batch.rows].sum())

    def validate(self) -> dict[str, float]:
        """By language, and as the macro mean: perplexity and bits per character with fixed masks, and nouns.

        Bits per character, -log2 p of the masked pieces over their characters (the space before a word
        being one), goes some way to compare tokenizers; nouns go the whole.

        Raises:
            UserError: no held-out row has a piece that can be masked.
        """
        perplexity: dict[str, float] = {}
        bits: dict[str, float] = {}
        jobs = list(self._held_out())
        results = share_out([batch for _, batch in jobs], self._measured, 3, World.on(self.device))
        for number, language in enumerate(self.validation.languages):
            # In the order of the batches, so that the sums are the same in any number of processes.
            loss, count, characters = sum(
                (result for (of, _), result in zip(jobs, results, strict=True) if of == number), np.zeros(3)
            ).tolist()
            if count:
                perplexity[language] = math.exp(min(loss / count, 50.0))
            if characters:
                bits[language] = loss / math.log(2) / characters
        if not perplexity:
            raise UserError(
                "no held-out row has a piece that can be masked; was the tokenizer made of other text?",
                file=self.validation.tokenizer.parent,
            )
        numbers = _by_language("perplexity", perplexity) | _by_language("bits_per_character", bits)
        if self._nouns is not None:
            numbers |= self._nouns.measure(self.model, self.settings, self.device)
        return numbers

    def _held_out(self) -> Iterator[tuple[int, Batch]]:
        """The number of a language, and a batch of its held-out rows."""
        for number in range(len(self.validation.languages)):
            rows = np.flatnonzero(self.validation.language_ids == number)[:VALIDATION_ROWS]
            for group in epoch_batches(
                self.validation.lengths[rows],
                tokens_per_batch=self.tokens_at_once,
                max_length=self.max_length,
                seed=0,
                epoch=0,
                padded=self.padded,  # no shapes beside those of training
            ):
                yield number, Batch(rows[group.rows], group.length)

    def _measured(self, batch: Batch) -> tuple[float, float, float]:
        """Summed loss of a held-out batch, masked pieces, and their characters."""
        measure = MaskedLm(self.model)
        inputs = self.masked(self.validation, batch, 0, VALIDATION_EPOCH)
        with torch.inference_mode(), autocast(self.settings, self.device):
            sums = measure(*(each.to(self.device) for each in inputs))
        characters = 0
        if self._characters is not None:
            labels = inputs[-1].numpy()
            characters = int(self._characters[labels[labels != IGNORE]].sum())
        return float(sums["mlm"]), measure.counts(*inputs)["mlm"], characters

    def masked(
        self, shards: TokenShards, batch: Batch, seed: int, epoch: int
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """A batch of any split: ids with masks put in, mask, selected positions and their labels."""
        ids = shards.padded(batch.rows, batch.length)
        masked = self._mask(shards, ids, batch, seed, epoch)
        return (
            torch.from_numpy(masked.ids),
            torch.from_numpy(ids != shards.special.pad),
            torch.from_numpy(masked.selected),
            torch.from_numpy(masked.labels),
        )

    @staticmethod
    def _mask(shards: TokenShards, ids: npt.NDArray[np.int64], batch: Batch, seed: int, epoch: int) -> Masked:
        return mask_batch(ids, batch.rows, seed=seed, epoch=epoch, special=shards.special, share=SHARE)


def _by_language(name: str, values: dict[str, float]) -> dict[str, float]:
    if not values:
        return {}
    each = {f"{name}.{language}": value for language, value in values.items()}
    return {name: sum(values.values()) / len(values)} | each

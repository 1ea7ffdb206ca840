"""Has a model fill in nouns of held-out sentences (paper A 2.7); :mod:`..metrics.mask_filling` judges it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization
from understudy.corpus.draw import draw, key
from understudy.metrics.mask_filling import Filled, accuracy, choose, touched
from understudy.metrics.nouns import Sentence
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.output import masked_logits
from understudy.tokenizer.protocol import Tokenizer
from understudy.training.batches import epoch_batches, padded
from understudy.training.engine import autocast


class NounFilling:
    """Sentences, each with the pieces of one noun masked; made once, filled in at every validation.

    Args:
        sentences: of all languages.
        tokenizer: the model's.
        seed: fixes which sentences and which nouns, whatever the tokenizer.
        most: sentences a language.
        max_length: pieces; a sentence whose noun lies beyond is left out and counted.

    Raises:
        UserError: no noun is left.
    """

    def __init__(
        self, sentences: Sequence[Sentence], tokenizer: Tokenizer, *, seed: int, most: int, max_length: int
    ) -> None:
        self._unknown = tokenizer.unk_id
        self._languages: list[str] = []
        self._ids: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
        self._places: list[list[int]] = []
        self.left_out = 0
        """Sentences whose noun lies beyond ``max_length``."""
        for sentence in _some(sentences, seed, most):
            name = f"{sentence.language}:{sentence.id}"
            noun = sentence.nouns[choose(name, len(sentence.nouns), seed)]
            encoding = tokenizer.encode(sentence.text, max_length)
            whole = max((end for _, end in encoding.offsets), default=0) >= noun[1]
            places = touched(encoding.offsets, noun) if whole else []
            if not places:
                self.left_out += 1
                continue
            self._languages.append(sentence.language)
            self._ids.append(np.array(encoding.ids, dtype=np.int64))
            self._places.append(places)
        if not self._ids:
            raise UserError("no sentence has a noun that fits the model's max_length", place="nouns")
        self._lengths = np.array([len(ids) for ids in self._ids])
        self._mask, self._pad = tokenizer.special.mask, tokenizer.special.pad

    @torch.inference_mode()
    def measure(
        self, model: MaskedLanguageModel, settings: Optimization, device: torch.device
    ) -> dict[str, float]:
        """``nouns``, the macro accuracy over languages, and ``nouns.<language>``.

        Args:
            model: in evaluation mode, with this tokenizer.
            settings: precision, and how many positions make a batch.
            device: where the model is.
        """
        filled: list[Filled] = []
        for batch in epoch_batches(
            self._lengths,
            tokens_per_batch=settings.tokens_per_device or settings.tokens_per_batch,
            max_length=int(self._lengths.max()),
            seed=0,
            epoch=0,
        ):
            ids = padded([self._ids[row] for row in batch.rows], batch.length, self._pad)
            selected: list[int] = []
            for number, row in enumerate(batch.rows):
                selected += [number * batch.length + place for place in self._places[row]]
            real = ids != self._pad
            ids.reshape(-1)[selected] = self._mask
            with autocast(settings, device):
                hidden = model.encoder(torch.from_numpy(ids).to(device), torch.from_numpy(real).to(device))
                best = masked_logits(model, hidden, torch.tensor(selected, device=device)).argmax(-1)
            guesses = iter(
                np.split(best.cpu().numpy(), np.cumsum([len(self._places[r]) for r in batch.rows]))
            )
            for row, guess in zip(batch.rows, guesses, strict=False):
                filled.append(Filled(self._languages[row], self._ids[row][self._places[row]], guess))
        shares = accuracy(filled, self._unknown)
        return {"nouns" if name == "macro" else f"nouns.{name}": share for name, share in shares.items()}


def _some(sentences: Sequence[Sentence], seed: int, most: int) -> list[Sentence]:
    """At most so many a language: those of the smallest draws, wherever they stand."""
    by_draw = sorted(
        sentences, key=lambda each: draw(f"{each.language}:{each.id}", key(seed, "noun sentences"))
    )
    taken: dict[str, int] = {}
    some = []
    for sentence in by_draw:
        taken[sentence.language] = taken.get(sentence.language, 0) + 1
        if taken[sentence.language] <= most:
            some.append(sentence)
    return some

"""Has a masked language model guess words; :mod:`..metrics.pseudo_likelihood` chooses and judges them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from understudy.core.recipe.optimization import Optimization
from understudy.metrics.pseudo_likelihood import Question
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.output import masked_logits
from understudy.tokenizer.protocol import Encoding, SpecialPieces
from understudy.training.batches import epoch_batches, padded
from understudy.training.engine import autocast

ROWS = 64
"""Scores of all pieces are held for so many positions at a time: with 250k pieces, 64 MB."""


@torch.inference_mode()
def answers(
    model: MaskedLanguageModel,
    special: SpecialPieces,
    encodings: Sequence[Encoding],
    asked: Sequence[Question],
    which: int,
    *,
    settings: Optimization,
    device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
    done: Callable[[int], None] = lambda _: None,
) -> NDArray[np.float64]:
    """-ln p of every word: the sum over its pieces, each with itself and those to its right masked.

    Args:
        model: in evaluation mode.
        special: of its tokenizer.
        encodings: of every sentence, by that tokenizer.
        asked: N words.
        which: the model's place among those the words were chosen for.
        settings: precision, and how many positions make a batch.
        device: where the model is.
        done: called with a number of pieces when they have been asked, for progress.

    Returns:
        (N,).
    """
    turns = [(number, turn) for number, each in enumerate(asked) for turn in range(len(each.pieces[which]))]
    lengths = np.array([len(encodings[asked[number].sentence].ids) for number, _ in turns])
    nats = np.zeros(len(asked))
    for batch in epoch_batches(
        lengths,
        tokens_per_batch=settings.tokens_per_batch,
        max_length=int(lengths.max()),
        seed=0,
        epoch=0,
    ):
        rows = [encodings[asked[turns[i][0]].sentence].ids for i in batch.rows]
        ids = padded(rows, batch.length, special.pad)
        real = np.arange(batch.length) < lengths[batch.rows][:, None]
        selected, labels = [], []
        for row, (number, turn) in enumerate(turns[i] for i in batch.rows):
            places = asked[number].pieces[which]
            ids[row, places[turn] : places[-1] + 1] = special.mask
            selected.append(row * batch.length + places[turn])
            labels.append(rows[row][places[turn]])
        with autocast(settings, device):
            hidden = model.encoder(torch.from_numpy(ids).to(device), torch.from_numpy(real).to(device))
        where, due = (torch.tensor(each, device=device) for each in (selected, labels))
        for start in range(0, len(selected), ROWS):
            part = slice(start, start + ROWS)
            loss = _loss(model, hidden, where[part], due[part], settings)
            np.add.at(nats, [turns[i][0] for i in batch.rows[part]], loss.cpu().numpy())
        done(len(batch.rows))
    return nats


def _loss(
    model: MaskedLanguageModel,
    hidden: torch.Tensor,
    places: torch.Tensor,
    labels: torch.Tensor,
    settings: Optimization,
) -> torch.Tensor:
    with autocast(settings, hidden.device):
        scores = masked_logits(model, hidden, places)
    return torch.nn.functional.cross_entropy(scores.float(), labels, reduction="none").double()

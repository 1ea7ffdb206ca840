"""What the heads of a model say of utterances, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization
from understudy.model.nlu import NluModel
from understudy.tokenizer.protocol import Encoding, Tokenizer
from understudy.training.batches import epoch_batches, padded
from understudy.training.engine import autocast

PREDICTION_TOKENS = 4096
"""Positions in a batch of predictions."""

HeadScores = dict[str, NDArray[np.float32]]
"""By head, see :meth:`.NluModel.forward`."""


def scores_of(
    model: NluModel,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    max_length: int,
    *,
    settings: Optimization | None = None,
    device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
) -> Iterator[tuple[list[int], list[Encoding], HeadScores]]:
    """Scores of all texts, those of like length together.

    Args:
        model: in evaluation mode.
        tokenizer: what it was trained with.
        texts: those of more than ``max_length`` pieces are cut there.
        max_length: pieces, special ones included.
        settings: whose precision is used; none: float32.
        device: where the model is.

    Yields:
        Places in ``texts``, their encodings, and scores by head with a row for each.

    Raises:
        UserError: there is no text.
    """
    if not texts:
        raise UserError("there is no utterance to predict")
    encodings = tokenizer.encode_batch(texts, max_length)
    lengths = np.array([len(encoding.ids) for encoding in encodings])
    pad = tokenizer.special.pad
    precision = settings or Optimization(precision="fp32")
    for batch in epoch_batches(
        lengths, tokens_per_batch=PREDICTION_TOKENS, max_length=max_length, seed=0, epoch=0
    ):
        rows = [int(row) for row in batch.rows]
        ids = torch.from_numpy(padded([encodings[row].ids for row in rows], batch.length, pad)).to(device)
        with torch.inference_mode(), autocast(precision, device):
            scores = model(ids, ids != pad)
        yield (
            rows,
            [encodings[row] for row in rows],
            {name: each.float().cpu().numpy() for name, each in scores.items()},
        )

"""What a frozen encoder has of texts and of their words, as features of linear models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from understudy.model.encoder import MaskedLanguageModel
from understudy.tokenizer.protocol import Tokenizer
from understudy.training.batches import epoch_batches, padded

_TOKENS = 4096
"""Positions in a batch."""

Floats = NDArray[np.float32]


@torch.inference_mode()
def frozen_features(
    model: MaskedLanguageModel,
    tokenizer: Tokenizer,
    device: torch.device,
    texts: Sequence[str],
    spans: Sequence[Sequence[tuple[int, int]]],
) -> tuple[Floats, Floats]:
    """The mean over the pieces of each text, (N, H), and of each word, (words of all texts, H).

    Every column has mean 0, and rows have a length of about 1, as those of tf-idf have. A word behind the
    encoder's longest row has none of it.

    Args:
        model: in evaluation mode, on ``device``.
        tokenizer: the encoder's.
        device: where the encoder is.
        texts: N.
        spans: characters of the words that are wanted, by text.
    """
    longest = model.config.max_length
    encodings = tokenizer.encode_batch(texts, longest)
    lengths = np.array([len(encoding.ids) for encoding in encodings])
    ends = np.cumsum([0, *map(len, spans)])
    of_texts = np.zeros((len(texts), model.config.hidden), dtype=np.float32)
    of_words = np.zeros((int(ends[-1]), model.config.hidden), dtype=np.float32)
    for batch in epoch_batches(lengths, tokens_per_batch=_TOKENS, max_length=longest, seed=0, epoch=0):
        ids = padded([encodings[row].ids for row in batch.rows], batch.length, tokenizer.special.pad)
        mask = np.arange(batch.length) < lengths[batch.rows, None]
        states = model.encoder(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))
        for vectors, row in zip(states.float().cpu().numpy(), batch.rows.tolist(), strict=True):
            of_texts[row] = vectors[: lengths[row]].mean(axis=0)
            for word, (start, end) in enumerate(spans[row], start=int(ends[row])):
                pieces = [at for at, (a, b) in enumerate(encodings[row].offsets) if a < end and start < b]
                if pieces:
                    of_words[word] = vectors[pieces].mean(axis=0)
    return _scaled(of_texts), _scaled(of_words)


def _scaled(features: Floats) -> Floats:
    if not len(features):
        return features
    spread = features.std(axis=0) * np.sqrt(features.shape[1])
    scaled: Floats = (features - features.mean(axis=0)) / np.maximum(spread, 1e-6)
    return scaled.astype(np.float32)

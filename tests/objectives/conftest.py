"""Small models in double precision, and a masked batch for them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.masking import mask_batch
from understudy.tokenizer.protocol import SpecialPieces

VOCABULARY = 60
LENGTHS = [4, 12, 9, 3, 7]

Make = Callable[..., MaskedLanguageModel]


@pytest.fixture
def make() -> Make:
    def make(seed: int = 0, **sizes: int) -> MaskedLanguageModel:
        torch.manual_seed(seed)
        given = {"vocabulary": VOCABULARY, "layers": 2, "hidden": 16, "ffn": 24, "heads": 2, "max_length": 12}
        model = MaskedLanguageModel(EncoderConfig(**(given | sizes))).double().eval()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(0.2 * torch.randn_like(parameter))
        return model

    return make


@pytest.fixture
def masked() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """(ids, mask, selected, labels)."""
    ids = np.random.default_rng(0).integers(5, VOCABULARY, (len(LENGTHS), 12))
    ids[:, 0] = 0
    ids = np.where(np.arange(12) < np.array(LENGTHS)[:, None], ids, 1)
    batch = mask_batch(
        ids, np.arange(len(LENGTHS)), seed=0, epoch=0, special=SpecialPieces.of_ours(VOCABULARY)
    )
    return tuple(torch.from_numpy(x) for x in (batch.ids, ids != 1, batch.selected, batch.labels))

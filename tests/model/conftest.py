"""A small encoder whose every weight differs from its start, padded batches, and a tokenizer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train

Batch = Callable[[list[int], int], tuple[Tensor, Tensor]]


@pytest.fixture(scope="session")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    verbs = ["play", "stop", "find", "call", "start", "pause", "repeat", "skip", "open", "close"]
    things = [
        "music",
        "brother",
        "lights",
        "alarm",
        "window",
        "kitchen",
        "weather",
        "coffee",
        "taxi",
        "ticket",
    ]
    train([f"{verb} the {thing} now" for verb in verbs for thing in things], 45, "", 0, folder)
    return folder


@pytest.fixture(scope="session")
def vocabulary(tokenizer: Path) -> int:
    return Subwords.load(tokenizer).vocabulary_size


def scramble(module: nn.Module) -> None:
    """Weights as after much training: no bias is 0, no norm is 1, no output is near 0."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in module.parameters():
            size = 0.15 if parameter.dim() > 1 else 0.3
            parameter.add_(size * torch.randn(parameter.shape, generator=generator))


@pytest.fixture
def model(vocabulary: int) -> MaskedLanguageModel:
    torch.manual_seed(0)
    config = EncoderConfig(vocabulary=vocabulary, layers=3, hidden=48, ffn=80, heads=4, max_length=24)
    model = MaskedLanguageModel(config).eval()
    scramble(model)
    return model


@pytest.fixture
def batch(vocabulary: int) -> Batch:
    def make(lengths: list[int], width: int) -> tuple[Tensor, Tensor]:
        ids = torch.randint(5, vocabulary, (len(lengths), width), generator=torch.Generator().manual_seed(2))
        mask = torch.arange(width) < torch.tensor(lengths)[:, None]
        return torch.where(mask, ids, 1), mask

    return make

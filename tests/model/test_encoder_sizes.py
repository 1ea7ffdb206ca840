"""Parameters in closed form, against torch's own count and the papers' figures."""

from __future__ import annotations

import pytest
import torch

from understudy.core.errors import UserError
from understudy.core.recipe.model_steps import EncoderShape
from understudy.model.config import PRESETS, EncoderConfig, encoder_config
from understudy.model.encoder import MaskedLanguageModel


def preset(name: str, vocabulary: int = 150_000) -> EncoderConfig:
    return encoder_config(EncoderShape(preset=name), vocabulary)


@pytest.mark.parametrize("name", PRESETS)
def test_the_closed_form_is_torchs_count(name: str) -> None:
    config = preset(name)
    with torch.device("meta"):
        model = MaskedLanguageModel(config)
    counts = {"embedding": 0, "encoder": 0, "output": 0}
    for key, parameter in model.named_parameters():
        inside = key.startswith(("encoder.blocks", "encoder.final_norm"))
        part = "encoder" if inside else "embedding" if key.startswith("encoder.") else "output"
        counts[part] += parameter.numel()
    assert counts == {
        "embedding": config.embedding_parameters,
        "encoder": config.encoder_parameters,
        "output": config.output_parameters,
    }
    assert config.total_parameters == sum(counts.values())


@pytest.mark.parametrize(
    ("name", "millions"),
    [
        ("5m", 4.55),
        ("17m", 16.8),
        ("17m-b", 16.8),
        ("85m", 85),
        ("170m", 168),
        # What the paper's 700M column gives as printed.
        ("700m", 566),
        ("2.3b", 2281),
        ("9.3b", 9263),
    ],
)
def test_encoders_have_the_papers_sizes(name: str, millions: float) -> None:
    assert preset(name).encoder_parameters / 1e6 == pytest.approx(millions, rel=0.005)


@pytest.mark.parametrize(("name", "billions"), [("2.3b", 2.67), ("9.3b", 9.88)])
def test_with_150k_pieces_the_large_ones_have_the_papers_totals(name: str, billions: float) -> None:
    config = preset(name)
    assert (config.embedding_parameters + config.encoder_parameters) / 1e9 == pytest.approx(
        billions, abs=0.006
    )


def test_operations_of_a_small_encoder_by_hand() -> None:
    config = EncoderConfig(vocabulary=100, layers=2, hidden=8, ffn=16, heads=2, max_length=10)
    # A layer: 4 * 8 * 8 + 2 * 8 * 16 = 512 weights, two operations each; attention 4 * 10 * 8 = 320.
    assert config.flops_per_token(training=False) == 2 * (1024 + 320)
    assert config.flops_per_token() == 3 * 2 * (1024 + 320)
    assert config.flops_per_token(5, training=False) == 2 * (1024 + 160)


def test_sizes_beside_a_preset_override_it() -> None:
    config = encoder_config(EncoderShape(preset="17m", layers=6, max_length=30, dropout=0.2), 99)
    assert (config.vocabulary, config.layers, config.hidden, config.ffn) == (99, 6, 768, 1200)
    assert (config.max_length, config.dropout, config.head_size) == (30, 0.2, 64)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (EncoderShape(preset="17mb"), "no preset '17mb'; did you mean '17m-b'"),
        (EncoderShape(preset="17m", heads=5), "5 heads do not divide the hidden size 768"),
    ],
)
def test_a_size_that_cannot_be_is_the_users_error(shape: EncoderShape, message: str) -> None:
    with pytest.raises(UserError, match=message):
        encoder_config(shape, 100)

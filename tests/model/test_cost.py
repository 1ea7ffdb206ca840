"""Operations, hours and devices, against hand computation and a count of torch's own."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from understudy.core.errors import UserError
from understudy.core.recipe.model_steps import EncoderShape
from understudy.model.config import PRESETS, EncoderConfig, encoder_config
from understudy.model.cost import GPUS, USABLE, find_gpu, hours, output_flops, training_flops
from understudy.model.encoder import MaskedLanguageModel

SMALL = EncoderConfig(vocabulary=100, layers=2, hidden=8, ffn=16, heads=2, max_length=10, dropout=0)
TEACHER = EncoderConfig(vocabulary=100, layers=3, hidden=12, ffn=20, heads=2, max_length=10)
# A layer of SMALL: 4 * 64 + 2 * 128 = 512 weights, two operations each; attention 4 * 10 * 8.
FORWARD = 2 * (2 * 512 + 320)
# Of TEACHER: 4 * 144 + 2 * 240 = 1056 weights; attention 4 * 10 * 12.
TAUGHT = 3 * (2 * 1056 + 480)


@pytest.mark.parametrize(
    ("given", "encoder", "output", "teacher", "recomputed"),
    [
        # The head: 2 * 8 * (8 + 100) = 1728; thrice 15 % of it is 777.6.
        ({}, 3 * FORWARD, 778, 0, 0),
        ({"checkpointing": True}, 3 * FORWARD, 778, 0, FORWARD),
        ({"head": False}, 3 * FORWARD, 0, 0, 0),
        ({"head": False, "frozen": True, "checkpointing": True}, FORWARD, 0, 0, 0),
        # The teacher's head: 15 % of 2 * 12 * (12 + 100) = 403.2.
        ({"teacher": TEACHER}, 3 * FORWARD, 778, TAUGHT + 403, 0),
        # Two projections of 8 to 12: 3 * 2 * 2 * 96.
        ({"teacher": TEACHER, "soft": False, "matched": 2}, 3 * FORWARD, 778 + 1152, TAUGHT, 0),
        ({"teacher": SMALL, "matched": 2}, 3 * FORWARD, 778, FORWARD + 259, 0),
    ],
)
def test_operations_by_hand(
    given: dict[str, Any], encoder: int, output: int, teacher: int, recomputed: int
) -> None:
    got = training_flops(SMALL, 10, **given)
    assert (got.encoder, got.output, got.teacher, got.recomputed) == (encoder, output, teacher, recomputed)
    assert got.model == encoder + output + teacher
    assert got.spent == got.model + recomputed
    assert got.as_dict()["spent"] == got.spent


def test_operations_are_those_that_torch_counts() -> None:
    """Forward and backward over 4 rows of 10, the head at 6 positions: 15 % of 40."""
    model = MaskedLanguageModel(SMALL)
    ids = torch.randint(5, 100, (4, 10))
    with FlopCounterMode(display=False) as counter:
        hidden = model.encoder(ids, torch.ones_like(ids))
        model.logits(hidden.flatten(0, 1)[:6]).sum().backward()
    planned = training_flops(SMALL, 10)
    assert counter.get_total_flops() == pytest.approx(40 * planned.model, rel=0.002)
    assert output_flops(SMALL) == 1728


def test_the_papers_throughput_is_a_third_of_the_peak() -> None:
    """Paper A 2.4: up to 107 TFLOP/s an A100 at 9.3B."""
    config = encoder_config(EncoderShape(preset="9.3b"), 150_000)
    flops = training_flops(config, 512).model
    tokens_per_second = 107e12 / flops
    assert 107e12 / find_gpu("a100-40").peak("bf16") == pytest.approx(0.343, abs=0.001)
    assert tokens_per_second == pytest.approx(1868, rel=0.01)
    assert hours(flops * tokens_per_second * 3600, peak=312e12, gpus=1, mfu=107 / 312) == pytest.approx(1)


def test_time_falls_with_devices_and_share_of_the_peak() -> None:
    assert hours(3.6e18, peak=1e15, gpus=1, mfu=0.5) == pytest.approx(2)
    assert hours(3.6e18, peak=1e15, gpus=4, mfu=0.25) == pytest.approx(1)


def test_devices() -> None:
    assert find_gpu("H200").usable == int(USABLE * 139.8 * 2**30)
    assert find_gpu("h200", 2.5).price == 2.5
    gpu = find_gpu("a100-80")
    assert (gpu.peak("bf16"), gpu.peak("fp16"), gpu.peak("fp32"), gpu.peak("fp32", True)) == (
        312e12,
        312e12,
        19.5e12,
        156e12,
    )
    for name, each in GPUS.items():
        assert each.tflops > each.tf32 >= each.fp32, name
        assert each.bf16 == (name != "v100")
    with pytest.raises(UserError, match="no GPU 'h20'; did you mean 'h200'"):
        find_gpu("h20")


@pytest.mark.parametrize("name", PRESETS)
def test_the_output_layer_matters_for_small_models(name: str) -> None:
    flops = training_flops(encoder_config(EncoderShape(preset=name), 150_000), 128)
    share = flops.output / flops.model
    assert share > 0.3 if name in ("5m", "17m", "17m-b") else share < 0.2

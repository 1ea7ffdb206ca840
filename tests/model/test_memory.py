"""Bytes of training: what two processes hold, to the byte, and what autograd keeps of a layer."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.recipe.model_steps import EncoderShape
from understudy.model.config import PRESETS, EncoderConfig, encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.memory import (
    Units,
    activation_bytes,
    inference_bytes,
    parameter_units,
    state_bytes,
)

CONFIG = EncoderConfig(vocabulary=101, layers=3, hidden=20, ffn=33, heads=2, max_length=15)
HELD = Path(__file__).with_name("held_by_two.py")
State = Callable[..., Any]


def state(units: Units, **changed: Any) -> Any:
    settings: dict[str, Any] = {"shards": 2, "zero": 2, "precision": "bf16", "engine": "fsdp"}
    return state_bytes(units, **(settings | changed))


@pytest.mark.parametrize("name", PRESETS)
def test_the_units_are_the_models_parameters(name: str) -> None:
    config = encoder_config(EncoderShape(preset=name), 997)
    with torch.device("meta"):
        model = MaskedLanguageModel(config)
    units = parameter_units(config)
    layers = [[tuple(p.shape) for p in block.parameters()] for block in model.encoder.blocks]
    assert [sorted(unit) for unit in units[1:]] == [sorted(layer) for layer in layers]
    outside = {name: tuple(p.shape) for name, p in model.named_parameters() if ".blocks." not in name}
    assert sorted(units[0]) == sorted(outside.values())
    assert sum(math.prod(shape) for unit in units for shape in unit) == config.total_parameters


# 12 elements outside and a layer of 18. In rows, two shards have 4 + 2 + 10 + 2 = 18 and four 2 + 1 + 5 + 1.
TOY: Units = [[(4, 2), (4,)], [(3, 5), (3,)]]


@pytest.mark.parametrize(
    ("changed", "weights", "gradients", "moments", "gathered"),
    [
        ({"engine": "alone", "shards": 1}, 120, 120, 240, 2 * 15),
        ({"engine": "alone", "shards": 1, "precision": "fp32"}, 120, 120, 240, 0),
        ({"zero": 0}, 120, 120, 240, 30),
        ({"zero": 1}, 4 * 18, 4 * 30, 8 * 18, 2 * 30 + 2 * 12 + 6 * 18),
        ({"zero": 1, "accumulates": False}, 4 * 18, 4 * 18, 8 * 18, 2 * 30 + 2 * 12 + 6 * 18),
        ({"zero": 2}, 4 * 18, 4 * 18, 8 * 18, 2 * 30 + 2 * 12 + 6 * 18),
        ({"zero": 2, "precision": "fp32"}, 4 * 18, 4 * 18, 8 * 18, 4 * 30 + 4 * 12 + 8 * 18),
        ({"zero": 3, "shards": 4}, 4 * 9, 4 * 9, 8 * 9, 2 * 30 + 2 * 12 + 6 * 18),
        # Matrices 23 -> 24 and vectors 7 -> 8, in multiples of 4; 16 of 32 each.
        ({"engine": "deepspeed", "zero": 1}, 2 * 32 + 4 * 16, 2 * 30, 8 * 16, 0),
        ({"engine": "deepspeed", "zero": 2}, 2 * 32 + 4 * 16, 2 * 16, 8 * 16, 0),
        ({"engine": "deepspeed", "zero": 1, "accumulates": False}, 2 * 32 + 4 * 16, 2 * 16, 8 * 16, 2 * 30),
        # In multiples of 6: 24 and 12.
        ({"engine": "deepspeed", "zero": 2, "shards": 3}, 2 * 36 + 4 * 12, 2 * 12, 8 * 12, 0),
        # Flat: 4 + 2 + 8 + 2.
        ({"engine": "deepspeed", "zero": 3}, 2 * 16 + 4 * 16, 2 * 16, 8 * 16, 2 * 30),
    ],
)
def test_state_of_a_toy_by_hand(
    changed: dict[str, Any], weights: int, gradients: int, moments: int, gathered: int
) -> None:
    got = state(TOY, **changed)
    assert (got.weights, got.gradients, got.moments, got.gathered) == (weights, gradients, moments, gathered)
    assert got.held == weights + gradients + moments and got.total == got.held + gathered


def test_zero_3_gathers_two_layers_of_many() -> None:
    units = [TOY[0], *[TOY[1]] * 5]
    assert state(units, zero=2).gathered - state(units, zero=3).gathered == 2 * 3 * 18


@given(
    shapes=st.lists(st.lists(st.integers(1, 40), min_size=1, max_size=2).map(tuple), min_size=1, max_size=8),
    shards=st.integers(1, 9),
)
def test_shards_of_rows_are_torchs_chunks(shapes: list[tuple[int, ...]], shards: int) -> None:
    first = sum(torch.empty(shape).chunk(shards)[0].numel() for shape in shapes)
    assert state([shapes], shards=shards, zero=3).weights == 4 * first


@given(shards=st.integers(1, 64), engine=st.sampled_from(["fsdp", "deepspeed"]))
def test_more_is_sharded_from_stage_to_stage(shards: int, engine: str) -> None:
    units = parameter_units(encoder_config(EncoderShape(preset="700m"), 150_000))
    each = [state(units, zero=zero, shards=shards, engine=engine).held for zero in (1, 2, 3)]
    assert each[0] >= each[1] >= each[2] - 8 * shards  # but for what pads a tensor


@pytest.mark.slow
@pytest.mark.parametrize("zero", [1, 2, 3])
def test_two_processes_of_fsdp_hold_what_is_planned(zero: int) -> None:
    done = subprocess.run(
        [sys.executable, str(HELD), str(zero)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    planned = state(parameter_units(CONFIG), zero=zero)
    held = json.loads(done.stdout)
    assert held["processes"][0] == {
        "weights": planned.weights,
        "gradients": planned.gradients,
        "moments": planned.moments,
    }
    # The second has the shorter part of each tensor.
    assert held["processes"][1]["moments"] < planned.moments


def saved_for_backward(layers: int, bf16: bool) -> int:
    """Bytes that autograd keeps of a forward pass, weights and their casts aside."""
    config = EncoderConfig(
        vocabulary=50, layers=layers, hidden=64, ffn=256, heads=4, max_length=40, dropout=0
    )
    encoder = MaskedLanguageModel(config).encoder.train()
    ids = torch.randint(5, 50, (8, 32))
    weights = {p.untyped_storage().data_ptr() for p in encoder.parameters()}
    kept: dict[int, torch.Tensor] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with (
        torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor),
        torch.autocast("cpu", torch.bfloat16, enabled=bf16),
    ):
        encoder(ids, torch.ones_like(ids))
    total = sum(t.untyped_storage().nbytes() for at, t in kept.items() if at not in weights)
    casts = sum(p.numel() * 2 for p in encoder.blocks.parameters() if p.dim() > 1) if bf16 else 0
    return total - casts


@pytest.mark.parametrize("bf16", [False, True])
def test_a_layer_keeps_what_autograd_saves(bf16: bool) -> None:
    config = EncoderConfig(vocabulary=50, layers=1, hidden=64, ffn=256, heads=4, max_length=40, dropout=0)
    planned = activation_bytes(config, 8 * 32, 32, precision="bf16" if bf16 else "fp32", flash=False)
    assert saved_for_backward(2, bf16) - saved_for_backward(1, bf16) == pytest.approx(planned.layer, rel=0.1)


def test_activations_are_korthikantis_34_bytes_and_norms_in_fp32() -> None:
    """34 s b h, and 5 a s^2 b where attention is written out and its softmax is in 16 bit (section 4.1)."""
    config = EncoderConfig(vocabulary=10, layers=1, hidden=1024, ffn=4096, heads=16, max_length=512)

    def layer(flash: bool) -> int:
        return activation_bytes(config, 512, 512, precision="bf16", flash=flash).layer

    assert layer(True) == 512 * ((34 + 4) * 1024 + 16 + 4 * 16)
    # Our softmax is kept in FP32, two bytes more than theirs.
    assert layer(False) - layer(True) == 512 * (7 * 16 * 512 - 4 * 16)


def test_checkpointing_keeps_inputs_and_one_layer() -> None:
    config = encoder_config(EncoderShape(preset="2.3b"), 150_000)

    def planned(checkpointing: bool, layers: int = 29) -> Any:
        return activation_bytes(
            EncoderConfig(**{**vars(config), "layers": layers}),
            4096,
            512,
            precision="bf16",
            checkpointing=checkpointing,
        )

    assert planned(True, 29).kept - planned(True, 28).kept == 4096 * 4 * 2560
    assert planned(False, 29).kept - planned(False, 28).kept == planned(False).layer
    assert planned(True).passing >= planned(True).layer
    assert planned(True).total < planned(False).total / 5


def test_the_head_is_bounded_by_the_chunk_and_the_masked_share() -> None:
    config = encoder_config(EncoderShape(preset="17m"), 150_000)

    def passing(positions: int = 2000, **changed: Any) -> int:
        return activation_bytes(config, positions, 100, precision="bf16", **changed).passing

    assert passing(1000) == 12 * 150 * 150_000
    assert passing() == 12 * 300 * 65_536
    assert passing(soft=True) == 2 * passing()
    assert passing(head=False) == 2000 * 2 * 2 * 1200


def test_a_teacher_adds_one_layer_and_the_states_that_are_wanted() -> None:
    config = encoder_config(EncoderShape(preset="170m"), 150_000)
    alone = inference_bytes(config, 512, precision="bf16", states=False)
    assert alone == 512 * 2 * (6 * 1024 + 2 * 3072)
    assert inference_bytes(config, 512, precision="bf16", states=True) - alone == 512 * 4 * 1024 * 16

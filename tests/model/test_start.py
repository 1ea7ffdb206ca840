"""Initial weights hang on the seed alone, not on device, sharding or wrappers; large models skip the host."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from understudy.core.recipe.model_steps import EncoderShape
from understudy.model.config import EncoderConfig, encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model, save_model
from understudy.model.start import begin, initialise, materialise

CONFIG = EncoderConfig(vocabulary=301, layers=2, hidden=24, ffn=40, heads=2, max_length=9)


def whole(seed: int, config: EncoderConfig = CONFIG) -> dict[str, Tensor]:
    model = MaskedLanguageModel(config)
    initialise(model, seed, config.initial_deviation)
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_the_seed_decides() -> None:
    assert equal(whole(3), whole(3))
    assert not torch.equal(whole(3)["head_dense.weight"], whole(4)["head_dense.weight"])
    # Without one it comes from torch's generator, so a run's seed holds.
    made = []
    for seed in (5, 5, 6):
        torch.manual_seed(seed)
        made.append(MaskedLanguageModel(CONFIG).state_dict())
    assert equal(made[0], made[1])
    assert not equal(made[0], made[2])
    torch.manual_seed(5)
    first, second = MaskedLanguageModel(CONFIG), MaskedLanguageModel(CONFIG)
    assert not equal(first.state_dict(), second.state_dict())


def test_no_two_matrices_are_alike() -> None:
    weights = whole(0)
    same = [weights[f"encoder.blocks.{layer}.query_key_value.weight"] for layer in (0, 1)]
    assert abs(float(torch.corrcoef(torch.stack(same).flatten(1))[0, 1])) < 0.1
    # Seed 0's second parameter is not seed 1's first.
    assert not torch.equal(
        whole(1)["encoder.words.weight"][0, :9], weights["encoder.positions.weight"][0, :9]
    )


@pytest.mark.parametrize("deviation", [0.02, 0.1])
def test_the_deviation_is_the_configs(deviation: float) -> None:
    for name, tensor in whole(0, replace(CONFIG, initial_deviation=deviation)).items():
        if tensor.dim() == 2 and name != "encoder.token_type":
            assert float(tensor.std()) == pytest.approx(deviation, rel=0.1), name
            assert abs(float(tensor.mean())) < 5 * deviation / tensor.numel() ** 0.5, name
        else:
            assert (tensor == (1.0 if "norm" in name and name.endswith("weight") else 0.0)).all(), name


def test_a_recipes_deviation_reaches_the_model() -> None:
    shape = EncoderShape(preset="17m", initial_deviation=0.07, attention_dropout=0.0)
    config = encoder_config(shape, 99)
    assert (config.initial_deviation, config.share_of_attention_dropped, config.dropout) == (0.07, 0.0, 0.1)


def test_a_recipe_that_says_nothing_starts_by_width() -> None:
    for hidden, due in ((40, 0.1), (1000, 0.02)):
        shape = EncoderShape(layers=1, hidden=hidden, ffn=8, heads=1)
        assert encoder_config(shape, 99).initial_deviation == pytest.approx(due)


def test_without_a_deviation_a_matrix_goes_by_its_inputs() -> None:
    torch.manual_seed(0)
    stack = nn.Sequential(nn.Linear(400, 100), nn.Linear(100, 1600))
    initialise(stack, deviation=None)
    with torch.no_grad():
        assert float(stack[0].weight.std()) == pytest.approx(0.05, rel=0.02)
        assert float(stack[1].weight.std()) == pytest.approx(0.1, rel=0.02)
        assert float(stack(torch.randn(64, 400)).std()) == pytest.approx(1, rel=0.1), (
            "a signal keeps its size"
        )


def test_by_way_of_the_meta_device() -> None:
    with torch.device("meta"):
        model = MaskedLanguageModel(CONFIG)
    assert all(parameter.is_meta for parameter in model.parameters())
    materialise(model, "cpu", seed=3)
    assert equal(model.state_dict(), whole(3))
    begin(model, "cpu")  # has begun already
    assert equal(model.state_dict(), whole(3))


@pytest.mark.parametrize("deviation", [0.02, 0.1])
def test_a_model_made_on_the_meta_device_begins_as_it_would_have_anywhere(deviation: float) -> None:
    config = replace(CONFIG, initial_deviation=deviation)
    torch.manual_seed(5)
    due = MaskedLanguageModel(config)
    torch.manual_seed(5)
    with torch.device("meta"):
        model = MaskedLanguageModel(config)
    torch.manual_seed(6)  # the start is drawn by then
    whole = nn.Sequential(nn.Linear(3, 3), model)
    before = whole[0].weight.clone()
    begin(whole, "cpu")
    assert equal(model.state_dict(), due.state_dict())
    assert torch.equal(whole[0].weight, before)


def test_wrapped_modules_start_alike() -> None:
    class Wrapper(nn.Module):
        def __init__(self, inner: nn.Module) -> None:
            super().__init__()
            self._orig_mod = inner

    model = MaskedLanguageModel(CONFIG)
    model.encoder.blocks[1] = Wrapper(model.encoder.blocks[1])
    initialise(model, 3)
    state = {name.replace("_orig_mod.", ""): tensor for name, tensor in model.state_dict().items()}
    assert equal(state, whole(3))


def test_the_largest_model_takes_no_memory_on_the_meta_device() -> None:
    def held() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is read from /proc")
    before = held()
    with torch.device("meta"):
        model = MaskedLanguageModel(encoder_config(EncoderShape(preset="9.3b"), 150_000))
    assert sum(parameter.numel() for parameter in model.parameters()) > 9.8e9
    assert held() - before < 100e6


def test_a_sharded_model_starts_like_a_whole_one(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(__file__).with_name("sharded_start.py")
    commands = [[sys.executable, program, str(rank), str(port), tmp_path] for rank in (0, 1)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    config = EncoderConfig(**json.loads((tmp_path / "config.json").read_text()))
    due = whole(3, config)
    for rank in (0, 1):
        assert equal(load_file(tmp_path / f"{rank}.safetensors"), due)


def test_a_model_that_was_read_from_a_file_keeps_its_weights(tmp_path: Path) -> None:
    (tmp_path / "tokenizer").mkdir()
    model = MaskedLanguageModel(
        EncoderConfig(vocabulary=30, layers=1, hidden=16, ffn=16, heads=2, max_length=8)
    )
    save_model(model, tmp_path / "model", tmp_path / "tokenizer")
    read = load_model(tmp_path / "model")
    begin(read, "cpu")
    assert torch.equal(read.encoder.words.weight, model.encoder.words.weight)

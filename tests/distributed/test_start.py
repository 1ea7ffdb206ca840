"""A large model never passes whole through a process: each makes its own shards, and they are the whole's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("start.py")
CONFIG = EncoderConfig(vocabulary=501, layers=12, hidden=48, ffn=96, heads=2, max_length=16)


def test_each_process_makes_its_shards_alone_and_they_are_the_whole_model(start, tmp_path: Path) -> None:
    for code, error in start(2, [PROGRAM, tmp_path]).wait():
        assert code == 0, error[-4000:]
    ranks = [json.loads((tmp_path / f"rank-{rank}.json").read_text()) for rank in (0, 1)]
    torch.manual_seed(7)
    due = MaskedLanguageModel(CONFIG).state_dict()
    got = load_file(tmp_path / "whole.safetensors")
    assert {name.removeprefix("model.") for name in got} == due.keys()
    assert all(torch.equal(tensor, due[name.removeprefix("model.")]) for name, tensor in got.items())
    whole = 4 * CONFIG.total_parameters
    largest = 4 * CONFIG.vocabulary * CONFIG.hidden
    assert sum(rank["held"] for rank in ranks) == whole
    for rank in ranks:
        assert rank["held"] < 0.51 * whole
        # The values of one whole parameter at a time are drawn on the host, and cut.
        assert rank["held"] <= rank["peak"] < rank["held"] + 2.1 * largest
    assert 0.51 * whole + 2.1 * largest < whole  # so a whole model would show

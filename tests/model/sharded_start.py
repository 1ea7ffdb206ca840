"""One of two processes that make a sharded model: RANK PORT FOLDER; run by ``test_start.py``."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor

from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.start import materialise

# An odd vocabulary, so that the two shards differ in size.
CONFIG = EncoderConfig(vocabulary=301, layers=2, hidden=24, ffn=40, heads=2, max_length=9)


def main(rank: int, port: str, folder: Path) -> None:
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    dist.init_process_group("gloo", rank=rank, world_size=2)
    with torch.device("meta"):
        model = MaskedLanguageModel(CONFIG)
    for block in model.encoder.blocks:
        fully_shard(block, reshard_after_forward=True)
    fully_shard(model)
    materialise(model, "cpu", seed=3)
    for parameter in model.parameters():
        assert isinstance(parameter, DTensor)
        assert parameter.to_local().numel() <= (parameter.shape[0] + 1) // 2 * parameter[:1].numel()
    state = {name: tensor.full_tensor().contiguous() for name, tensor in model.state_dict().items()}
    save_file(state, folder / f"{rank}.safetensors")
    if rank == 0:
        (folder / "config.json").write_text(json.dumps(asdict(CONFIG)))
    dist.destroy_process_group()


main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))

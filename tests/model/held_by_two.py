"""What two processes really hold under FSDP2, as JSON; a program of its own for ``test_memory.py``.

``python held_by_two.py ZERO``
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing
from torch import Tensor
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FSDPModule, MixedPrecisionPolicy, fully_shard

from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel

CONFIG = EncoderConfig(vocabulary=101, layers=3, hidden=20, ffn=33, heads=2, max_length=15)


def size(tensors: list[Any]) -> int:
    """Bytes of this process's parts."""
    parts: list[Tensor] = [t.to_local() if hasattr(t, "to_local") else t for t in tensors]
    return sum(part.numel() * part.element_size() for part in parts)


def unreduced(model: torch.nn.Module) -> int:
    """Bytes of whole gradients that wait for the last micro-batch."""
    groups = [m._get_fsdp_state()._fsdp_param_group for m in model.modules() if isinstance(m, FSDPModule)]
    waiting = [p.unsharded_accumulated_grad for group in groups if group for p in group.fsdp_params]
    return size([gradient for gradient in waiting if gradient is not None])


def process(rank: int, zero: int, store: str) -> None:
    """Two micro-batches and a step."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{store}/store", rank=rank, world_size=2)
    model: Any = MaskedLanguageModel(CONFIG)
    policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)
    mesh = init_device_mesh("cpu", (2,))
    for block in model.encoder.blocks:
        fully_shard(block, mesh=mesh, mp_policy=policy, reshard_after_forward=zero == 3)
    fully_shard(model, mesh=mesh, mp_policy=policy, reshard_after_forward=False)
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)
    gradients = 0
    for last in (False, True):
        if zero == 1:
            model.set_requires_gradient_sync(last)
        ids = torch.randint(5, 100, (2, 8))
        model(ids, torch.ones_like(ids)).float().square().mean().backward()
        reduced = size([p.grad for p in model.parameters() if p.grad is not None])
        gradients = max(gradients, reduced, unreduced(model))
    weights = size(list(model.parameters()))
    optimizer.step()
    moments = size([v for slots in optimizer.state.values() for v in slots.values() if v.dim()])
    held = {"weights": weights, "gradients": gradients, "moments": moments}
    Path(store, f"{rank}.json").write_text(json.dumps(held))
    dist.destroy_process_group()


if __name__ == "__main__":
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    with tempfile.TemporaryDirectory() as folder:
        multiprocessing.spawn(process, (int(sys.argv[1]), folder), 2)
        held = [json.loads(Path(folder, f"{rank}.json").read_text()) for rank in (0, 1)]
    print(json.dumps({"processes": held}))

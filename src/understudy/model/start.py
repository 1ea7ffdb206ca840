"""How weights start, all in one place, and models that never pass through the host's memory."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor, nn

_PENDING = "_pending_start"
"""Attribute of a module on the meta device: the seed and deviation of its start."""


def initialise(module: nn.Module, seed: int | None = None, deviation: float | None = 0.02) -> None:
    """Matrices and embeddings N(0, deviation); scales of norms 1; every other vector 0.

    A parameter's values hang on the seed, its place in the module and its shape: not on the device, nor on
    how it is sharded, nor on wrappers around modules. They are drawn on the CPU, one parameter at a time, so
    the host holds one whole parameter at most; of a ``DTensor`` each process keeps its own part. A module on
    the meta device only notes its start, for :func:`begin`.

    Args:
        module: whose parameters are set.
        seed: none: drawn from torch's global generator.
        deviation: standard deviation; RoBERTa's is 0.02. None: 1 / sqrt(inputs) of each matrix, which keeps a
            signal's size through a stack of layers without norms.
    """
    if seed is None:
        seed = draw_seed()
    if all(parameter.is_meta for parameter in module.parameters()):
        setattr(module, _PENDING, (seed, deviation))
        return
    with torch.no_grad():
        for number, (name, parameter) in enumerate(module.named_parameters()):
            if parameter.is_meta:
                continue
            if parameter.dim() == 2 and name.endswith("weight"):
                scale = parameter.shape[1] ** -0.5 if deviation is None else deviation
                _copy(_normal(parameter, seed, number, scale), parameter)
            else:
                parameter.fill_(1.0 if name.endswith("weight") else 0.0)


def draw_seed() -> int:
    """From torch's global generator; drawn before any layer is made it is the same one on any device."""
    return int(torch.randint(2**62, (), device="cpu"))


def materialise(
    module: nn.Module, device: torch.device | str, seed: int, deviation: float | None = 0.02
) -> None:
    """Give a module that was made (and perhaps sharded) on the meta device memory and its start.

    ::

        with torch.device("meta"):
            model = MaskedLanguageModel(config)
        materialise(model, "cuda", seed=0)
    """
    module.__dict__.pop(_PENDING, None)
    module.to_empty(device=device)
    initialise(module, seed, deviation)


def begin(module: nn.Module, device: torch.device | str) -> None:
    """Materialise what was made on the meta device, sharded since or whole: now it is known who holds what.

    ::

        torch.manual_seed(0)
        with torch.device("meta"):
            model = MaskedLanguageModel(config)
        begin(model, "cuda")  # equals MaskedLanguageModel(config) after the same seed
    """
    for part in module.modules():
        pending = part.__dict__.pop(_PENDING, None)
        # A model that was read from a file has its weights by now.
        if pending is not None and all(parameter.is_meta for parameter in part.parameters()):
            materialise(part, device, *pending)


def _normal(parameter: Tensor, seed: int, number: int, deviation: float) -> Tensor:
    digest = hashlib.blake2b(f"{seed} {number}".encode(), digest_size=8).digest()
    generator = torch.Generator(device="cpu").manual_seed(int.from_bytes(digest) >> 1)
    return torch.empty(parameter.shape, device="cpu").normal_(0.0, deviation, generator=generator)


def _copy(values: Tensor, parameter: Tensor) -> None:
    if hasattr(parameter, "placements"):
        # Sharded, so this long import has been made already.
        from torch.distributed.tensor import DTensor, distribute_tensor

        assert isinstance(parameter, DTensor)
        # No process sends anything: each has drawn the same values and cuts out its part.
        whole = values.to(parameter.device)
        values = distribute_tensor(whole, parameter.device_mesh, parameter.placements, src_data_rank=None)
    parameter.copy_(values)

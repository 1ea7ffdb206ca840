"""The state of a run as named tensors in safetensors files, whole or in parts, for any number of processes.

A weight stands under its name in the module, what the optimizer keeps of it under ``name:key``. Parts are
written and put together by PyTorch's distributed checkpoints.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.hf_storage import HuggingFaceStorageReader, HuggingFaceStorageWriter
from torch.distributed.checkpoint.state_dict_loader import load
from torch.distributed.checkpoint.state_dict_saver import async_save

from understudy.core.errors import UserError

SCALE = "scale"
"""Of the loss, in float16: see :attr:`.scale.LossScale.state`."""


def tensors_of(module: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """What the optimizer keeps, by name; the tensors themselves."""
    return {
        f"{name}:{key}": value
        for name, parameter in module.named_parameters()
        for key, value in optimizer.state.get(parameter, {}).items()
    }


def write_whole(folder: Path, weights: Mapping[str, Tensor], optimizer: Mapping[str, Tensor]) -> Future[None]:
    """Write ``model.safetensors`` and ``optimizer.safetensors``; done when it returns."""
    for name, tensors in (("model", weights), ("optimizer", optimizer)):
        whole = {key: tensor.detach().cpu().contiguous() for key, tensor in tensors.items()}
        save_file(whole, folder / f"{name}.safetensors")
    written: Future[None] = Future()
    written.set_result(None)
    return written


def write_parts(folder: Path, tensors: dict[str, Tensor], group: dist.ProcessGroup) -> Future[None]:
    """Each process copies its parts to the host and writes them in the background.

    Args:
        folder: seen by every process.
        tensors: weights and optimizer state, ``DTensor`` where sharded; the same names everywhere.
        group: for this alone, so that nothing comes between the collective calls of training.

    Returns:
        Done on process 0 when the parts of all processes are on disk.
    """
    writer = HuggingFaceStorageWriter(str(folder), save_distributed=True)
    begun = async_save(tensors, storage_writer=writer, process_group=group)
    assert isinstance(begun, Future)
    written: Future[None] = Future()

    def done(all_of_it: Future[object]) -> None:
        error = all_of_it.exception()
        if isinstance(error, CheckpointException):
            error = next(iter(error.failures.values()))[0]
        if error is None:
            written.set_result(None)
        else:
            written.set_exception(error)

    begun.add_done_callback(done)
    return written


def read_state(folder: Path, module: nn.Module, optimizer: torch.optim.Optimizer) -> Tensor | None:
    """Read weights and optimizer state in place; returns the state of the loss scale, if one was saved.

    Raises:
        UserError: a file cannot be read.
        RuntimeError: the state is of another module.
    """
    weights = module.state_dict()
    saved = _saved(folder)
    _check_names({name: tuple(tensor.shape) for name, tensor in weights.items()}, saved)
    begin_state(module, optimizer, {name.split(":")[0] for name in saved if ":" in name})
    tensors = weights | tensors_of(module, optimizer)
    scale = torch.zeros(2, dtype=torch.float64)
    if SCALE in saved:
        tensors[SCALE] = scale
    _load(folder, tensors)
    return scale if SCALE in saved else None


def read_whole(folder: Path, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """Weights of these shapes, and whatever there is of other state, whole and in float32 on the host.

    Raises:
        UserError: a file cannot be read.
        RuntimeError: the state is of another module.
    """
    saved = _saved(folder)
    _check_names(shapes, saved)
    tensors = {name: torch.empty(size) for name, size in saved.items() if name in shapes or ":" in name}
    if SCALE in saved:
        tensors[SCALE] = torch.zeros(2, dtype=torch.float64)
    _load(folder, tensors)
    return tensors


def _saved(folder: Path) -> dict[str, tuple[int, ...]]:
    try:
        entries = HuggingFaceStorageReader(str(folder)).read_metadata().state_dict_metadata
    except (SafetensorError, OSError, ValueError) as error:
        raise UserError(f"cannot be read, it may be cut short ({error})", file=folder) from None
    return {name: tuple(entry.size) for name, entry in entries.items()}  # type: ignore[union-attr]


def _load(folder: Path, tensors: dict[str, Tensor]) -> None:
    reader = HuggingFaceStorageReader(str(folder))
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "torch.distributed is disabled")  # one process is no mistake
            load(tensors, storage_reader=reader, no_dist=not dist.is_initialized())
    except CheckpointException as error:
        cause = next(iter(error.failures.values()))[0]
        raise UserError(f"cannot be read ({cause})", file=folder) from None


def _check_names(ours: Mapping[str, tuple[int, ...]], saved: Mapping[str, tuple[int, ...]]) -> None:
    theirs = {name: size for name, size in saved.items() if ":" not in name and name not in (SCALE, "rng")}
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            raise RuntimeError(f"{name} has shape {theirs.get(name)} there and {ours.get(name)} here")


def begin_state(module: nn.Module, optimizer: torch.optim.Optimizer, names: set[str]) -> None:
    """Let the optimizer make its state for these weights, which stay what they are."""
    rates = [group["lr"] for group in optimizer.param_groups]
    for group in optimizer.param_groups:
        group["lr"] = 0.0
    for name, parameter in module.named_parameters():
        if name in names:
            parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate

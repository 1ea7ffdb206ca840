"""Softmax attention within sequences: padded to rows, or packed end to end without a leak.

| sequences | where | how |
|---|---|---|
| padded | training on CPU | four operations: the fused kernel's backward pass is slow there |
| padded | elsewhere | torch's fused kernel |
| packed | CUDA, half precision | ``varlen``: flash attention over borders, where torch has it (2.10) |
| packed | CUDA, anything else | ``flex``: a compiled kernel that skips blocks of other sequences |
| packed | elsewhere | ``padded``: rows for the attention alone, everything else stays packed |

The query is scaled before the product or the product is summed in float32, so scores do not overflow in
float16 (paper A 2.4); softmax is taken in float32.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from understudy.core.errors import UserError
from understudy.model.dropout import dropped

VARLEN = find_spec("torch.nn.attention.varlen") is not None
"""Whether this torch has attention over borders; since 2.10."""

Kernel = Literal["varlen", "flex", "padded", "plain"]
"""Attention of packed sequences; ``plain`` is the oracle that the others are tested against."""


def attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor, dropout: float) -> Tensor:
    """Attention in padded rows.

    Torch's fused kernel is right everywhere but for training on CPU, where its backward pass is many times
    as slow as these four operations at the lengths of utterances (``benchmarks/attention_cpu.py``).

    Args:
        query, key, value: (B, heads, L, D).
        bias: (B, 1, 1, L), added to the scores.
        dropout: share of the attention weights dropped.
    """
    if query.device.type != "cpu" or not torch.is_grad_enabled():
        return F.scaled_dot_product_attention(query, key, value, bias.to(query.dtype), dropout)
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    wide = torch.promote_types(scores.dtype, torch.float32)
    weights = dropped(F.softmax(scores + bias, dim=-1, dtype=wide), dropout)
    return weights.to(value.dtype) @ value


def plain_attention(query: Tensor, key: Tensor, value: Tensor, allowed: Tensor) -> Tensor:
    """The oracle: the formula over all pairs, at least in float32, whatever autocast says.

    Args:
        query, key, value: (..., L, D).
        allowed: boolean, spread over (..., L, L): whether the query (rows) may attend to the key.
    """
    wide = torch.promote_types(query.dtype, torch.float32)
    with torch.autocast(query.device.type, enabled=False):
        scores = (query.to(wide) * query.shape[-1] ** -0.5) @ key.to(wide).transpose(-1, -2)
        weights = scores.masked_fill(~allowed, float("-inf")).softmax(-1)
        attended: Tensor = weights @ value.to(wide)
        return attended.to(value.dtype)


class Packing(NamedTuple):
    """Where sequences lie among T pieces, in the form that the kernel reads; made once a forward pass."""

    kernel: Kernel
    borders: Tensor
    """(S + 1,) int32: sequence s is pieces ``borders[s]`` to ``borders[s + 1]``."""
    longest: int
    """No sequence is longer."""
    plan: Any
    """flex: its block mask; padded: (S, longest), true at real pieces; plain: (T,) sequence numbers."""


def packing(borders: Tensor, pieces: int, longest: int, kernel: Kernel) -> Packing:
    """Prepare a kernel.

    Args:
        borders: (S + 1,) from 0 to ``pieces``, ascending; equal neighbours are an empty sequence.
        pieces: T.
        longest: a bound on the lengths, known on the host: reading it off a GPU would stop the queue.
        kernel: one of :data:`Kernel`.
    """
    borders = borders.to(torch.int32)
    plan: Any = None
    # Not imported above, where it takes longer than a small model's first step; nor in a layer, which may be
    # compiled.
    if kernel in ("varlen", "flex"):
        import_module(f"torch.nn.attention.{'varlen' if kernel == 'varlen' else 'flex_attention'}")
    if kernel == "padded":
        lengths = borders.diff()
        longest = int(lengths.max()) if len(lengths) else 0
        plan = torch.arange(longest, device=borders.device) < lengths[:, None]
    elif kernel != "varlen":
        places = torch.arange(pieces, device=borders.device, dtype=torch.int32)
        plan = torch.bucketize(places, borders[1:-1], right=True)
        plan = _block_mask(plan) if kernel == "flex" else plan
    return Packing(kernel, borders, longest, plan)


def choose_kernel(device: torch.device, dtype: torch.dtype, head_size: int) -> Kernel:
    """The fastest kernel for queries of this type; the table at the head of this file."""
    if device.type != "cuda":
        return "padded"
    half = dtype in (torch.bfloat16, torch.float16)
    fits = head_size % 8 == 0 and head_size <= 256
    # Flash attention begins with Ampere.
    return (
        "varlen"
        if VARLEN and half and fits and torch.cuda.get_device_capability(device) >= (8, 0)
        else "flex"
    )


def packed_attention(qkv: Tensor, where: Packing, dropout: float) -> Tensor:
    """Attention of packed sequences, each to itself alone.

    Args:
        qkv: (T, 3, heads, D).
        where: from :func:`packing`.
        dropout: share of the attention weights dropped.

    Returns:
        (T, heads, D).

    Raises:
        UserError: attention dropout, which the kernels for packed sequences do not have.
    """
    if where.kernel == "padded":
        rows = qkv.new_zeros(*where.plan.shape, *qkv.shape[1:])
        rows[where.plan] = qkv
        bias = torch.zeros(where.plan.shape, device=qkv.device).masked_fill(~where.plan, float("-inf"))
        query, key, value = rows.permute(2, 0, 3, 1, 4)
        return attention(query, key, value, bias[:, None, None, :], dropout).transpose(1, 2)[where.plan]
    if dropout:
        raise UserError(
            "packed sequences have no attention dropout on this device; set it to 0",
            place="encoder.attention_dropout",
        )
    if where.kernel == "varlen":
        query, key, value = qkv.unbind(1)
        borders, longest = where.borders, where.longest
        attend: Callable[..., Tensor] = torch.nn.attention.varlen.varlen_attn  # type: ignore[attr-defined]
        return attend(query, key, value, borders, borders, longest, longest)
    query, key, value = qkv.permute(1, 2, 0, 3)
    if where.kernel == "plain":
        allowed = where.plan[:, None] == where.plan[None, :]
        return plain_attention(query, key, value, allowed).transpose(0, 1)
    return _flex(query, key, value, where.plan).transpose(0, 1)


def _flex(query: Tensor, key: Tensor, value: Tensor, mask: Any) -> Tensor:
    kernel: Callable[..., Tensor] = torch.nn.attention.flex_attention.flex_attention
    # Uncompiled it would hold all T^2 scores; within a compiled layer it is compiled with it.
    if query.device.type == "cuda" and not torch.compiler.is_compiling():
        kernel = _compiled(kernel)
    return kernel(query[None], key[None], value[None], block_mask=mask)[0]


@functools.cache
def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    return torch.compile(function)


def _block_mask(sequence: Tensor) -> Any:
    def same(batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        del batch, head
        return sequence[query] == sequence[key]

    make: Callable[..., Any] = torch.nn.attention.flex_attention.create_block_mask
    if sequence.device.type == "cuda":
        make = _compiled(make)
    return make(same, None, None, len(sequence), len(sequence), device=sequence.device)

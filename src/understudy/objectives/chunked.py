"""Cross-entropy against a large vocabulary, a chunk of pieces at a time, forward and backward.

The scores of N positions and V pieces, their softmax and its gradient are three tensors of N x V; with
150,000 pieces they outweigh a small model many times over. Here no tensor is larger than N x chunk, beside
the gradients themselves: the forward pass keeps the logarithm of each softmax's denominator, and the backward
pass computes a chunk's scores again, a fourth matrix product where the dense computation has three. Scores in
half precision are kept where they are few, and there are three products again.
``benchmarks/output_layer.py`` measures time and memory of both.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from understudy.objectives.chunks import (
    Denominator,
    Gradients,
    OutputLayer,
    place,
    precision,
    products,
    scores,
)
from understudy.objectives.losses import IGNORE, at_least_float32


def chunked_cross_entropy_sum(
    hidden: Tensor, weight: Tensor, bias: Tensor | None, labels: Tensor, chunk: int
) -> Tensor:
    """``summed_cross_entropy(linear(hidden, weight, bias), labels)`` without ever holding all scores.

    Products are in the inputs' precision, or autocast's; everything that is summed is at least in float32.

    Args:
        hidden: (N, H).
        weight: (V, H), such as the tied word embedding.
        bias: (V,), or none.
        labels: (N,); ``IGNORE`` counts for nothing.
        chunk: pieces at a time; (N, chunk) scores are held.
    """
    normaliser, picked = chunked_logsumexp((hidden, weight, bias), labels[:, None], chunk)
    return ((normaliser - picked[:, 0]) * (labels != IGNORE)).sum()


def chunked_logsumexp(layer: OutputLayer, picks: Tensor, chunk: int) -> tuple[Tensor, Tensor]:
    """log sum_v exp(score_v) of each position, and the scores of some pieces: what cross-entropies need.

    Args:
        layer: hidden states (N, H), matrix (V, H) and bias (V,), or none.
        picks: (N, k) pieces; of one that does not exist the score is 0.
        chunk: pieces at a time.

    Returns:
        (N,) and (N, k), at least in float32.
    """
    made = _LogSumExp.apply(*layer, picks, chunk, *precision(*layer[:2]))  # type: ignore[no-untyped-call]
    return cast(tuple[Tensor, Tensor], made)


class _LogSumExp(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        picks: Tensor,
        chunk: int,
        dtype: torch.dtype,
        keep: bool,
    ) -> tuple[Tensor, Tensor]:
        narrow = weight.to(dtype) if keep else None
        kept: list[Tensor] = []
        denominator = Denominator(hidden, picks)
        for begin, product in products((hidden, weight if narrow is None else narrow, bias), chunk, dtype):
            if keep:
                kept.append(product)
            denominator.add(begin, at_least_float32(product))
        ctx.save_for_backward(hidden, weight, bias, narrow, picks, denominator.value, *kept)
        ctx.chunk, ctx.dtype = chunk, dtype
        return denominator.value, denominator.picked

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, of_normaliser: Tensor, of_picked: Tensor) -> tuple[Tensor | None, ...]:
        hidden, weight, bias, narrow, picks, normaliser, *kept = ctx.saved_tensors
        layer = (hidden, weight, bias)
        gradients = Gradients(layer, narrow, ctx.needs_input_grad, ctx.dtype)
        for begin, wide in scores(layer, ctx.chunk, ctx.dtype, kept):
            wide.sub_(normaliser[:, None]).exp_().mul_(of_normaliser[:, None])
            column, inside = place(picks, begin, wide.shape[1])
            wide.scatter_add_(1, column, of_picked * inside)
            gradients.add(begin, wide)
        return (*gradients.made(), None, None, None, None)

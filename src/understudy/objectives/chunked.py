"""Cross-entropy against a large vocabulary, a chunk of pieces at a time, forward and backward.

The scores of N positions and V pieces, their softmax and its gradient are three tensors of N x V; with
150,000 pieces they outweigh a small model many times over. Here no tensor is larger than N x chunk, beside
the gradients themselves: the forward pass keeps the logarithm of each softmax's denominator, and the backward
pass computes a chunk's scores again, a fourth matrix product where the dense computation has three. Scores in
half precision are kept where they are few, and there are three products again.
``benchmarks/output_layer.py`` measures time and memory of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from understudy.objectives.losses import IGNORE, at_least_float32

KEPT = 2**29
"""Bytes of half-precision scores that the forward pass may leave for the backward pass, which else makes them
again: with 150,000 pieces those of 1,789 positions, or of 894 with a teacher's."""

OutputLayer = tuple[Tensor, Tensor, Tensor | None]
"""What scores are made of: (N, H) hidden states, a (V, H) matrix and a (V,) bias or none."""


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
    dtype = _product_dtype(hidden, weight)
    keep = _may_keep(hidden, weight, dtype)
    return cast(Tensor, _CrossEntropy.apply(hidden, weight, bias, labels, chunk, dtype, keep))  # type: ignore[no-untyped-call]


def chunked_cross_entropy_sums(
    student: OutputLayer, teacher: OutputLayer, labels: Tensor, temperature: float, chunk: int
) -> tuple[Tensor, Tensor]:
    """:func:`chunked_cross_entropy_sum` of the student and :func:`.losses.soft_cross_entropy` of both.

    In one go, since both need the student's scores. The teacher gets no gradient.

    Args:
        student, teacher: hidden states (N, H), matrix (V, H) and bias (V,), or none; H may differ.
        labels: (N,); positions of ``IGNORE`` count for neither.
        temperature: of both softmaxes of the soft one.
        chunk: pieces at a time; few tensors of (N, chunk) scores are held.
    """
    frozen = tuple(x if x is None else x.detach() for x in teacher)
    dtypes = (_product_dtype(*student[:2]), _product_dtype(*teacher[:2]))
    keep = _may_keep(*student[:2], *dtypes)
    sums = _BothCrossEntropies.apply(*student, *frozen, labels, temperature, chunk, dtypes, keep)  # type: ignore[no-untyped-call]
    return cast(tuple[Tensor, Tensor], sums)


class _CrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        labels: Tensor,
        chunk: int,
        dtype: torch.dtype,
        keep: bool,
    ) -> Tensor:
        kept: list[Tensor] = []
        normaliser = at_least_float32(hidden.new_full(labels.shape, float("-inf")))
        picked = torch.zeros_like(normaliser)
        for begin, narrow in _products(hidden, weight, bias, chunk, dtype):
            if keep:
                kept.append(narrow)
            scores = at_least_float32(narrow)
            normaliser = torch.logaddexp(normaliser, scores.logsumexp(-1))
            place, inside = _place(labels, begin, scores)
            picked = torch.where(inside, scores.gather(1, place).squeeze(1), picked)
        ctx.save_for_backward(hidden, weight, bias, labels, normaliser, *kept)
        ctx.chunk, ctx.dtype = chunk, dtype
        return ((normaliser - picked) * (labels != IGNORE)).sum()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor | None, ...]:
        hidden, weight, bias, labels, normaliser, *kept = ctx.saved_tensors
        layer = (hidden, weight, bias)
        gradients = _Gradients(layer, ctx.needs_input_grad, ctx.dtype)
        share = (upstream * (labels != IGNORE))[:, None]
        for begin, scores in _kept(kept, ctx.chunk) if kept else _scores(*layer, ctx.chunk, ctx.dtype):
            scores.sub_(normaliser[:, None]).exp_()
            place, inside = _place(labels, begin, scores)
            scores.scatter_add_(1, place, -inside[:, None].to(scores.dtype))
            gradients.add(begin, scores.mul_(share))
        return (*gradients.made(), None, None, None, None)


class _BothCrossEntropies(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *given: Any) -> tuple[Tensor, Tensor]:
        tensors, (labels, temperature, chunk, dtypes, keep) = given[:6], given[6:]
        kept: list[Tensor] = []
        normaliser = at_least_float32(tensors[0].new_full(labels.shape, float("-inf")))
        ours, theirs = normaliser.clone(), normaliser.clone()
        picked, mean = torch.zeros_like(normaliser), torch.zeros_like(normaliser)
        products = zip(
            _products(tensors[0], tensors[1], tensors[2], chunk, dtypes[0]),
            _products(tensors[3], tensors[4], tensors[5], chunk, dtypes[1]),
            strict=True,
        )
        for (begin, narrow), (_, theirs_narrow) in products:
            if keep:
                kept += [narrow, theirs_narrow]
            s, t = at_least_float32(narrow), at_least_float32(theirs_narrow)
            normaliser = torch.logaddexp(normaliser, s.logsumexp(-1))
            place, inside = _place(labels, begin, s)
            picked = torch.where(inside, s.gather(1, place).squeeze(1), picked)
            s.div_(temperature)
            t.div_(temperature)
            ours = normaliser if temperature == 1 else torch.logaddexp(ours, s.logsumexp(-1))
            # The running mean of the student's scores under the teacher's probabilities so far.
            wider = torch.logaddexp(theirs, t.logsumexp(-1))
            mean = mean * (theirs - wider).exp() + (t.sub_(wider[:, None]).exp_() * s).sum(-1)
            theirs = wider
        ctx.save_for_backward(*tensors, labels, normaliser, ours, theirs, *kept)
        ctx.chunk, ctx.dtypes, ctx.temperature = chunk, dtypes, temperature
        valid = labels != IGNORE
        return ((normaliser - picked) * valid).sum(), temperature**2 * ((ours - mean) * valid).sum()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor | None, ...]:
        tensors, (labels, normaliser, ours, theirs, *kept) = ctx.saved_tensors[:6], ctx.saved_tensors[6:]
        gradients = _Gradients(tensors[:3], ctx.needs_input_grad, ctx.dtypes[0])
        hard, soft = ((each * (labels != IGNORE))[:, None] for each in upstream)
        pairs = (
            zip(_kept(kept[::2], ctx.chunk), _kept(kept[1::2], ctx.chunk), strict=True)
            if kept
            else _both_scores(tensors, ctx.chunk, ctx.dtypes)
        )
        for (begin, s), (_, t) in pairs:
            scores = s / ctx.temperature
            scores.sub_(ours[:, None]).exp_()
            scores.sub_(t.div_(ctx.temperature).sub_(theirs[:, None]).exp_()).mul_(soft * ctx.temperature)
            place, inside = _place(labels, begin, s)
            s.sub_(normaliser[:, None]).exp_().scatter_add_(1, place, -inside[:, None].to(s.dtype))
            gradients.add(begin, scores.addcmul_(s, hard))
        return (*gradients.made(), *[None] * 8)


class _Gradients:
    """Gradients of ``linear(hidden, weight, bias)``, from those of its outputs a chunk at a time."""

    def __init__(
        self,
        inputs: tuple[Tensor, Tensor, Tensor | None],
        wanted: tuple[bool, ...],
        dtype: torch.dtype,
    ) -> None:
        hidden, weight, bias = inputs
        self.inputs = (hidden, weight)
        self.dtype = dtype
        self.hidden = torch.zeros_like(at_least_float32(hidden)) if wanted[0] else None
        self.weight = torch.empty_like(weight) if wanted[1] else None
        self.bias = torch.empty_like(bias) if bias is not None and wanted[2] else None

    def add(self, begin: int, outputs: Tensor) -> None:
        """``outputs``: (N, chunk), the gradient of the scores from piece ``begin`` on."""
        hidden, weight = self.inputs
        pieces = slice(begin, begin + outputs.shape[1])
        narrow = outputs.to(self.dtype)
        with torch.autocast(outputs.device.type, enabled=False):
            if self.hidden is not None:
                self.hidden += narrow @ weight[pieces].to(self.dtype)
            if self.weight is not None:
                self.weight[pieces] = narrow.T @ hidden.to(self.dtype)
        if self.bias is not None:
            self.bias[pieces] = outputs.sum(0)

    def made(self) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        hidden = None if self.hidden is None else self.hidden.to(self.inputs[0].dtype)
        return hidden, self.weight, self.bias


def _scores(
    hidden: Tensor, weight: Tensor, bias: Tensor | None, chunk: int, dtype: torch.dtype
) -> Iterator[tuple[int, Tensor]]:
    """The number of each chunk's first piece, and the (N, chunk) scores, at least in float32."""
    products = _products(hidden, weight, bias, chunk, dtype)
    return ((begin, at_least_float32(scores)) for begin, scores in products)


def _products(
    hidden: Tensor, weight: Tensor, bias: Tensor | None, chunk: int, dtype: torch.dtype
) -> Iterator[tuple[int, Tensor]]:
    """The same as the product gives them."""
    hidden = hidden.to(dtype)
    for begin in range(0, len(weight), chunk):
        pieces = slice(begin, begin + chunk)
        with torch.autocast(hidden.device.type, enabled=False):
            scores = F.linear(
                hidden, weight[pieces].to(dtype), None if bias is None else bias[pieces].to(dtype)
            )
        yield begin, scores


def _both_scores(
    tensors: tuple[Tensor, ...], chunk: int, dtypes: tuple[torch.dtype, torch.dtype]
) -> Iterator[tuple[tuple[int, Tensor], tuple[int, Tensor]]]:
    """:func:`_scores` of the student's three tensors and of the teacher's."""
    return zip(
        _scores(tensors[0], tensors[1], tensors[2], chunk, dtypes[0]),
        _scores(tensors[3], tensors[4], tensors[5], chunk, dtypes[1]),
        strict=True,
    )


def _may_keep(hidden: Tensor, weight: Tensor, *dtypes: torch.dtype) -> bool:
    """Whether the scores of all pieces, once in each precision, are half and few, and wanted again."""
    few = sum(dtype.itemsize for dtype in dtypes) * len(hidden) * len(weight) <= KEPT
    return few and all(dtype.itemsize == 2 for dtype in dtypes) and torch.is_grad_enabled()


def _kept(products: Sequence[Tensor], chunk: int) -> Iterator[tuple[int, Tensor]]:
    """What :func:`_scores` would give, from what :func:`_products` gave."""
    return ((number * chunk, at_least_float32(scores)) for number, scores in enumerate(products))


def _place(labels: Tensor, begin: int, scores: Tensor) -> tuple[Tensor, Tensor]:
    """Each label's column in the chunk (N, 1), and whether it is there at all (N,)."""
    width = scores.shape[1]
    place = labels - begin
    return place.clamp(0, width - 1)[:, None], (place >= 0) & (place < width)


def _product_dtype(hidden: Tensor, weight: Tensor) -> torch.dtype:
    """What the dense product would be in."""
    device = hidden.device.type
    if torch.is_autocast_enabled(device) and hidden.dtype != torch.float64:
        return torch.get_autocast_dtype(device)
    return torch.promote_types(hidden.dtype, weight.dtype)

"""Cross-entropy with a teacher over a large vocabulary, a chunk of pieces at a time; see :mod:`.chunked`."""

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


class SoftTargets:
    """A teacher's probabilities of all pieces at some positions, for any number of students.

    Where half-precision scores may be kept, probabilities are, in bfloat16: made once, they serve both passes
    of all students. Otherwise each pass of each student makes the scores again.

    Args:
        layer: the teacher's hidden states (N, H), matrix (V, H) and bias (V,), or none; it gets no gradient.
        temperature: of the softmax.
        chunk: pieces at a time.
    """

    def __init__(self, layer: OutputLayer, temperature: float, chunk: int) -> None:
        hidden, weight, bias = layer
        self.layer = (hidden.detach(), weight.detach(), None if bias is None else bias.detach())
        self.temperature, self.chunk = temperature, chunk
        self.dtype, keep = precision(hidden, weight)
        self.normaliser: Tensor | None = None
        self.kept: list[Tensor] = []
        if keep:
            self._keep()

    def _keep(self) -> None:
        with torch.no_grad():
            narrow = [each for _, each in products(self.layer, self.chunk, self.dtype)]
            sums = [at_least_float32(each).div_(self.temperature).logsumexp(-1) for each in narrow]
            self.normaliser = torch.stack(sums).logsumexp(0)
            self.kept = [
                at_least_float32(each)
                .div_(self.temperature)
                .sub_(self.normaliser[:, None])
                .exp_()
                .to(torch.bfloat16)
                for each in narrow
            ]

    def scores(self) -> Tensor:
        """(N, V): all of them, for a student whose scores can't be had in chunks."""
        with torch.no_grad():
            return torch.cat([each for _, each in products(self.layer, self.chunk, self.dtype)], dim=1)


class _Mean:
    """The mean of a student's scores under the teacher's probabilities, chunk by chunk."""

    def __init__(self, targets: SoftTargets, like: Tensor) -> None:
        self.targets, self.value = targets, torch.zeros_like(like)
        self._normaliser = torch.full_like(like, float("-inf"))
        self._kept = iter(targets.kept)
        self._scores = scores(targets.layer, targets.chunk, targets.dtype)

    def add(self, ours: Tensor) -> None:
        """The student's next chunk of scores, divided by the temperature."""
        if self.targets.kept:
            self.value += at_least_float32(next(self._kept)).mul_(ours).sum(-1)
            return
        theirs = next(self._scores)[1].div_(self.targets.temperature)
        wider = torch.logaddexp(self._normaliser, theirs.logsumexp(-1))
        new = theirs.sub_(wider[:, None]).exp_().mul_(ours).sum(-1)
        self.value = self.value * (self._normaliser - wider).exp() + new
        self.targets.normaliser = self._normaliser = wider


def chunked_cross_entropy_sums(
    student: OutputLayer, targets: SoftTargets, labels: Tensor
) -> tuple[Tensor, Tensor]:
    """:func:`.chunked.chunked_cross_entropy_sum` and :func:`.losses.soft_cross_entropy` of one student.

    In one go, since both need the student's scores.

    Args:
        student: hidden states (N, H), matrix (V, H) and bias (V,), or none.
        labels: (N,); positions of ``IGNORE`` count for neither.
    """
    sums = _BothCrossEntropies.apply(*student, targets, labels, *precision(*student[:2]))  # type: ignore[no-untyped-call]
    return cast(tuple[Tensor, Tensor], sums)


class _BothCrossEntropies(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        targets: SoftTargets,
        labels: Tensor,
        dtype: torch.dtype,
        keep: bool,
    ) -> tuple[Tensor, Tensor]:
        narrow = weight.to(dtype) if keep else None
        layer = (hidden, weight if narrow is None else narrow, bias)
        kept: list[Tensor] = []
        # Of the student's softmaxes, without and with temperature.
        denominator = Denominator(hidden, labels[:, None])
        soft, mean = denominator.value, _Mean(targets, denominator.value)
        for begin, product in products(layer, targets.chunk, dtype):
            if keep:
                kept.append(product)
            wide = at_least_float32(product)
            denominator.add(begin, wide)
            if targets.temperature != 1:
                wide.div_(targets.temperature)
                soft = torch.logaddexp(soft, wide.logsumexp(-1))
            mean.add(wide)
        hard = denominator.value
        soft = hard if targets.temperature == 1 else soft
        ctx.save_for_backward(hidden, weight, bias, narrow, labels, hard, soft, *kept)
        ctx.targets, ctx.dtype = targets, dtype
        valid = labels != IGNORE
        sums = (hard - denominator.picked[:, 0]) * valid, targets.temperature**2 * (soft - mean.value) * valid
        return sums[0].sum(), sums[1].sum()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *upstream: Tensor) -> tuple[Tensor | None, ...]:
        (*layer, narrow, labels, hard, soft), kept = ctx.saved_tensors[:7], ctx.saved_tensors[7:]
        targets, t = ctx.targets, ctx.targets.temperature
        gradients = Gradients(tuple(layer), narrow, ctx.needs_input_grad, ctx.dtype)
        of_hard, of_soft = ((each * (labels != IGNORE))[:, None] for each in upstream)
        theirs = scores(targets.layer, targets.chunk, targets.dtype, targets.kept)
        ours = scores(tuple(layer), targets.chunk, ctx.dtype, kept)
        for (begin, wide), (_, p) in zip(ours, theirs, strict=True):
            if not targets.kept:
                p.div_(t).sub_(targets.normaliser[:, None]).exp_()
            # Of the soft sum: T^2 (softmax(s / T) - p) / T.
            if t == 1:
                wide.sub_(hard[:, None]).exp_().mul_(of_hard + of_soft)
            else:
                p.sub_((wide / t).sub_(soft[:, None]).exp_())
                wide.sub_(hard[:, None]).exp_().mul_(of_hard)
            wide.addcmul_(p, -t * of_soft)
            column, inside = place(labels[:, None], begin, wide.shape[1])
            gradients.add(begin, wide.scatter_add_(1, column, -of_hard * inside))
        return (*gradients.made(), None, None, None, None)

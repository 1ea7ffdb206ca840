"""The scores of an output layer a chunk of pieces at a time, and what their gradients make of its inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from understudy.objectives.losses import at_least_float32

KEPT = 2**29
"""Bytes of half-precision scores that a forward pass may leave for the backward pass, which else makes them
again: with 150,000 pieces those of 1,789 positions."""

OutputLayer = tuple[Tensor, Tensor, Tensor | None]
"""What scores are made of: (N, H) hidden states, a (V, H) matrix and a (V,) bias or none."""


def products(layer: OutputLayer, chunk: int, dtype: torch.dtype) -> Iterator[tuple[int, Tensor]]:
    """The number of each chunk's first piece, and the (N, chunk) scores in the precision of the product."""
    hidden, weight, bias = layer
    hidden = hidden.to(dtype)
    for begin in range(0, len(weight), chunk):
        pieces = slice(begin, begin + chunk)
        with torch.autocast(hidden.device.type, enabled=False):
            scores = F.linear(
                hidden, weight[pieces].to(dtype), None if bias is None else bias[pieces].to(dtype)
            )
        yield begin, scores


def scores(
    layer: OutputLayer, chunk: int, dtype: torch.dtype, kept: Sequence[Tensor] = ()
) -> Iterator[tuple[int, Tensor]]:
    """The same at least in float32, free to be changed: of the ``kept`` ones if there are any."""
    made = ((number * chunk, each) for number, each in enumerate(kept)) if kept else None
    return ((begin, at_least_float32(each)) for begin, each in made or products(layer, chunk, dtype))


def precision(hidden: Tensor, weight: Tensor) -> tuple[torch.dtype, bool]:
    """What the dense product would be in, and whether the scores of all pieces may be kept.

    That is where they are in half precision, few, and wanted again.
    """
    device = hidden.device.type
    if torch.is_autocast_enabled(device) and hidden.dtype != torch.float64:
        dtype = torch.get_autocast_dtype(device)
    else:
        dtype = torch.promote_types(hidden.dtype, weight.dtype)
    few = dtype.itemsize * len(hidden) * len(weight) <= KEPT
    return dtype, few and dtype.itemsize == 2 and torch.is_grad_enabled()


def place(picks: Tensor, begin: int, width: int) -> tuple[Tensor, Tensor]:
    """The column of each pick (N, k) in a chunk, and whether it is there at all."""
    column = picks - begin
    return column.clamp(0, width - 1), (column >= 0) & (column < width)


class Denominator:
    """The logarithm of the softmax's denominator, and the scores of some pieces, chunk by chunk.

    Args:
        hidden: (N, H), for its device and precision.
        picks: (N, k) pieces; of one that does not exist the score is 0.
    """

    def __init__(self, hidden: Tensor, picks: Tensor) -> None:
        self.picks = picks
        self.value = at_least_float32(hidden.new_full(picks.shape[:1], float("-inf")))
        self.picked = self.value.new_zeros(picks.shape)

    def add(self, begin: int, scores: Tensor) -> None:
        """(N, chunk), those from piece ``begin`` on, at least in float32."""
        self.value = torch.logaddexp(self.value, scores.logsumexp(-1))
        column, inside = place(self.picks, begin, scores.shape[1])
        self.picked = torch.where(inside, scores.gather(1, column), self.picked)


class Gradients:
    """Gradients of ``linear(hidden, weight, bias)``, from those of its outputs a chunk at a time.

    Args:
        narrow: the matrix in the precision of products, if it was kept.
        wanted: of which of the three.
    """

    def __init__(
        self, layer: OutputLayer, narrow: Tensor | None, wanted: Sequence[bool], dtype: torch.dtype
    ) -> None:
        hidden, weight, bias = layer
        self._hidden, self._weight = hidden.to(dtype), weight if narrow is None else narrow
        self._dtypes = (dtype, hidden.dtype)
        self.hidden = torch.zeros_like(at_least_float32(hidden)) if wanted[0] else None
        self.weight = torch.empty_like(weight) if wanted[1] else None
        self.bias = torch.empty_like(bias) if bias is not None and wanted[2] else None

    def add(self, begin: int, outputs: Tensor) -> None:
        """``outputs``: (N, chunk), the gradient of the scores from piece ``begin`` on."""
        pieces = slice(begin, begin + outputs.shape[1])
        narrow = outputs.to(self._dtypes[0])
        with torch.autocast(outputs.device.type, enabled=False):
            if self.hidden is not None:
                self.hidden += narrow @ self._weight[pieces].to(self._dtypes[0])
            if self.weight is not None:
                self.weight[pieces] = narrow.T @ self._hidden
        if self.bias is not None:
            self.bias[pieces] = outputs.sum(0)

    def made(self) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        """Of hidden states, matrix and bias."""
        hidden = None if self.hidden is None else self.hidden.to(self._dtypes[1])
        return hidden, self.weight, self.bias

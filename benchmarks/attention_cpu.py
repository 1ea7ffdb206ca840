"""Attention in training on CPU: torch's fused kernel against the four operations the encoder uses there.

    python benchmarks/attention_cpu.py

Forward and backward pass in bfloat16 of the same tensors, the two in turn; medians and their ratio.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from understudy.model.attention import attention

HEADS, HEAD_SIZE, POSITIONS, ROUNDS = 6, 64, 8192, 7


def fused(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(query, key, value, bias.to(query.dtype))


def ours(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    return attention(query, key, value, bias, 0.0)


def seconds(run: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor], length: int) -> float:
    batch = POSITIONS // length
    qkv = torch.randn(batch, length, 3, HEADS, HEAD_SIZE, dtype=torch.bfloat16, requires_grad=True)
    bias = torch.zeros(batch, 1, 1, length)
    start = time.perf_counter()
    query, key, value = qkv.permute(2, 0, 3, 1, 4)
    run(query, key, value, bias).sum().backward()  # type: ignore[no-untyped-call]
    return time.perf_counter() - start


def main() -> None:
    print(f"{'pieces':>8}{'fused ms':>12}{'ours ms':>12}{'ratio':>8}")
    for length in (16, 32, 64, 128):
        times: dict[str, list[float]] = {"fused": [], "ours": []}
        for _ in range(ROUNDS):
            times["fused"].append(seconds(fused, length))
            times["ours"].append(seconds(ours, length))
        a, b = (statistics.median(times[name]) for name in ("fused", "ours"))
        print(f"{length:>8}{1e3 * a:>12.1f}{1e3 * b:>12.1f}{a / b:>8.1f}")


if __name__ == "__main__":
    main()

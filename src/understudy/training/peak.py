"""What this device reaches in matrix products alone, to measure training against."""

from __future__ import annotations

import time
from functools import cache

import torch

SECONDS = 0.2
"""Of measuring."""
SMALLEST = 256
LARGEST = {"cpu": 1024, "cuda": 8192}
"""Of the square matrices: large enough that only the products count, unless one alone takes too long."""


@cache
def matrix_peak(device: torch.device, dtype: torch.dtype) -> float:
    """Floating-point operations a second of the best of some products; measured once a process.

    The best rather than the mean, since whatever else runs on the machine only takes away from it. Changes
    no random state.
    """
    size, best = SMALLEST, _product(SMALLEST, device, dtype)
    while best < SECONDS / 20 and size < LARGEST.get(device.type, LARGEST["cpu"]):
        size *= 2
        best = _product(size, device, dtype)
    return 2 * size**3 / best


def _product(size: int, device: torch.device, dtype: torch.dtype) -> float:
    """Seconds of the fastest of some products; the first, which prepares the kernel, does not count."""
    # All different, and made without the generator: a GPU multiplies zeros faster than anything else.
    values = torch.arange(size * size, dtype=torch.float32, device=device).mul_(0.7).sin_()
    matrix = values.view(size, size).to(dtype)
    out = torch.empty_like(matrix)
    torch.mm(matrix, matrix, out=out)
    best, end = float("inf"), time.perf_counter() + SECONDS / 3
    while best == float("inf") or time.perf_counter() < end:
        _wait(device)
        start = time.perf_counter()
        torch.mm(matrix, matrix, out=out)
        _wait(device)
        best = min(best, time.perf_counter() - start)
    return best


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)

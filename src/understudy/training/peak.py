"""What this device reaches in matrix products alone, to measure training against."""

from __future__ import annotations

import time
from functools import cache

import torch

SECONDS = 0.2
"""Of measuring."""
SIZES = {"cpu": 1024, "cuda": 8192}
"""Of the square matrices: large enough that only the products count, small enough to be quick."""


@cache
def matrix_peak(device: torch.device, dtype: torch.dtype) -> float:
    """Floating-point operations a second of the best of some products; measured once a process.

    The best rather than the mean, since whatever else runs on the machine only takes away from it. Changes
    no random state.
    """
    size = SIZES.get(device.type, SIZES["cpu"])
    # All different, and made without the generator: a GPU multiplies zeros faster than anything else.
    values = torch.arange(size * size, dtype=torch.float32, device=device).mul_(0.7).sin_()
    matrix = values.view(size, size).to(dtype)
    out = torch.empty_like(matrix)
    best, end = float("inf"), time.perf_counter() + SECONDS
    for warm in range(1_000_000):
        _wait(device)
        start = time.perf_counter()
        torch.mm(matrix, matrix, out=out)
        _wait(device)
        now = time.perf_counter()
        if warm:  # the first prepares the kernel
            best = min(best, now - start)
        if warm and now > end:
            break
    return 2 * size**3 / best


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)

"""The clock that all contestants run against."""

from __future__ import annotations

import time

import torch

_clock = time.perf_counter


def now() -> float:
    """Seconds."""
    return _clock()


def stands_still_for_others() -> None:
    """From here on it is this process's processor time, on one thread: for a machine that others use too."""
    global _clock
    _clock = time.process_time
    torch.set_num_threads(1)

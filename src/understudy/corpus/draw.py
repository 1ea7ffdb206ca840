"""Random choices that belong to a text, not to the order in which texts are read.

A draw is a 64-bit number from a keyed hash of the text. The same seed and text give the same draw on every
machine and for every number of partitions, so choices, splits and shuffles made with draws do too.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

SPAN = 1 << 64
"""Draws are uniform in ``range(SPAN)``."""

Draws = NDArray[np.uint64]


@cache
def key(seed: int, purpose: str) -> bytes:
    """The hash key of one kind of choice; different purposes give independent draws."""
    return blake2b(f"{seed}:{purpose}".encode(), digest_size=16).digest()


def draw(text: str, key: bytes) -> int:
    """The draw of ``text`` under ``key``, in ``range(SPAN)``."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8, key=key).digest(), "big")


def draws(texts: Iterable[str], key: bytes) -> Draws:
    """:func:`draw` of each text, ``[n]``, in two thirds of the time: the keyed hash is set up once."""
    fresh = blake2b(digest_size=8, key=key).copy

    def digest(text: str) -> bytes:
        state = fresh()
        state.update(text.encode())
        return state.digest()

    return np.frombuffer(b"".join(map(digest, texts)), ">u8").astype(np.uint64)


def below(share: float) -> int:
    """The bound under which a draw falls with probability ``share``."""
    return round(share * SPAN)


def slot(draws: Draws, slots: int) -> NDArray[np.int64]:
    """Which of ``slots`` equal parts of ``range(SPAN)`` each draw lies in; in order, and as good as even."""
    return (((draws >> np.uint64(32)) * np.uint64(slots)) >> np.uint64(32)).astype(np.int64)

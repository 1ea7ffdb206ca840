"""Random choices that belong to a text, not to the order in which texts are read.

A draw is a 64-bit number from a keyed hash of the text. The same seed and text give the same draw on every
machine and for every number of partitions, so choices, splits and shuffles made with draws do too.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

SPAN = 1 << 64
"""Draws are uniform in ``range(SPAN)``."""


@cache
def key(seed: int, purpose: str) -> bytes:
    """The hash key of one kind of choice; different purposes give independent draws."""
    return blake2b(f"{seed}:{purpose}".encode(), digest_size=16).digest()


def draw(text: str, key: bytes) -> int:
    """The draw of ``text`` under ``key``, in ``range(SPAN)``."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8, key=key).digest(), "big")


def below(share: float) -> int:
    """The bound under which a draw falls with probability ``share``."""
    return round(share * SPAN)

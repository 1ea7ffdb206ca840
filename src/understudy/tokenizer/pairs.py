"""One text or two as one row of pieces, as RoBERTa has them, cut where they are too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.tokenizer.protocol import Tokenizer


@dataclass(frozen=True)
class Rows:
    """Encoded texts or pairs."""

    ids: list[list[int]]
    cut: int
    """How many of them had to lose pieces."""


def encode_pairs(
    tokenizer: Tokenizer, texts: Sequence[str], pairs: Sequence[str | None], max_length: int
) -> Rows:
    """``<s> a </s>`` of a text, ``<s> a </s></s> b </s>`` of a pair.

    Args:
        tokenizer: gives the pieces of either text.
        texts: N first texts.
        pairs: N second ones, or None.
        max_length: pieces, special ones included; what is over is taken off the end of the longer text.
    """
    firsts = tokenizer.encode_batch(texts)
    seconds = iter(tokenizer.encode_batch([pair for pair in pairs if pair is not None]))
    rows, cut = [], 0
    for first, pair in zip(firsts, pairs, strict=True):
        (begin, *a), end = first.ids[:-1], first.ids[-1]
        if pair is None:
            kept = a[: max_length - 2]
            cut += len(kept) < len(a)
            rows.append([begin, *kept, end])
            continue
        b = next(seconds).ids[1:-1]
        left, right = shares(len(a), len(b), max_length - 4)
        cut += left + right < len(a) + len(b)
        rows.append([begin, *a[:left], end, end, *b[:right], end])
    return Rows(rows, cut)


def shares(first: int, second: int, room: int) -> tuple[int, int]:
    """Pieces that either text keeps, one at a time being taken off the longer (or the second)."""
    if first + second <= room:
        return first, second
    half = room // 2
    if min(first, second) > half:
        return room - half, half
    return (first, room - first) if first < second else (room - second, second)

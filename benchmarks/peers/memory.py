"""Memory that soft targets take: both cross-entropies of masked positions, forward and backward."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import torch
import torch.nn.functional as F

from understudy.model.memory import pieces_at_once
from understudy.objectives.chunked_soft import SoftTargets, chunked_cross_entropy_sums
from understudy.objectives.losses import soft_cross_entropy, summed_cross_entropy
from understudy.tokenizer.trainer import peak_memory

AT_ONCE = 2**28
"""Scores up to which all at once is measured too: of as many it takes about 6 GB."""


def _pass(vocabulary: int, widths: Sequence[int], positions: int, chunk: int) -> int:
    """Bytes by which it raises the peak of this process; chunk 0: all pieces at once."""
    torch.manual_seed(0)
    mine, theirs = (
        (torch.randn(positions, width), torch.randn(vocabulary, width).mul_(0.02), torch.zeros(vocabulary))
        for width in widths
    )
    for each in mine:
        each.requires_grad_()
        each.grad = torch.zeros_like(each)
    labels = torch.randint(vocabulary, (positions,))
    before = peak_memory()
    with torch.autocast("cpu", torch.bfloat16):
        if not chunk:
            scores = F.linear(*mine)
            given = F.linear(*theirs)
            valid = torch.ones(positions, dtype=torch.bool)
            hard, soft = summed_cross_entropy(scores, labels), soft_cross_entropy(scores, given, valid, 2.0)
        else:
            hard, soft = chunked_cross_entropy_sums(mine, SoftTargets(theirs, 2.0, chunk), labels)
    (hard + soft).backward()  # type: ignore[no-untyped-call]
    return peak_memory() - before


def growth_by_positions(
    vocabulary: int, widths: Sequence[int], positions: Sequence[int], *, as_json: bool
) -> None:
    """Print MB by which a pass raises the peak of a process of its own, gradients of the matrix included."""

    def growth(count: int, chunk: int) -> float:
        given = map(str, (vocabulary, *widths, count, chunk))
        done = subprocess.run([sys.executable, __file__, *given], capture_output=True, text=True, check=True)
        return int(done.stdout) / 2**20

    rows = []
    for count in positions:
        chunk = pieces_at_once(count, vocabulary, "cpu")
        given = 0 if chunk >= vocabulary else chunk
        rows.append(
            {
                "positions": count,
                "chunk": chunk,
                "in_chunks_mb": round(growth(count, given), 1),
                "at_once_mb": round(growth(count, 0), 1) if count * vocabulary <= AT_ONCE else None,
            }
        )
    if as_json:
        print(json.dumps({"vocabulary": vocabulary, "widths": list(widths), "passes": rows}))
        return
    print(f"{vocabulary:,} pieces, widths {widths[0]} and {widths[1]}, bfloat16; peak of a pass, MB")
    print(f"{'positions':>10}{'chunk':>10}{'in chunks':>12}{'at once':>12}")
    for row in rows:
        dense = "not run" if row["at_once_mb"] is None else f"{row['at_once_mb']:,}"
        print(f"{row['positions']:>10}{row['chunk']:>10}{row['in_chunks_mb']:>12,}{dense:>12}")


if __name__ == "__main__":
    vocabulary, student, teacher, positions, chunk = map(int, sys.argv[1:])
    print(_pass(vocabulary, (student, teacher), positions, chunk))

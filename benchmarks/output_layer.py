"""The output layer in training: all scores at once, or a chunk of pieces at a time?

    python benchmarks/output_layer.py
    python benchmarks/output_layer.py --vocabulary 150000 --positions 600 --hidden 768 --chunks 4096 16384

Forward and backward pass of the masked-LM cross-entropy against a tied matrix, on CPU, in bfloat16 as in
training (``--fp32``: without). Times are medians, the contestants in turn on the same tensors. Memory is the
growth of each contestant's own process during one pass, the gradients included, which both must hold.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from understudy.objectives.chunked import chunked_cross_entropy_sum
from understudy.objectives.losses import summed_cross_entropy

ROUNDS = 5
DENSE = 0
"""The chunk that stands for the dense computation."""


class Layer:
    """Tensors of one size, and one pass over them."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(0)
        self.bf16 = not options.fp32
        self.hidden = torch.randn(options.positions, options.hidden, requires_grad=True)
        # In place: a second copy would be the peak that the pass is measured against.
        self.weight = torch.randn(options.vocabulary, options.hidden).mul_(0.02).requires_grad_()
        self.bias = torch.zeros(options.vocabulary, requires_grad=True)
        self.labels = torch.randint(options.vocabulary, (options.positions,))

    def run(self, chunk: int) -> tuple[float, Tensor]:
        """Seconds of a forward and backward pass, and the loss."""
        for x in (self.hidden, self.weight, self.bias):
            x.grad = None
        start = time.perf_counter()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16):
            if chunk == DENSE:
                loss = summed_cross_entropy(F.linear(self.hidden, self.weight, self.bias), self.labels)
            else:
                loss = chunked_cross_entropy_sum(self.hidden, self.weight, self.bias, self.labels, chunk)
        loss.backward()  # type: ignore[no-untyped-call]
        return time.perf_counter() - start, loss.detach()


def peak() -> float:
    """MB that this process held at most so far (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def memory_of_one_pass(options: argparse.Namespace) -> float:
    """MB by which one pass raises the peak of this process."""
    small = argparse.Namespace(**vars(options) | {"positions": 8, "vocabulary": 64, "hidden": 16})
    Layer(small).run(options.memory_of)  # libraries load, threads start
    layer = Layer(options)
    before = peak()
    layer.run(options.memory_of)
    return peak() - before


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--vocabulary", type=int, default=30_000, help="pieces")
    parser.add_argument("--positions", type=int, default=300, help="masked positions in a micro-batch")
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--chunks", type=int, nargs="+", default=[2048, 8192], help="pieces at a time")
    parser.add_argument("--fp32", action="store_true", help="no bfloat16")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")
    parser.add_argument("--memory-of", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of is not None:
        print(memory_of_one_pass(options))
        return

    contestants = [DENSE, *options.chunks]
    layer = Layer(options)
    losses = {chunk: float(layer.run(chunk)[1]) for chunk in contestants}
    if max(losses.values()) - min(losses.values()) > 1e-4 * losses[DENSE]:
        sys.exit(f"the losses differ: {losses}")
    seconds: dict[int, list[float]] = {chunk: [] for chunk in contestants}
    for _ in range(ROUNDS):
        for chunk in contestants:
            seconds[chunk].append(layer.run(chunk)[0])
    del layer
    rows = []
    for chunk in contestants:
        command = [sys.executable, *sys.argv, "--memory-of", str(chunk)]
        megabytes = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        rows.append({"chunk": chunk, "seconds": statistics.median(seconds[chunk]), "peak_mb": megabytes})
    gradients = 4 * (options.vocabulary + options.positions) * options.hidden / 2**20
    sizes = {name: getattr(options, name) for name in ("vocabulary", "positions", "hidden")}
    result = {
        **sizes,
        "precision": "fp32" if options.fp32 else "bf16",
        "threads": torch.get_num_threads(),
        "gradients_mb": gradients,
        "contestants": rows,
    }
    if options.json:
        print(json.dumps(result))
        return
    print(
        f"{sizes['positions']:,} positions x {sizes['vocabulary']:,} pieces, hidden {sizes['hidden']}, "
        f"{result['precision']}, {result['threads']} threads; gradients alone {gradients:,.0f} MB"
    )
    print(f"{'':<14}{'ms':>10}{'of dense':>10}{'peak MB':>10}")
    for row in rows:
        name = "dense" if row["chunk"] == DENSE else f"chunks {row['chunk']:,}"
        ratio = row["seconds"] / rows[0]["seconds"]
        print(f"{name:<14}{1000 * row['seconds']:>10.0f}{ratio:>10.2f}{row['peak_mb']:>10,.0f}")


if __name__ == "__main__":
    main()

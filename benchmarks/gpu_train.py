"""Masked-LM training on one GPU: tokens a second, MFU and memory of the papers' sizes, a JSON line a model.

    PYTHONPATH=src python benchmarks/gpu_train.py                    # 170m, 700m and 2.3b
    PYTHONPATH=src python benchmarks/gpu_train.py --presets 2.3b --profile build/profile
    PYTHONPATH=src python benchmarks/gpu_train.py --find-largest     # that trains in this device's memory
    PYTHONPATH=src python benchmarks/gpu_train.py --device cpu --tiny    # all that a CPU gets

Needs torch, numpy, safetensors and rich. The loop's own parts on rows end to end: bfloat16 autocast over
float32 weights, varlen attention (flex where that fails), loss at masked positions in chunks of the
vocabulary, fused AdamW, each layer compiled. Attention is checked against the plain formula first. A
micro-batch is the largest that the plan lets fit; a step has several, so that the optimizer, and the wait for
the gradient's norm, weigh little. MFU is by the operations of the model's mathematics, nothing recomputed,
against the matrix peak measured in the same run.
"""

from __future__ import annotations

import os

# Before torch starts: memory in segments that grow leaves fewer gaps.
os.environ.setdefault("PYTORCH_CUDA_ALLOC_CONF", "expandable_segments:True")

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from gpu.kernel import working_kernel
from gpu.largest import largest
from gpu.trial import Trial, attempt

from understudy.model.config import PRESETS, EncoderConfig
from understudy.model.cost import GIB, USABLE
from understudy.training.peak import matrix_peak

TINY = {"layers": 2, "hidden": 64, "ffn": 128, "heads": 4, "max_length": 64}
MARGIN = 0.92
"""Of what a plan may fill: measured where nobody has measured yet, a micro-batch had better fit at once."""


def sizes(preset: str, options: argparse.Namespace) -> EncoderConfig:
    """Packed sequences have no attention dropout; the rest is the papers'."""
    shape = TINY if options.tiny else PRESETS[preset]
    return EncoderConfig(
        vocabulary=options.vocabulary, dropout=options.dropout, attention_dropout=0.0, **shape
    )


def device_memory(options: argparse.Namespace, device: torch.device) -> float:
    """Bytes."""
    if options.memory_gib is not None:
        return float(options.memory_gib * GIB)
    return (
        float(torch.cuda.get_device_properties(device).total_memory) if device.type == "cuda" else 16.0 * GIB
    )


def micro_batch(trial: Trial, limit: float) -> int:
    """Positions: the largest multiple of 4096, or half of that, whose plan fits."""
    for tokens in (*range(32_768, 4096, -4096), 4096, 2048, 1024, 512):
        if replace(trial, tokens=tokens).plan() <= limit:
            return tokens
    return 256


def measured(
    trial: Trial, notes: list[str], options: argparse.Namespace, seconds: float, name: str
) -> dict[str, Any]:
    """A model's line; what fails is tried again without compiling, or with half the micro-batch."""
    end = time.perf_counter() + seconds
    profile = None if options.profile is None else options.profile / name
    while True:
        result = attempt(trial, options.steps, end - time.perf_counter(), profile)
        if isinstance(result, dict):
            break
        notes.append(f"{type(result).__name__}: {result!s:.300}")
        short = isinstance(result, torch.OutOfMemoryError)
        if time.perf_counter() > end or (short and trial.tokens <= 512) or not (short or trial.compile):
            result = {"failed": True}
            break
        trial = replace(trial, tokens=trial.tokens // 2) if short else replace(trial, compile=False)
    how = {each: getattr(trial, each) for each in ("kernel", "tokens", "turns", "compile", "checkpointing")}
    return {"preset": name, "parameters": trial.config.total_parameters, **how, **result, "notes": notes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--presets", nargs="+", default=["170m", "700m", "2.3b"], choices=sorted(PRESETS))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--tiny", action="store_true", help="toy sizes, to see that it runs")
    parser.add_argument("--gpu-minutes", type=float, default=8.0, help="all models together")
    parser.add_argument("--vocabulary", type=int)
    parser.add_argument("--tokens", type=int, help="positions in a micro-batch; default: what fits")
    parser.add_argument("--turns", type=int, help="micro-batches in a step; default 4")
    parser.add_argument("--steps", type=int, help="timed steps at most; default 20")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, help="default: on CUDA")
    parser.add_argument("--rows", action="store_true", help="padded, as `pretrain` trains them")
    parser.add_argument("--checkpointing", action="store_true", help="compute activations again")
    parser.add_argument("--profile", type=Path, help="folder for a chrome trace and a table of each model")
    parser.add_argument("--find-largest", action="store_true")
    parser.add_argument("--memory-gib", type=float, help="of the device, in place of what it says")
    options = parser.parse_args()
    end = time.perf_counter() + 60 * options.gpu_minutes
    # Imports and the last model's clean-up take their part of the budget.
    device = torch.device(options.device, 0) if options.device == "cuda" else torch.device(options.device)
    options.tiny = options.tiny or device.type == "cpu"
    options.vocabulary = options.vocabulary or (2000 if options.tiny else 150_000)
    options.turns = options.turns or (2 if options.tiny else 4)
    options.steps = options.steps or (3 if options.tiny else 20)
    compiled = device.type == "cuda" if options.compile is None else options.compile
    limit = USABLE * device_memory(options, device)
    torch.backends.cuda.matmul.allow_tf32 = False
    peak = matrix_peak(device, torch.bfloat16)
    about = {
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu",
        "torch": torch.__version__,
        "peak_tflops": round(peak / 1e12, 3),
    }
    print(json.dumps(about), file=sys.stderr, flush=True)
    presets = ["9.3b"] if options.find_largest else options.presets
    for number, preset in enumerate(presets):
        left = end - time.perf_counter()
        if left < (0 if options.tiny else 20):
            print(json.dumps({"preset": preset, "skipped": "no time is left"}), flush=True)
            continue
        config = sizes(preset, options)
        kernel, notes = ("rows", []) if options.rows else working_kernel(config, device)
        trial = Trial(
            config=config, device=device, kernel=kernel, tokens=256, turns=options.turns,
            compile=compiled, checkpointing=options.checkpointing,
        )  # fmt: skip
        if options.find_largest:
            tokens = options.tokens or (256 if options.tiny else 4096)
            wide = replace(trial, compile=False, checkpointing=True, turns=1, tokens=tokens)
            line = largest(wide, device_memory(options, device), left)
        else:
            fits = 256 if options.tiny else micro_batch(trial, MARGIN * limit)
            trial = replace(trial, tokens=options.tokens or fits)
            line = measured(trial, notes, options, left / (len(presets) - number), preset)
        if "tflops" in line:
            line["mfu"] = round(line["tflops"] * 1e12 / peak, 4)
        print(json.dumps(about | line), flush=True)


if __name__ == "__main__":
    main()

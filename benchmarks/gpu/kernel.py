"""Which attention kernel works on this machine, judged by the plain formula."""

from __future__ import annotations

from dataclasses import replace

import torch

from gpu.micro_batches import micro_batches
from gpu.trial import Trial
from understudy.model.attention import VARLEN, Kernel
from understudy.model.config import EncoderConfig
from understudy.objectives.losses import mean_losses
from understudy.objectives.packed import PackedMaskedLm

APART = 0.03
"""Relative, of loss and gradients: what bfloat16 may make of another order of sums."""


def working_kernel(config: EncoderConfig, device: torch.device) -> tuple[Kernel, list[str]]:
    """The fastest kernel with the plain formula's loss and gradients, and what is wrong with faster ones."""
    small = replace(
        config, layers=2, hidden=4 * config.head_size, ffn=256, heads=4, vocabulary=1000, dropout=0
    )
    trial = Trial(
        config=small, device=device, kernel="plain", tokens=2048, turns=1, compile=False, checkpointing=False
    )
    torch.manual_seed(0)
    model = trial.model()
    (turn,) = micro_batches(trial.rows, small.vocabulary, 1, pinned=False).turns
    inputs = [each.to(device) for each in turn.inputs]

    def outcome(kernel: Kernel) -> tuple[torch.Tensor, torch.Tensor]:
        model.zero_grad()
        with torch.autocast(device.type, torch.bfloat16):
            loss = mean_losses(PackedMaskedLm(model, kernel), *inputs).total
        loss.backward()
        return loss.detach(), model.encoder.blocks[0].query_key_value.weight.grad.clone()

    due, notes = outcome("plain"), []
    kernels: list[Kernel] = ["varlen"] if VARLEN else []
    kernels = ["padded"] if device.type == "cpu" else [*kernels, "flex"]
    for kernel in kernels:
        try:
            got = outcome(kernel)
            apart = max(float((a - b).norm() / b.norm()) for a, b in zip(got, due, strict=True))
        except Exception as error:
            notes.append(f"{kernel}: {type(error).__name__}: {error!s:.300}")
            continue
        if apart < APART:
            return kernel, notes
        notes.append(f"{kernel}: {apart:.3f} from the plain formula")
    return "plain", notes

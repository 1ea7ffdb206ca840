"""A trained model as one ONNX graph: encoder and heads, any batch size and length."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

OPSET = 17
"""The oldest with LayerNormalization as one operator; every runtime of the last years reads it."""


def export_onnx(module: nn.Module, path: Path) -> tuple[str, ...]:
    """Write ``module`` as an ONNX graph with inputs ``input_ids``, ``attention_mask`` (int64, (B, L)) and an
    output a head, under its name: ``intent`` (B, I), ``slots`` (B, L, T), ``domain`` (B, D).

    Scores alone are in the graph: what makes tags of them, a CRF's best path too, is numpy's
    (:mod:`understudy.utterances.decode`). The TorchScript-based exporter is used: it needs no further package
    (``dynamo=True`` needs onnxscript), and leaves weights inside one file with MatMuls that quantize as they
    are.

    Args:
        module: float32; ``forward(input_ids, attention_mask)`` returns scores by head. Exported in evaluation
            mode, whatever mode it is in.
        path: where the graph goes.

    Returns:
        The heads, in the order of the outputs.
    """
    was_training = module.training
    module.eval()
    flat = _Flat(module)
    try:
        with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
            # Deprecation notices of the exporter and remarks on traced shapes; the tests hold the result.
            warnings.simplefilter("ignore")
            outputs = dict(module(*_example()))
            torch.onnx.export(
                flat,
                _example(),
                str(path),
                input_names=["input_ids", "attention_mask"],
                output_names=list(outputs),
                dynamic_axes={
                    "input_ids": {0: "batch", 1: "length"},
                    "attention_mask": {0: "batch", 1: "length"},
                    **{
                        name: {0: "batch", 1: "length"} if scores.dim() == 3 else {0: "batch"}
                        for name, scores in outputs.items()
                    },
                },
                opset_version=OPSET,
                dynamo=False,
            )
    finally:
        module.train(was_training)
    return tuple(outputs)


class _Flat(nn.Module):
    """The scores as a tuple, which the exporter wants."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        """Scores of each head, in their order."""
        return tuple(self.module(input_ids, attention_mask).values())


def _example() -> tuple[Tensor, Tensor]:
    """Two rows of different lengths, so that tracing sees padding."""
    input_ids = torch.tensor([[0, 3, 3, 3, 3, 3, 2], [0, 3, 3, 2, 1, 1, 1]])
    return input_ids, (input_ids != 1).long()

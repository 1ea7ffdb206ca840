"""A trained model as one ONNX graph: encoder and both heads, any batch size and length."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

OPSET = 17
"""The oldest with LayerNormalization as one operator; every runtime of the last years reads it."""


def export_onnx(module: nn.Module, path: Path) -> None:
    """Write ``module`` as an ONNX graph with inputs ``input_ids``, ``attention_mask`` (int64, (B, L)) and
    outputs ``intent_logits`` (B, I), ``slot_logits`` (B, L, T).

    The TorchScript-based exporter is used: it needs no further package (``dynamo=True`` needs onnxscript),
    and leaves weights inside one file with MatMuls that quantize as they are.

    Args:
        module: float32; ``forward(input_ids, attention_mask)`` returns the two outputs. Exported in
            evaluation mode, whatever mode it is in.
        path: where the graph goes.
    """
    was_training = module.training
    module.eval()
    try:
        with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
            # Deprecation notices of the exporter and remarks on traced shapes; the tests hold the result.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                module,
                _example(),
                str(path),
                input_names=["input_ids", "attention_mask"],
                output_names=["intent_logits", "slot_logits"],
                dynamic_axes={
                    "input_ids": {0: "batch", 1: "length"},
                    "attention_mask": {0: "batch", 1: "length"},
                    "intent_logits": {0: "batch"},
                    "slot_logits": {0: "batch", 1: "length"},
                },
                opset_version=OPSET,
                dynamo=False,
            )
    finally:
        module.train(was_training)


def _example() -> tuple[Tensor, Tensor]:
    """Two rows of different lengths, so that tracing sees padding."""
    input_ids = torch.tensor([[0, 3, 3, 3, 3, 3, 2], [0, 3, 3, 2, 1, 1, 1]])
    return input_ids, (input_ids != 1).long()

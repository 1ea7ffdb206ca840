"""Graphs of architectures that nobody here has traced before: they must say what the model says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from understudy.core.errors import UserError
from understudy.export.onnx_graph import export_onnx
from understudy.export.session import open_session

LENGTHS = (3, 10, 65, 130)
"""A trace that has taken a length, a window or a mask for a constant goes wrong at one of these."""
TOLERANCE = 1e-3
"""Of the largest score; a right graph differs by rounding, 1e-6 or so."""


def export_foreign(module: nn.Module, path: Path, *, architecture: str, longest: int) -> tuple[str, ...]:
    """:func:`.export_onnx`, and the proof that the graph computes what the module does at any length.

    Args:
        module: as there, in evaluation mode.
        path: where the graph goes.
        architecture: named in errors.
        longest: text in pieces that the module reads.

    Raises:
        UserError: the architecture cannot be traced, or its trace says something else.
    """
    try:
        heads = export_onnx(module, path)
    except Exception as error:  # the exporter's kinds are many
        raise UserError(
            f"no ONNX graph can be made of '{architecture}' ({type(error).__name__}: {error!s:.150}); it can "
            "be fine-tuned, evaluated and distilled into one of ours, which can be served",
            place="model",
        ) from None
    session = open_session(path)
    for length in sorted({min(length, longest) for length in LENGTHS}):
        ids = torch.arange(length)[None] % 4
        mask = torch.ones_like(ids)
        with torch.inference_mode():
            due = module(ids, mask)
        found = session.run(list(heads), {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
        for head, scores in zip(heads, found, strict=True):
            expected = due[head].numpy()
            apart = float(np.abs(scores - expected).max()) if scores.shape == expected.shape else np.inf
            if not apart <= TOLERANCE * (1 + float(np.abs(expected).max())):
                raise UserError(
                    f"the ONNX graph of '{architecture}' does not compute what the model does: scores of "
                    f"{head} for {length} pieces are {apart:.2g} apart",
                    place="model",
                )
    return heads

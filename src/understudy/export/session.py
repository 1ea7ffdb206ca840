"""Running an ONNX graph on one thread, and how fast it answers. Imports no torch."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from understudy.core.errors import UserError

Batch = dict[str, NDArray[np.int64]]
"""A graph's inputs by name: ``input_ids`` and ``attention_mask``, (B, L)."""


def open_session(path: Path) -> ort.InferenceSession:
    """An ONNX Runtime session with one thread: serving scales by workers, not by threads of an utterance.

    Raises:
        UserError: the file is missing, cut short, or no ONNX graph.
    """
    if not path.is_file():
        raise UserError("no such ONNX graph; export the model again", file=path)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors share no narrower public base
        raise UserError(
            f"ONNX Runtime cannot read the graph; the file may be damaged, export again ({error})", file=path
        ) from None


def single(ids: Sequence[int]) -> Batch:
    """The inputs of one utterance: one row, so nothing is padding."""
    input_ids = np.array([ids], dtype=np.int64)
    return {"input_ids": input_ids, "attention_mask": np.ones_like(input_ids)}


def median_latency_ms(model_path: Path, batches: Sequence[Batch], repeats: int = 3) -> float:
    """Median wall time of one run of a graph on one thread, in milliseconds.

    Args:
        model_path: the graph.
        batches: inputs of real lengths; all run once beforehand, unmeasured.
        repeats: measured passes over the batches.
    """
    session = open_session(model_path)
    for batch in batches:
        session.run(None, batch)
    times = []
    for batch in [*batches] * repeats:
        start = time.perf_counter()
        session.run(None, batch)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3

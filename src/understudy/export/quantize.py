"""An int8 form of an ONNX graph."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process


def quantize(fp32_path: Path, int8_path: Path) -> None:
    """Write the int8 form of a graph: weights int8, activations quantized on the fly.

    Weights of matrix products get a scale per output channel; the embedding table, most of a multilingual
    model's bytes, one scale in all. Weights take 7 of 8 bits (``reduce_range``), because CPUs without VNNI
    saturate 16-bit sums with 8, and the gate would then pass on one machine and fail on another.
    """
    # quantize_dynamic advises pre-processing on the root logger even though it has been done.
    logging.getLogger().addFilter(_no_advice)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            prepared = Path(scratch) / "prepared.onnx"
            quant_pre_process(str(fp32_path), str(prepared), skip_symbolic_shape=True)
            quantize_dynamic(
                prepared,
                int8_path,
                op_types_to_quantize=["MatMul", "Gemm", "Gather"],
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
            )
    finally:
        logging.getLogger().removeFilter(_no_advice)


def _no_advice(record: logging.LogRecord) -> bool:
    return "pre-processing before quantization" not in record.getMessage()

"""Floating-point operations of training, and the hours and money they take. Imports no torch."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from understudy.core.errors import UserError, nearest
from understudy.model.config import EncoderConfig
from understudy.model.memory import MASKED_SHARE, Precision

GIB = 2**30
USABLE = 0.92
"""Of a device's memory: the rest goes to the CUDA context, NCCL's buffers and gaps between blocks."""
MFU = 0.4
"""Share of the peak that is reached unless the user knows better; paper A: 107 of 312 TFLOP/s, 0.34."""


@dataclass(frozen=True, kw_only=True)
class Gpu:
    """One device."""

    memory: float
    """GiB, as torch reports the total."""
    tflops: float
    """Peak of dense matrix products in BF16, or FP16 where there is no BF16 (the makers' data sheets)."""
    tf32: float
    fp32: float
    price: float
    """US dollars an hour, on demand at a large cloud, rounded; it changes by the month."""
    bf16: bool = True

    @property
    def usable(self) -> int:
        """Bytes that a plan may fill."""
        return int(USABLE * self.memory * GIB)

    def peak(self, precision: Precision, tf32: bool = False) -> float:
        """Operations a second."""
        return 1e12 * (self.tflops if precision != "fp32" else self.tf32 if tf32 else self.fp32)


GPUS = {
    "v100": Gpu(memory=31.7, tflops=125, tf32=15.7, fp32=15.7, price=3.1, bf16=False),
    "a10g": Gpu(memory=22.0, tflops=70, tf32=35, fp32=35, price=1.0),
    "l4": Gpu(memory=22.0, tflops=121, tf32=60, fp32=30.3, price=0.8),
    "a100-40": Gpu(memory=39.4, tflops=312, tf32=156, fp32=19.5, price=2.8),
    "a100-80": Gpu(memory=79.1, tflops=312, tf32=156, fp32=19.5, price=3.4),
    "h100": Gpu(memory=79.1, tflops=989, tf32=494, fp32=67, price=6.9),
    "h200": Gpu(memory=139.8, tflops=989, tf32=494, fp32=67, price=7.9),
    "b200": Gpu(memory=178.3, tflops=2250, tf32=1125, fp32=75, price=14.2),
}


def find_gpu(name: str, price: float | None = None) -> Gpu:
    """A device by name, at the user's price if there is one.

    Raises:
        UserError: no such device.
    """
    if name.lower() not in GPUS:
        raise UserError(f"no GPU '{name}'; {nearest(name.lower(), GPUS)}", place="--gpu")
    gpu = GPUS[name.lower()]
    return gpu if price is None else replace(gpu, price=price)


@dataclass(frozen=True)
class Flops:
    """Operations a position of a training batch."""

    encoder: int
    """Of what is trained: its layers, forward and backward."""
    output: int
    """Its MLM head and the projections of hidden states."""
    teacher: int
    recomputed: int
    """Layers run again for want of memory; no part of the model's operations, nor of MFU."""

    @property
    def model(self) -> int:
        """What the mathematics asks for."""
        return self.encoder + self.output + self.teacher

    @property
    def spent(self) -> int:
        """What the devices do."""
        return self.model + self.recomputed

    def as_dict(self) -> dict[str, int]:
        """For the manifest of a plan."""
        return {**asdict(self), "model": self.model, "spent": self.spent}


def output_flops(config: EncoderConfig) -> int:
    """Forward operations of the MLM head at one masked position: dense H x H, then H x V."""
    return 2 * config.hidden * (config.hidden + config.vocabulary)


def training_flops(
    config: EncoderConfig,
    length: int,
    *,
    head: bool = True,
    frozen: bool = False,
    checkpointing: bool = False,
    teacher: EncoderConfig | None = None,
    soft: bool = True,
    matched: int = 0,
) -> Flops:
    """Operations a position, in rows of ``length``.

    A product of (m, k) and (k, n) takes 2mkn. A position meets each weight of a matrix once: 2 forward, and 4
    backward (gradients of the input and of the weight). In a layer that is 4H^2 + 2HF weights; attention's
    two products take 2 * length * H each, without weights, and twice that backward. Embeddings are looked up,
    norms and activation functions are left out, being under a hundredth.

        encoder  3 * layers * (2 (4H^2 + 2HF) + 4 * length * H)
        output   3 * 0.15 * (2H^2 + 2HV): the head works at masked positions alone
        teacher  layers_t * (2 (4H_t^2 + 2H_tF_t) + 4 * length * H_t) + 0.15 (2H_t^2 + 2H_tV): forward alone

    A matched layer of another width adds its projection, 3 * 2HH_t. Checkpointing runs the layers' forward
    pass once more.

    Args:
        head: the MLM head is trained.
        frozen: the encoder is not: forward alone.
        teacher: of a distillation.
        soft: the teacher's scores are wanted, not its hidden states alone.
        matched: layers whose hidden states are matched.
    """
    forward = config.flops_per_token(length, training=False)
    output = round(3 * MASKED_SHARE * output_flops(config)) if head else 0
    taught = 0
    if teacher is not None:
        taught = teacher.flops_per_token(length, training=False)
        taught += round(MASKED_SHARE * output_flops(teacher)) if soft else 0
        if teacher.hidden != config.hidden:
            output += 3 * matched * 2 * config.hidden * teacher.hidden
    return Flops(
        encoder=forward if frozen else 3 * forward,
        output=output,
        teacher=taught,
        recomputed=forward if checkpointing and not frozen else 0,
    )


def hours(flops: float, *, peak: float, gpus: int, mfu: float) -> float:
    """Time for so many operations in all, at ``mfu`` of the peak of each device."""
    return flops / (peak * mfu * gpus) / 3600

"""Bytes that training takes on each device, in closed form: what is held, and what passes through.

``state_bytes`` is what stays from one step to the next, and is exact; ``activation_bytes`` is what one
micro-batch adds, and an estimate. Imports no torch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from understudy.model.config import AdaptedConfig, EncoderConfig

Shape = tuple[int, ...]
Units = Sequence[Sequence[Shape]]
"""Shapes of the parameters that are gathered together: first all outside the layers, then each layer."""
Precision = Literal["fp32", "bf16", "fp16"]
Sharding = Literal["alone", "fsdp", "deepspeed"]

MASKED_SHARE = 0.15
"""Of the positions; scores of pieces are computed there alone (paper A 2.4)."""
SCORES_AT_ONCE = {"cpu": 2**21, "cuda": 2**25}
"""Positions times pieces up to which the output layer computes all scores at once: measured on a CPU
(``benchmarks/output_layer.py``), where what fits the caches is the faster; on a GPU a bound on memory."""
_CHUNKS = {"cpu": 1024, "cuda": 16_384}
"""Pieces in a chunk, at least: a matrix product of fewer is no longer worth its start."""
DEEPSPEED_ALIGNMENT = 2
"""ZeRO 1 and 2 pad each flat group to a multiple of this many elements a process."""
DEEPSPEED_LIVE = 1_000_000_000
"""ZeRO 3 may keep this many gathered elements (``stage3_max_live_parameters``)."""


def pieces_at_once(positions: int, vocabulary: int, device: str) -> int:
    """Pieces whose scores exist at once in training: the whole vocabulary, or a power of two.

    Args:
        positions: whose scores are wanted.
        device: ``cpu`` or ``cuda``.
    """
    most, least = SCORES_AT_ONCE[device], _CHUNKS[device]
    if positions * vocabulary <= most:
        return vocabulary
    fitting = 1 << max(1, most // positions).bit_length() - 1
    return min(vocabulary, max(least, fitting))


def parameter_units(config: EncoderConfig) -> list[list[Shape]]:
    """Every parameter of the encoder and its MLM head, by the unit it is gathered with."""
    if isinstance(config, AdaptedConfig):
        embedding, layers, rest = config.counted
        each, over = divmod(layers, config.layers)
        counted: list[Shape] = [(each,)]
        return [[(embedding + over + rest,)], *([counted] * config.layers)]
    h, f = config.hidden, config.ffn
    norm, dense = [(h,), (h,)], [(h, h), (h,)]
    outside = [(config.vocabulary, h), (config.max_length + 2, h), (1, h), *norm, *norm]
    head = [*dense, *norm, (config.vocabulary,)]
    layer = [*norm, (3 * h, h), (3 * h,), *dense, *norm, (f, h), (f,), (h, f), (h,)]
    return [[*outside, *head], *([layer] * config.layers)]


@dataclass(frozen=True)
class StateBytes:
    """Of one device, the fullest: shards of a tensor differ where its size is no multiple of their number."""

    weights: int
    """FP32 weights that the optimizer changes, and copies in the precision of products that stay."""
    gradients: int
    """At the end of a step's backward pass; with several micro-batches in ZeRO 1, between them."""
    moments: int
    """Two of Adam, AdamW or LAMB in FP32; the optimizer's step counters are not counted."""
    gathered: int
    """Whole copies of weights and gradients not yet reduced: within a step only, at their most."""

    @property
    def held(self) -> int:
        """Weights, gradients and moments: what a test can add up on a process."""
        return self.weights + self.gradients + self.moments

    @property
    def total(self) -> int:
        """With what is gathered."""
        return self.held + self.gathered


def state_bytes(
    units: Units,
    *,
    shards: int,
    zero: int,
    precision: Precision,
    engine: Sharding,
    accumulates: bool = True,
) -> StateBytes:
    """Weights, gradients and optimizer state of one device (Rajbhandari et al. 2020, section 3 and 5).

    N elements in all, s on the fullest of n shards, a bytes an element in products (2, or 4 in ``fp32``):

    ============= ================== ================================= ======= ========================
    engine        weights            gradients                         moments gathered
    ============= ================== ================================= ======= ========================
    alone, ZeRO 0 4N                 4N                                8N      autocast's casts: 2M or 0
    FSDP2, 1      4s                 4N between micro-batches, else 4s 8s      aN + G
    FSDP2, 2      4s                 4s                                8s      aN + G
    FSDP2, 3      4s                 4s                                8s      a(outside + 2 layers) + G
    DeepSpeed, 1  aN + 4s            aN between micro-batches, else as 8s      aN, unless between
    DeepSpeed, 2  aN + 4s            as                                8s      0
    DeepSpeed, 3  as + 4s            as                                8s      a min(N, 10^9)
    ============= ================== ================================= ======= ========================

    M are the layers' matrices; G the gradients not yet reduced: a(outside) + (a + 4)(one layer).

    FSDP2 (``fully_shard``, ``param_dtype`` of the products, ``reduce_dtype`` FP32) always shards what is held
    and cuts each tensor along its first dimension into pieces of ceil(rows / n) rows. ZeRO 1 and 2 keep what
    was gathered for the forward pass until the backward pass is over. DeepSpeed in its defaults keeps weights
    and gradients in the precision of products. Its ZeRO 1 and 2 cut two flat groups, matrices and vectors,
    each padded to a multiple of 2n; its ZeRO 3 cuts each tensor flat into ceil(elements / n).

    Args:
        units: shapes of what is trained, see :func:`parameter_units`.
        shards: processes that share one copy; replicas of it hold the same.
        zero: 0 nothing is sharded, 1 moments, 2 gradients too, 3 weights too.
        accumulates: a step has several micro-batches.
    """
    width = 4 if precision == "fp32" else 2
    shapes = [shape for unit in units for shape in unit]
    whole = sum(map(math.prod, shapes))
    if engine == "alone" or zero == 0:
        matrices = sum(math.prod(shape) for unit in units[1:] for shape in unit if len(shape) > 1)
        return StateBytes(4 * whole, 4 * whole, 8 * whole, 0 if precision == "fp32" else 2 * matrices)
    if engine == "fsdp":
        part = sum(-(-shape[0] // shards) * math.prod(shape[1:]) for shape in shapes)
        outside, *layers = [sum(map(math.prod, unit)) for unit in units]
        layer = max(layers, default=0)
        gathered = width * (whole if zero < 3 else min(whole, outside + 2 * layer))
        unreduced = width * outside + (width + 4) * layer
        gradients = whole if zero == 1 and accumulates else part
        return StateBytes(4 * part, 4 * gradients, 8 * part, gathered + unreduced)
    if zero < 3:
        multiple = DEEPSPEED_ALIGNMENT * shards
        groups = [sum(math.prod(s) for s in shapes if (len(s) > 1) == matrices) for matrices in (True, False)]
        padded = sum(-(-group // multiple) * multiple for group in groups)
        part = padded // shards
        weights = width * padded + 4 * part
        if zero == 1 and accumulates:
            return StateBytes(weights, width * whole, 8 * part, 0)
        return StateBytes(weights, width * part, 8 * part, width * whole if zero == 1 else 0)
    part = sum(-(-math.prod(shape) // shards) for shape in shapes)
    return StateBytes((width + 4) * part, width * part, 8 * part, width * min(whole, DEEPSPEED_LIVE))


@dataclass(frozen=True)
class ActivationBytes:
    """Of one micro-batch on one device."""

    layer: int
    """What autograd keeps of one layer, nothing computed again."""
    kept: int
    """Of all layers, and of what comes before and after them, until the backward pass."""
    passing: int
    """The most that exists besides for a while: the head, or a layer that is computed again."""

    @property
    def total(self) -> int:
        """At the peak."""
        return self.kept + self.passing


def activation_bytes(
    config: EncoderConfig,
    positions: int,
    length: int,
    *,
    precision: Precision,
    checkpointing: bool = False,
    flash: bool = True,
    head: bool = True,
    soft: bool = False,
) -> ActivationBytes:
    """What a micro-batch of ``positions`` in rows of ``length`` takes beside the state.

    A position keeps of a layer, at a bytes an element (2, or 4 in ``fp32``): the two inputs of the layer
    norms 8H, which autocast has in FP32; their outputs 2aH; query, key and value 3aH; the attention's result
    aH; before and after GELU 2aF; two dropout masks 2H; the norms' statistics 16. Attention by a fused kernel
    adds 4 a head; written out it adds, a head and a position attended to, the softmax in FP32 4, its copy for
    the product a, and with dropout a mask 1. In BF16, with F = 4H and dropout, that is 38H: the 34H of
    Korthikanti et al. 2022, 4.1, and 4H because the norms' inputs are in FP32. With checkpointing only a
    layer's input 4H is kept, and one layer at a time is computed again.

    The head works on 15 % of the positions: four vectors of H, and for each piece of a chunk 12 bytes (the
    scores as the product gives them and in FP32, their exponentials and gradient), twice that with a
    teacher's scores.

    Args:
        head: the MLM head follows.
        soft: a teacher's scores are compared.
    """
    h, f = config.hidden, config.ffn
    a = 4 if precision == "fp32" else 2
    mask = 1 if config.dropout else 0
    dropped = 1 if config.share_of_attention_dropped else 0
    attention = 4 if flash else length * (4 + (a if a < 4 or dropped else 0) + dropped)
    each = 8 * h + a * (6 * h + 2 * f) + 2 * mask * h + 16 + config.heads * attention
    masked = math.ceil(MASKED_SHARE * positions) if head else 0
    pieces = pieces_at_once(masked, config.vocabulary, "cuda")
    around = positions * (8 + (8 + a + mask) * h) + masked * 4 * a * h
    backward = positions * 2 * a * f  # gradients on either side of GELU
    return ActivationBytes(
        layer=positions * each,
        kept=around + config.layers * positions * (4 * h if checkpointing else each),
        passing=max(12 * (1 + soft) * masked * pieces, backward + (positions * each if checkpointing else 0)),
    )


def inference_bytes(config: EncoderConfig, positions: int, *, precision: Precision, states: bool) -> int:
    """What a forward pass alone adds: a layer at work and, if they are wanted, the states of all layers."""
    a = 4 if precision == "fp32" else 2
    layer = positions * a * (6 * config.hidden + 2 * config.ffn)
    return layer + (positions * 4 * config.hidden * config.layers if states else 0)

"""How weights are trained: optimizer, schedule, batch, precision, and the devices that share the work."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from understudy.core.recipe.entries import Strict


class Optimization(Strict):
    """How an encoder or its heads are trained (paper A tables 6 and 7 name each of these)."""

    optimizer: Literal["adamw", "adam", "lamb"] = "adamw"
    """``adam`` adds the weight decay to the gradient, ``adamw`` and ``lamb`` take it off the weights."""
    learning_rate: float = Field(default=1e-3, gt=0)
    """Peak, reached at the end of the warm-up; with ``noam`` the factor before the formula."""
    minimum_learning_rate: float = Field(default=1e-5, ge=0)
    """The floor of the decay, and where an exponential warm-up begins."""
    schedule: Literal["linear", "cosine", "constant", "noam"] = "linear"
    """How the rate falls after the warm-up; ``noam`` is a schedule of its own (Vaswani et al. 2017, 5.3)."""
    warmup: float = Field(default=0.06, ge=0, lt=1)
    """Share of the steps spent in warm-up, unless ``warmup_steps`` says how many."""
    warmup_steps: int | None = Field(default=None, ge=0)
    warmup_shape: Literal["linear", "exponential"] = "linear"
    decay_steps: int | None = Field(default=None, ge=1)
    """Steps from the end of the warm-up to the floor; none: to the end of training."""
    weight_decay: float = Field(default=0.01, ge=0)
    """Of matrices; biases, norms and other vectors are not decayed."""
    clip: float = Field(default=1.0, gt=0)
    """Largest norm of a step's gradient."""
    betas: tuple[float, float] = (0.9, 0.98)
    epsilon: float = Field(default=1e-8, gt=0)
    tokens_per_batch: int = Field(default=8192, ge=64)
    """Positions in one optimizer step over all devices, padding included."""
    tokens_per_device: int | None = Field(default=None, ge=64)
    """Positions that a device works on at once; a step with more takes them in turns. None: no limit."""
    precision: Literal["fp32", "bf16", "fp16"] = "bf16"
    """Of matrix products; weights, statistics, softmax and losses stay in float32."""
    non_finite_limit: int = Field(default=20, ge=0)
    """Steps whose loss or gradients are not finite are left out; more than so many end the training."""
    tf32: bool = False
    """Let CUDA round float32 matrix products to TF32."""

    @model_validator(mode="after")
    def _floor_below_peak(self) -> Optimization:
        if self.warmup_shape == "exponential" and not self.minimum_learning_rate:
            raise ValueError("an exponential warm-up begins at minimum_learning_rate, which must be above 0")
        return self


class Parallel(Strict):
    """How the work is shared out to devices; started with ``torchrun``, a process a device."""

    device: Literal["auto", "cpu", "cuda"] = "auto"
    """``auto``: CUDA where there is one."""
    engine: Literal["fsdp", "deepspeed"] = "fsdp"
    """What shards the state, where there are several processes: PyTorch's FSDP2, or DeepSpeed."""
    zero: Literal[1, 2, 3] = 2
    """What is sharded: 1 optimizer state; 2 gradients too; 3 weights too (Rajbhandari et al. 2020)."""
    replicas: int = Field(default=1, ge=1)
    """Copies of the whole sharded state (hybrid sharding); the processes divide among them."""
    activation_checkpointing: bool = False
    """Compute a layer's activations again in the backward pass rather than keep them."""
    compile: bool = False
    """``torch.compile`` each layer."""

"""DeepSpeed's ZeRO (Rajbhandari et al. 2020): 1 shards optimizer state, 2 gradients too, 3 weights too.

Weights are in the precision of products, with float32 masters in the sharded optimizer. Checkpoints are whole
weights and moments, gathered one at a time by process 0, in the same files as one process writes: they go
from any engine to any other, but of very large models FSDP2's, written by all at once, are the faster ones.
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn

from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.model.crf import Crf
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.start import begin
from understudy.training.engine import autocast
from understudy.training.engines.state import SCALE, read_whole, write_whole
from understudy.training.engines.whole import replace_weights
from understudy.training.optimizer import optimizer_for, set_rate
from understudy.training.world import World

T = TypeVar("T")
MOMENTS = ("exp_avg", "exp_avg_sq")


class DeepSpeed:
    """See :class:`understudy.training.engine.Engine`."""

    def __init__(self, module: nn.Module, settings: Optimization, parallel: Parallel, world: World) -> None:
        os.environ.setdefault("DS_ACCELERATOR", world.device.type)
        import deepspeed
        from deepspeed.utils import logger

        logger.setLevel("WARNING")
        # An op for inference on CPUs, which would be compiled now: minutes, and a lock that a killed process
        # leaves behind for all that come after.
        deepspeed.ops.__compatible_ops__["deepspeed_shm_comm"] = False
        warnings.filterwarnings("ignore", r".torch\.distributed\..* is deprecated", FutureWarning)
        self.module, self.settings, self.zero, self.world = module, settings, parallel.zero, world
        begin(module, "cpu")  # DeepSpeed cuts up what is whole
        self.names = dict(module.named_parameters())
        # DeepSpeed switches autocast off around the module, so it goes inside.
        self._forward = module.forward
        module.forward = self._in_autocast
        engine, *_ = deepspeed.initialize(
            model=module,
            optimizer=optimizer_for(module, settings),
            config=_config(settings, parallel),
            dist_init_required=False,
        )
        self.engine: Any = engine
        if self.zero == 3:
            # What is used outside of the forward pass of the module that owns it.
            for part in module.modules():
                if isinstance(part, MaskedLanguageModel):
                    for used in (part.output_matrix, part.head_bias):
                        deepspeed.zero.register_external_parameter(module, used)
                if isinstance(part, Crf):
                    for used in part.parameters():
                        deepspeed.zero.register_external_parameter(module, used)

    def _in_autocast(self, *inputs: Tensor) -> dict[str, Tensor]:
        with autocast(self.settings, self.world.device):
            return cast(dict[str, Tensor], self._forward(*inputs))

    def forward(self, inputs: Iterable[Tensor]) -> dict[str, Tensor]:
        """Weights are gathered on the way in ZeRO 3."""
        there = (each.to(self.world.device, non_blocking=True) for each in inputs)
        return cast(dict[str, Tensor], self.engine(*there))

    def backward(self, loss: Tensor, *, last: bool) -> None:
        """DeepSpeed averages gradients over the processes; the loop wants them summed."""
        self.engine.set_gradient_accumulation_boundary(last)
        self.engine.backward(loss * self.world.size)

    def discard(self) -> None:
        """As DeepSpeed itself does at the end of a step."""
        optimizer = self.engine.optimizer
        optimizer.zero_grad(set_to_none=True)
        optimizer.averaged_gradients = {}
        if self.zero < 3:
            optimizer.micro_step_id = -1  # the next gradients replace what there is

    @property
    def awaiting_moments(self) -> Sequence[Tensor]:
        """This process's flat parts, until the first step."""
        return () if self._inner.state else self._flat()

    @property
    def loss_scale(self) -> float:
        """DeepSpeed's own."""
        return float(self.engine.optimizer.loss_scale) if self.settings.precision == "fp16" else 1.0

    @property
    def _scaler(self) -> Any:
        return self.engine.optimizer.loss_scaler

    @property
    def _inner(self) -> torch.optim.Optimizer:
        return cast(torch.optim.Optimizer, self.engine.optimizer.optimizer)

    def _flat(self) -> Sequence[Tensor]:
        optimizer = self.engine.optimizer
        name = "fp32_partitioned_groups_flat" if self.zero == 3 else "single_partition_of_fp32_groups"
        return cast(Sequence[Tensor], getattr(optimizer, name))

    def step(self, rate: float) -> float:
        """Every process updates its part; a gradient that is not finite makes DeepSpeed skip."""
        set_rate(self.engine.optimizer, rate)
        self.engine.step()
        norm = float(self.engine.get_global_grad_norm())
        return norm if norm >= 0 else math.inf

    def evaluate(self, function: Callable[[], T]) -> T:
        """As a forward pass of the module, so that what it uses is gathered as in training."""
        if self.zero < 3:
            return function()
        self.module.forward = function
        try:
            return cast(T, self.module())
        finally:
            self.module.forward = self._in_autocast

    def save(self, folder: Path) -> Future[None]:
        """Process 0 writes what all gather."""
        self._link_moments()
        moments = {
            f"{name}:{key}": tensor
            for name, parameter in self.names.items()
            if parameter.requires_grad
            for key in MOMENTS
            if (tensor := self._gathered(parameter, key)) is not None
        }
        steps = {
            f"{name}:step": torch.tensor(float(self._step))
            for name, parameter in self.names.items()
            if parameter.requires_grad
        }
        weights = self.weights()
        scale = {SCALE: scale_state(self._scaler)} if self.settings.precision == "fp16" else {}
        if self.world.main:
            return write_whole(folder, weights, moments | steps | scale)
        written: Future[None] = Future()
        written.set_result(None)
        return written

    def load(self, folder: Path) -> None:
        """Every process reads all and keeps its parts."""
        import deepspeed

        saved = read_whole(folder, {name: _shape(parameter) for name, parameter in self.names.items()})
        if SCALE in saved and self.settings.precision == "fp16":
            restore_scale(self._scaler, saved[SCALE])
        steps = [float(tensor) for name, tensor in saved.items() if name.endswith(":step")]
        if steps:
            self._begin_moments(steps[0])
        for name, parameter in self.names.items():
            value = saved[name].to(self.world.device)
            with (
                torch.no_grad(),
                deepspeed.zero.GatheredParameters([parameter], modifier_rank=0, enabled=self.zero == 3),
            ):
                parameter.copy_(value)
            self._scatter(parameter, value)
            for key in MOMENTS:
                if steps and parameter.requires_grad:
                    self._scatter(parameter, saved[f"{name}:{key}"].to(self.world.device), key)

    def _begin_moments(self, step: float) -> None:
        for part in self._flat():
            moments = {key: torch.zeros_like(part) for key in MOMENTS}
            self._inner.state[part] = {"step": torch.tensor(step), **moments}
        self._link_moments()

    def _link_moments(self) -> None:
        # DeepSpeed does so itself only once, in whatever step that was.
        optimizer = self.engine.optimizer
        if self.zero < 3 and self._inner.state:
            optimizer._hp_optimizer_states_linked = False
            optimizer._lazy_init_hp_params_optimizer_state()

    def _scatter(self, parameter: Tensor, whole: Tensor, key: str | None = None) -> None:
        """Put this process's part of a master weight or moment in its place."""
        from deepspeed import utils

        if not parameter.requires_grad:
            return
        if self.zero < 3:
            if key is None:
                utils.safe_set_full_fp32_param(parameter, whole)
            else:
                utils.safe_set_full_optimizer_state(parameter, whole, key)
            return
        size = parameter.ds_tensor.numel()  # type: ignore[attr-defined]
        padded = torch.zeros(size * self.world.size, device=whole.device)
        padded[: whole.numel()] = whole.flatten()
        part = padded.narrow(0, size * self.world.rank, size)
        if key is None:
            utils.safe_set_local_fp32_param(parameter, part)
        else:
            utils.safe_set_local_optimizer_state(parameter, part, key)

    @property
    def _step(self) -> float:
        return max((float(state["step"]) for state in self._inner.state.values()), default=0.0)

    def _gathered(self, parameter: Tensor, key: str | None = None) -> Tensor | None:
        """A whole master weight or moment on process 0."""
        from deepspeed.utils import safe_get_full_fp32_param, safe_get_full_optimizer_state

        if key is None:
            whole = safe_get_full_fp32_param(parameter)
        else:
            whole = safe_get_full_optimizer_state(parameter, key)
        return whole.detach().to("cpu", copy=True) if self.world.main else None

    def weights(self) -> dict[str, Tensor]:
        """The float32 masters, gathered one at a time."""
        import deepspeed

        whole: dict[str, Tensor] = {}
        for name, parameter in self.names.items():
            if parameter.requires_grad:
                tensor = self._gathered(parameter)
            else:
                with deepspeed.zero.GatheredParameters([parameter], enabled=self.zero == 3):
                    tensor = parameter.detach().float().to("cpu", copy=True) if self.world.main else None
            if tensor is not None:
                whole[name] = tensor
        return whole

    def finish(self, weights: dict[str, Tensor] | None) -> None:
        """Process 0 has the whole module on its host."""
        whole = weights or self.weights()
        self.engine.destroy()
        self.module.forward = self._forward
        replace_weights(self.module, whole)


def scale_state(scaler: Any) -> Tensor:
    """Of DeepSpeed's dynamic scaler, as :attr:`.scale.LossScale.state` has it."""
    since = scaler.cur_iter - scaler.last_overflow_iter - 1
    return torch.tensor([float(scaler.cur_scale), float(since % scaler.scale_window)], dtype=torch.float64)


def restore_scale(scaler: Any, state: Tensor) -> None:
    """Take up what :func:`scale_state`, or another engine, has saved."""
    scaler.cur_scale = float(state[0])
    scaler.cur_iter, scaler.last_overflow_iter = int(state[1]), -1


def _shape(parameter: Tensor) -> tuple[int, ...]:
    return tuple(getattr(parameter, "ds_shape", parameter.shape))


def _config(settings: Optimization, parallel: Parallel) -> dict[str, Any]:
    return {
        "train_micro_batch_size_per_gpu": 1,  # the loop deals out rows and turns itself
        "gradient_accumulation_steps": 1,
        "gradient_clipping": settings.clip,
        # Small weights are sharded too, so that what is held is what a plan says.
        "zero_optimization": {"stage": parallel.zero, "stage3_param_persistence_threshold": 0},
        "zero_allow_untested_optimizer": True,
        "bf16": {"enabled": settings.precision == "bf16"},
        "fp16": {"enabled": settings.precision == "fp16", "initial_scale_power": 16},
        "steps_per_print": 2**62,
    }

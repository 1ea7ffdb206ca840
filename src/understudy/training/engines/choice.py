"""The engine that the recipe names, where there are several processes."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from torch import nn

from understudy.core.errors import UserError
from understudy.objectives.distillation import Students
from understudy.training.engine import Engine
from understudy.training.engines.alone import Alone
from understudy.training.engines.layers import prepare_layers
from understudy.training.engines.several import Several
from understudy.training.world import World

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Optimization, Parallel


def check(settings: Optimization, parallel: Parallel, world: World) -> None:
    """Raise a :class:`UserError` where the engine, or the number of processes, cannot do what is asked."""
    if world.size % parallel.replicas:
        raise UserError(
            f"{parallel.replicas} replicas do not divide {world.size} processes; "
            f"start {parallel.replicas}, {2 * parallel.replicas}, ... processes",
            place="parallel.replicas",
        )
    if world.size == 1 or parallel.engine == "fsdp":
        return
    if find_spec("deepspeed") is None:
        raise UserError(
            "DeepSpeed is not installed; use fsdp, or pip install 'understudy[deepspeed]'",
            place="parallel.engine",
        )
    if parallel.replicas > 1:
        raise UserError("replicas need the engine fsdp", place="parallel.replicas")
    if settings.precision == "fp16" and world.device.type == "cpu":
        raise UserError("DeepSpeed has no fp16 on a CPU; use bf16, or fsdp", place="optimization.precision")
    if settings.optimizer == "lamb":
        raise UserError(
            "DeepSpeed flattens weights, and lamb needs the norm of each; use the engine fsdp",
            place="parallel.engine",
        )
    if parallel.compile and parallel.zero == 3:
        raise UserError(
            "DeepSpeed's ZeRO 3 cannot compile layers; use the engine fsdp", place="parallel.compile"
        )


def engine_for(module: nn.Module, settings: Optimization, parallel: Parallel, world: World) -> Engine:
    """Shard the module as the recipe says; one process holds everything.

    Raises:
        UserError: see :func:`check`.
    """
    check(settings, parallel, world)
    if isinstance(module, Students):
        each = {name: engine_for(part, settings, parallel, world) for name, part in module.items()}
        return Several(module, each, world)
    prepare_layers(module, parallel)
    if world.size == 1:
        return Alone(module, settings, world)
    if parallel.engine == "fsdp":
        from understudy.training.engines.fsdp import Fsdp

        return Fsdp(module, settings, parallel, world)
    from understudy.training.engines.deepspeed import DeepSpeed

    return DeepSpeed(module, settings, parallel, world)

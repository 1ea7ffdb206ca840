"""What a recipe or a preset will cost before anything runs: parameters, bytes, operations, hours, money."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.recipe.load import load_recipe
from understudy.model.config import EncoderConfig
from understudy.model.cost import GIB, MFU, Gpu, find_gpu, hours
from understudy.stages.plan.recipe import preset_work, unplanned, vocabulary, works
from understudy.stages.plan.work import Work

BYTES = {"weights_fp32": 4, "training_state": 16}
"""A parameter: float32; and weight, gradient and Adam's two moments in float32."""


@dataclass(frozen=True, kw_only=True)
class Devices:
    """What a plan is for."""

    gpu: str | None = None
    """None: bytes and operations only; nothing is refused."""
    count: int = 1
    mfu: float = MFU
    price: float | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise UserError("at least one GPU is needed", place="--gpus")
        if not 0 < self.mfu <= 1:
            raise UserError(
                f"a share of the peak is due, above 0 and at most 1, not {self.mfu:g}", place="--mfu"
            )
        if self.price is not None and not 0 <= self.price < float("inf"):
            raise UserError("dollars an hour are due, 0 or more", place="--price")

    @property
    def kind(self) -> Gpu | None:
        """The device itself.

        Raises:
            UserError: no such device.
        """
        return None if self.gpu is None else find_gpu(self.gpu, self.price)


def plan_preset(preset: str, pieces: int, devices: Devices | None = None) -> dict[str, Any]:
    """One encoder at the papers' schedule: every way to shard it over the devices.

    Raises:
        UserError: unknown preset or GPU, or no way that fits.
    """
    devices = devices or Devices()
    gpu = devices.kind
    work = preset_work(preset, pieces)
    sharded = devices.count > 1
    engines = ("fsdp", "deepspeed") if sharded and work.optimization.optimizer != "lamb" else ("fsdp",)
    ways = [
        work.changed(zero=zero, checkpointing=checkpointing, engine=engine)
        for engine in engines
        for zero in ((1, 2, 3) if sharded else (1,))
        for checkpointing in (False, True)
    ]
    fitting = [way for way in ways if gpu is None or way.fits(gpu, devices.count)]
    fitting.sort(key=lambda way: way.parallel.activation_checkpointing)  # which costs time
    if gpu is not None and not fitting:
        raise _refusal(work, devices, gpu, preset)
    return {
        "preset": preset,
        "vocabulary": pieces,
        **_sizes(work.encoder),
        "flops": work.flops.as_dict(),
        "devices": devices.count,
        "memory": [
            {
                "engine": way.engine(devices.count),
                "zero": way.parallel.zero if sharded else 0,
                "activation_checkpointing": way.parallel.activation_checkpointing,
                **way.memory(devices.count).as_dict(),
                "fits": None if gpu is None else way.fits(gpu, devices.count),
            }
            for way in ways
        ],
        **_duration(fitting[0], devices),
    }


def plan_recipe(file: Path, overrides: list[str], devices: Devices | None = None) -> dict[str, Any]:
    """The same for every step of a recipe that trains, sharded as it says.

    Raises:
        UserError: anything wrong with the recipe, or a step that does not fit on the devices.
    """
    devices = devices or Devices()
    gpu = devices.kind
    recipe = load_recipe(file, overrides)
    steps: dict[str, Any] = {}
    try:
        for work in works(recipe):
            if gpu is not None and not work.fits(gpu, devices.count):
                raise _refusal(work, devices, gpu, f"steps.{work.name}")
            steps[work.name] = {
                "stage": work.stage,
                **_sizes(work.encoder),
                "flops": work.flops.as_dict(),
                "memory": work.memory(devices.count).as_dict(),
                **_duration(work, devices),
            }
    except UserError as error:
        raise UserError(error.problem, file=file, place=error.place) from None
    known = [step for step in steps.values() if step.get("hours") is not None]
    return {
        "recipe": recipe.name,
        "vocabulary": vocabulary(recipe),
        "devices": devices.count,
        "steps": steps,
        "hours": sum(step["hours"] for step in known) if gpu else None,
        "cost": sum(step["cost"] for step in known) if gpu else None,
        "without_hours": [name for name, step in steps.items() if step["steps"] is None],
        "unknown": unplanned(recipe, set(steps)),
    }


def _sizes(config: EncoderConfig) -> dict[str, Any]:
    return {
        "parameters": config.parameters,
        "flops_per_token": config.flops_per_token(),
        "bytes": {name: size * config.total_parameters for name, size in BYTES.items()},
    }


def _duration(work: Work, devices: Devices) -> dict[str, Any]:
    """Steps and what they take; hours only for a named GPU."""
    rows, turns = work.micro_batch(devices.count)
    found: dict[str, Any] = {
        "length": work.length,
        "positions_per_step": work.positions,
        "positions_per_device": rows * work.length,
        "micro_batches": turns,
        "flops_per_step": work.positions * work.flops.spent,
        "steps": work.steps,
        "at_most": work.at_most,
    }
    gpu = devices.kind
    if gpu is None:
        return found
    precision = work.optimization.precision
    peak = gpu.peak(precision, work.optimization.tf32)
    # Devices beyond one a row have nothing to do, but are paid for.
    busy = min(devices.count, work.rows)
    took = None
    if work.operations is not None:
        took = hours(work.operations, peak=peak, gpus=busy, mfu=devices.mfu)
    found |= {
        "idle_devices": devices.count - busy,
        "hours": took,
        "cost": None if took is None else took * devices.count * gpu.price,
    }
    if precision == "bf16" and not gpu.bf16:
        found["note"] = (
            f"{devices.gpu} has no BF16; planned at its FP16 speed: set optimization.precision=fp16"
        )
    return found


def _refusal(work: Work, devices: Devices, gpu: Gpu, place: str) -> UserError:
    """One line: what it takes, what there is, and what would fit."""
    memory = work.memory(devices.count)
    remedies = work.remedies(gpu, devices.count)
    return UserError(
        f"does not fit: {memory.total / GIB:.1f} GiB on each of {devices.count} {devices.gpu}, "
        f"{gpu.usable / GIB:.1f} can be used (state {memory.state.total / GIB:.1f}, activations "
        f"{memory.activations.total / GIB:.1f}"
        + (f", teacher or frozen encoder {memory.others / GIB:.1f}" if memory.others else "")
        + "); "
        + (
            f"it would with {', or '.join(remedies)}"
            if remedies
            else "a larger GPU or a smaller encoder is due"
        ),
        place=place,
    )

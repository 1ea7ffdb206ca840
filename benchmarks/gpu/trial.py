"""One model trained for a few steps on one device, through the loop's own parts."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import torch

from gpu.micro_batches import Rows, micro_batches
from understudy.model.attention import Kernel
from understudy.model.config import EncoderConfig
from understudy.model.cost import training_flops
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.memory import activation_bytes, parameter_units, state_bytes
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.packed import PackedMaskedLm
from understudy.training.engines.alone import Alone
from understudy.training.engines.layers import prepare_layers
from understudy.training.gradients import gradients
from understudy.training.schedule import learning_rate
from understudy.training.world import World

WARM_UP = 2
"""Steps that compile, allocate and are not timed."""
DISTINCT = 8
"""Micro-batches that are gone through again and again."""

# The recipe's own class needs pydantic, which a bare GPU machine lacks; a test compares the names.
SETTINGS = SimpleNamespace(
    optimizer="adamw", learning_rate=1.5e-4, minimum_learning_rate=1e-5, schedule="linear",
    warmup=0.0, warmup_steps=10, warmup_shape="exponential", decay_steps=None, weight_decay=0.1, clip=1.0,
    betas=(0.9, 0.98), epsilon=1e-8, precision="bf16",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What is trained and how."""

    config: EncoderConfig
    device: torch.device
    kernel: Kernel | Literal["rows"]
    """``rows``: padded, as `pretrain` trains them, by torch's fused attention."""
    tokens: int
    """Positions of a micro-batch."""
    turns: int
    """Micro-batches in a step."""
    compile: bool
    checkpointing: bool

    @property
    def rows(self) -> Rows:
        return Rows(self.tokens, self.config.max_length, padded=self.kernel == "rows")

    def plan(self) -> int:
        """Bytes at the peak, as `understudy plan` has them for one device."""
        state = state_bytes(parameter_units(self.config), shards=1, zero=0, precision="bf16", engine="alone")
        return state.total + activation_bytes(
            self.config, self.tokens, self.config.max_length, precision="bf16",
            checkpointing=self.checkpointing, flash=self.device.type == "cuda",
        ).total  # fmt: skip

    def model(self) -> MaskedLanguageModel:
        """Random weights, drawn on the device: billions of them on the host would take minutes."""
        with torch.device("meta"):
            model = MaskedLanguageModel(self.config)
        model.to_empty(device=self.device)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if parameter.dim() == 2 and name.endswith("weight"):
                    parameter.normal_(0.0, self.config.initial_deviation)
                else:
                    parameter.fill_(1.0 if name.endswith("weight") else 0.0)
        return model

    def run(self, steps: int, seconds: float, profile: Path | None = None) -> dict[str, Any]:
        """Train for ``steps`` timed steps, or fewer if ``seconds`` are over; at least one."""
        cuda = self.device.type == "cuda"
        torch.manual_seed(0)
        if cuda:
            torch.cuda.reset_peak_memory_stats()
        begin = time.perf_counter()
        model = self.model()
        objective = MaskedLm(model) if self.kernel == "rows" else PackedMaskedLm(model, self.kernel)
        parallel = SimpleNamespace(compile=self.compile, activation_checkpointing=self.checkpointing)
        prepare_layers(objective, parallel)  # type: ignore[arg-type]
        world = World(device=self.device)
        engine = Alone(objective, SETTINGS, world)  # type: ignore[arg-type]
        made = micro_batches(self.rows, self.config.vocabulary, DISTINCT, pinned=cuda)
        objective.train()

        def step(number: int) -> torch.Tensor:
            turns = [made.turns[(number * self.turns + turn) % DISTINCT] for turn in range(self.turns)]
            mean, _ = gradients(objective, engine, turns, world, {})  # type: ignore[arg-type]
            engine.step(learning_rate(number, WARM_UP + steps, SETTINGS))  # type: ignore[arg-type]
            return mean.parts["mlm"]

        losses = [step(number) for number in range(WARM_UP)]
        _wait(cuda)
        start = time.perf_counter()
        done = 0
        while done < steps and (not done or time.perf_counter() - begin < seconds):
            losses.append(step(WARM_UP + done))
            done += 1
        _wait(cuda)
        each = (time.perf_counter() - start) / done
        if profile is not None:
            _profile(lambda: step(WARM_UP + done), profile, cuda)
        tokens = made.tokens * self.turns
        operations = training_flops(self.config, round(made.length)).model * tokens
        return {
            "tokens_per_step": round(tokens),
            "mean_length": round(made.length),
            "steps": done,
            "warm_up_seconds": round(start - begin, 1),
            "seconds_per_step": round(each, 4),
            "tokens_per_second": round(tokens / each),
            "tflops": round(operations / each / 1e12, 4),
            "losses": [round(float(losses[at]), 3) for at in (0, -1)],
            "memory_gib": memory(self.plan()),
        }


def attempt(trial: Trial, steps: int, seconds: float, profile: Path | None) -> dict[str, Any] | Exception:
    """What a trial measured, or why it failed; nothing of it stays on the device."""
    try:
        return trial.run(steps, seconds, profile)
    except Exception as error:
        # Its traceback holds every tensor.
        return error.with_traceback(None)
    finally:
        torch._dynamo.reset()
        gc.collect()
        if trial.device.type == "cuda":
            torch.cuda.empty_cache()


def memory(plan: int) -> dict[str, float | None]:
    """GiB: the plan's, and what this process took of the device at most."""
    cuda = torch.cuda.is_available() and torch.cuda.is_initialized()
    measured = (torch.cuda.max_memory_allocated(), torch.cuda.max_memory_reserved()) if cuda else (None, None)
    peak, reserved = (None if x is None else round(x / 2**30, 2) for x in measured)
    return {"plan": round(plan / 2**30, 2), "peak": peak, "reserved": reserved}


def _wait(cuda: bool) -> None:
    if cuda:
        torch.cuda.synchronize()


def _profile(step: Callable[[], object], file: Path, cuda: bool) -> None:
    """A chrome trace (FILE.json.gz) of one step, and a table of what took its time (FILE.txt)."""
    kinds = torch.profiler.ProfilerActivity
    with torch.profiler.profile(activities=[kinds.CPU, kinds.CUDA] if cuda else [kinds.CPU]) as profiler:
        step()
        _wait(cuda)
    file.parent.mkdir(parents=True, exist_ok=True)
    profiler.export_chrome_trace(f"{file}.json.gz")
    order = "self_device_time_total" if cuda else "self_cpu_time_total"
    table = profiler.key_averages().table(sort_by=order, row_limit=40, max_name_column_width=80)
    Path(f"{file}.txt").write_text(table)

"""The tables of ``docs/scale.md``, from the code that plans; ``python docs/scale.py`` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pages import markdown, with_tables

from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization
from understudy.model.config import encoder_config
from understudy.model.cost import GIB, GPUS, find_gpu, hours
from understudy.stages.plan.recipe import preset_work
from understudy.stages.plan.work import Work

PAGE = Path(__file__).with_name("scale.md")
PRESETS = ("700m", "2.3b", "9.3b")
DEVICES = (8, 16, 32, 64, 128, 256, 512)
VOCABULARY = 150_000


def devices() -> str:
    """What is known of each GPU."""
    rows = (
        (name, gpu.memory, f"{gpu.usable / GIB:.1f}", f"{gpu.tflops:g}", f"{gpu.price:.2f}")
        for name, gpu in GPUS.items()
    )
    return markdown(("`--gpu`", "GiB", "planned with", "TFLOP/s", "dollars an hour"), rows)


def memory() -> str:
    """State on each device, by engine and ZeRO stage; activations beside it."""
    rows = []
    for preset in PRESETS:
        for count in DEVICES:
            work = preset_work(preset, VOCABULARY)
            state = [
                work.changed(engine=engine, zero=zero).memory(count).state.total / GIB
                for engine in ("fsdp", "deepspeed")
                for zero in (1, 2, 3)
            ]
            kept = [
                work.changed(checkpointing=checkpointing).memory(count).activations.total / GIB
                for checkpointing in (False, True)
            ]
            rows.append((preset, count, *(f"{each:.1f}" for each in (*state, *kept))))
    stages = [f"{engine} {zero}" for engine in ("FSDP2", "DeepSpeed") for zero in (1, 2, 3)]
    return markdown(("preset", "GPUs", *stages, "activations", "checkpointed"), rows)


def schedules() -> str:
    """Hours of the papers' schedules."""
    rows = []
    for preset in PRESETS:
        work = preset_work(preset, VOCABULARY)
        for count in DEVICES:
            took = [_hours(work, gpu, count, mfu) for gpu, mfu in (("a100-80", 107 / 312), ("h200", 0.4))]
            cost = took[1] * count * GPUS["h200"].price
            rows.append((preset, count, *(f"{each:,.0f}" for each in took), f"{cost / 1000:,.0f}"))
    return markdown(
        ("preset", "GPUs", "hours on a100-80, MFU 0.34", "hours on h200, MFU 0.40", "thousand dollars, h200"),
        rows,
    )


def one_gpu() -> str:
    """The most that one device trains, a row of 512 at a time or 8,192 positions."""
    rows = []
    for preset in ("170m", "700m", "2.3b", "9.3b"):
        work = preset_work(preset, VOCABULARY)
        plain, checkpointed = (work.changed(checkpointing=c).memory(1).total for c in (False, True))
        least = work.changed(checkpointing=True, tokens=work.length)
        fitting = [name for name, gpu in GPUS.items() if least.fits(gpu, 1)]
        rows.append((preset, f"{plain / GIB:.1f}", f"{checkpointed / GIB:.1f}", ", ".join(fitting) or "none"))
    return markdown(("preset", "GiB", "checkpointed", "fits, checkpointed, a row at a time"), rows)


def largest(gpu: str = "h200") -> str:
    """The deepest encoder of 9.3b's width that one device trains."""
    work = preset_work("9.3b", VOCABULARY)
    fitting = [
        deep
        for layers in range(1, 100)
        if (deep := replace(work, encoder=replace(work.encoder, layers=layers)))
        .changed(checkpointing=True, tokens=work.length)
        .fits(find_gpu(gpu), 1)
    ]
    encoder = fitting[-1].encoder
    sizes = (f"{count / 1e9:.1f}B" for count in (encoder.encoder_parameters, encoder.total_parameters))
    return (
        f"The largest encoder of `9.3b`'s width that one `{gpu}` trains by plan, with activation\n"
        f"checkpointing and a row of {work.length} at a time, has {encoder.layers} layers: "
        "{} parameters, {} with embeddings.".format(*sizes)
    )


def paper_a() -> str:
    """The throughput that the paper gives, as the plan sees it."""
    work = preset_work("9.3b", VOCABULARY)
    tokens = 107e12 / work.flops.model
    total = (work.steps or 0) * work.positions
    return markdown(
        ("paper A, 9.3B on A100", "figure"),
        [
            ("operations a position", f"{work.flops.model / 1e9:.1f} GFLOP"),
            ("107 TFLOP/s of a peak of 312", f"MFU {107 / 312:.3f}"),
            ("are, on each GPU", f"{tokens:,.0f} tokens/s"),
            (f"570,000 steps of {work.positions:,} tokens take", f"{total / tokens / 86400:,.0f} A100 days"),
        ],
    )


def paper_b() -> str:
    """Paper B's hours against the plan's, for both teachers it could have had and three mean lengths."""
    rows = []
    for teacher in ("170m", "2.3b"):
        for length in (32, 128, 512):
            batch = Optimization(tokens_per_batch=1024 * length, precision="fp16")
            student, adapted = (
                replace(preset_work(preset, VOCABULARY), length=length, optimization=batch)
                for preset in ("17m-b", teacher)
            )
            shape = encoder_config(EncoderShape(preset=teacher), VOCABULARY)
            student = replace(student, teacher=shape, soft=True, matched=4)
            took = [
                _hours(replace(work, steps=steps), "v100", 8, 0.4)
                for work, steps in ((student, student.steps), (adapted, 15_625))
            ]
            implied = [0.4 * hour / paper for hour, paper in zip(took, (195, 45), strict=True)]
            rows.append((teacher, length, *(f"{x:.1f}" for x in took), *(f"{x:.3f}" for x in implied)))
    return markdown(
        ("teacher", "mean length", "distillation, h", "adaptation, h", "MFU if 195 h", "MFU if 45 h"), rows
    )


def _hours(work: Work, gpu: str, count: int, mfu: float) -> float:
    assert work.operations is not None
    return hours(work.operations, peak=GPUS[gpu].peak(work.optimization.precision), gpus=count, mfu=mfu)


TABLES: dict[str, Callable[[], str]] = {
    "devices": devices,
    "memory": memory,
    "schedules": schedules,
    "one gpu": one_gpu,
    "largest": largest,
    "paper a": paper_a,
    "paper b": paper_b,
}


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), TABLES), encoding="utf-8")

"""Which engine is taken and what it refuses, layers, the loss scale, and which checkpoints stay."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
import torch

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.training.checkpoint import Checkpoints, Progress
from understudy.training.engines import choice
from understudy.training.engines.alone import Alone
from understudy.training.engines.layers import layers_of
from understudy.training.engines.scale import GROWS_AFTER, START, LossScale
from understudy.training.world import World


@pytest.mark.parametrize(
    ("parallel", "settings", "size", "place", "problem"),
    [
        (
            {"replicas": 3},
            {},
            4,
            "replicas",
            "3 replicas do not divide 4 processes; start 3, 6, ... processes",
        ),
        ({"replicas": 2}, {}, 1, "replicas", "2 replicas do not divide 1 processes"),
        ({"engine": "deepspeed", "replicas": 2}, {}, 4, "replicas", "replicas need the engine fsdp"),
        ({"engine": "deepspeed"}, {"optimizer": "lamb"}, 2, "engine", "lamb needs the norm of each"),
        (
            {"engine": "deepspeed", "zero": 3, "compile": True},
            {},
            2,
            "compile",
            "ZeRO 3 cannot compile layers",
        ),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_sharded(
    parallel: dict, settings: dict, size: int, place: str, problem: str
) -> None:
    with pytest.raises(UserError, match=problem) as raised:
        choice.check(Optimization(**settings), Parallel(**parallel), World(size=size))
    assert raised.value.place == f"parallel.{place}"


@pytest.mark.parametrize("engine", ["fsdp", "deepspeed"])
def test_one_process_needs_no_engine(monkeypatch: pytest.MonkeyPatch, masked_task, engine: str) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda name: None)
    made = choice.engine_for(masked_task().objective, Optimization(), Parallel(engine=engine), World())
    assert isinstance(made, Alone)


def test_an_engine_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda name: None)
    choice.check(Optimization(), Parallel(engine="fsdp"), World(size=2))
    with pytest.raises(UserError, match=r"is not installed; use fsdp, .*understudy\[deepspeed\]"):
        choice.check(Optimization(), Parallel(engine="deepspeed"), World(size=2))


def test_layers_computed_again_give_the_same_run(run, masked_task, tmp_path: Path) -> None:
    """To the bit, dropout too: the generator is put back for the second time."""
    weights = []
    for again in (False, True):
        task = masked_task()
        times = 0

        def count(*_: object) -> None:
            nonlocal times
            times += 1

        layer = layers_of(task.objective)[0]
        layer.up.register_forward_hook(count)
        run(task, tmp_path / str(again), steps=4, parallel=Parallel(activation_checkpointing=again))
        weights.append((task.objective.state_dict(), times))
    (plain, once), (computed, twice) = weights
    assert plain.keys() == computed.keys()
    assert all(torch.equal(tensor, computed[name]) for name, tensor in plain.items())
    assert twice - once >= 4


@pytest.mark.slow
def test_compiled_layers_give_the_same_losses(
    run, recorded, masked_task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Traced as ever, but without the minute that a C++ compiler takes.
    monkeypatch.setattr(torch, "compile", functools.partial(torch.compile, backend="aot_eager"))
    seen = []
    for compiled in (False, True):
        task = recorded(masked_task(dropout=0.0))
        run(task, tmp_path / str(compiled), steps=4, rehearsed=False, parallel=Parallel(compile=compiled))
        assert "encoder.blocks.0.up.weight" in task.objective.model.state_dict()
        seen.append(task.seen)
    assert seen[0] == pytest.approx(seen[1], rel=1e-5)


def test_the_loss_scale_halves_at_an_overflow_and_doubles_after_long_peace() -> None:
    scale = LossScale(enabled=True)
    weight = torch.ones(2, requires_grad=True)
    (weight.sum() * 3 * scale.value).backward()
    scale.divide([weight])
    assert weight.grad is not None
    assert weight.grad.tolist() == [3.0, 3.0]
    scale.update(finite=False)
    assert scale.value == START / 2
    for _ in range(GROWS_AFTER - 1):
        scale.update(finite=True)
    assert scale.value == START / 2
    scale.update(finite=True)
    assert scale.value == START
    off = LossScale(enabled=False)
    off.update(finite=False)
    assert off.value == 1.0


def test_the_newest_checkpoints_stay(masked_task, tmp_path: Path) -> None:
    engine = Alone(masked_task().objective, Optimization(precision="fp32"), World())
    checkpoints = Checkpoints(tmp_path, engine, World(), keep_last=3)
    for step in range(5, 61, 5):
        checkpoints.save(Progress(step=step))
    checkpoints.settle()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"step-{step:09d}" for step in (50, 55, 60)]


def test_a_checkpoint_has_no_name_before_all_of_it_is_there(masked_task, tmp_path: Path) -> None:
    engine = Alone(masked_task().objective, Optimization(precision="fp32"), World())
    checkpoints = Checkpoints(tmp_path, engine, World())
    checkpoints.save(Progress(step=5))
    assert [path.name for path in tmp_path.iterdir()] == [".step-000000005.partial"]
    assert checkpoints.load() is None
    checkpoints.poll()
    assert [path.name for path in tmp_path.iterdir()] == ["step-000000005"]
    assert checkpoints.load() == Progress(step=5)

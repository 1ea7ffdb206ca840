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
from understudy.training.engines.deepspeed import restore_scale, scale_state
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


def test_deepspeed_has_no_fp16_on_a_cpu() -> None:
    deepspeed = Parallel(engine="deepspeed")
    with pytest.raises(UserError, match="no fp16 on a CPU; use bf16, or fsdp") as raised:
        choice.check(Optimization(precision="fp16"), deepspeed, World(size=2))
    assert raised.value.place == "optimization.precision"
    choice.check(Optimization(precision="fp16"), deepspeed, World(size=2, device=torch.device("cuda")))


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


def test_the_scale_goes_on_growing_where_it_was(tmp_path: Path) -> None:
    def engine() -> Alone:
        torch.manual_seed(0)
        return Alone(torch.nn.Linear(2, 1), Optimization(precision="fp16"), World())

    one, other = engine(), engine()
    one.scale.update(finite=False)
    for _ in range(GROWS_AFTER - 3):
        one.scale.update(finite=True)
    one.save(tmp_path).result()
    other.load(tmp_path)
    values = []
    for _ in range(3):
        values.append(other.loss_scale)
        other.scale.update(finite=True)
    assert [*values, other.loss_scale] == [START / 2] * 3 + [START]
    # A run in another precision has no scale to take up.
    plain = Alone(torch.nn.Linear(2, 1), Optimization(precision="fp32"), World())
    plain.load(tmp_path)
    assert plain.loss_scale == 1.0


def test_deepspeeds_scale_goes_on_growing_where_it_was() -> None:
    scaler = pytest.importorskip("deepspeed.runtime.fp16.loss_scaler").DynamicLossScaler
    settings = {
        "init_scale": START,
        "scale_window": 5,
        "min_scale": 1,
        "delayed_shift": 1,
    }
    settings |= {"consecutive_hysteresis": False, "raise_error_at_min_scale": False, "dtype": torch.half}
    straight, before, after = (scaler(**settings) for _ in range(3))
    seen: list[list[float]] = [[], []]
    for step in range(24):
        for number, each in enumerate((straight, before)):
            seen[number].append(each.cur_scale)
            each.update_scale(overflow=False)
        if step == 12:
            state = scale_state(before)
            restore_scale(after, state)
            before = after
    assert seen[0] == seen[1]
    assert len(set(seen[0])) > 3


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

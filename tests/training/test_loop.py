"""The loop's own duties: non-finite gradients, the log, validations, the best weights."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from understudy.core.duration import Converged
from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization
from understudy.training import loop
from understudy.training.log import CLOCKED
from understudy.training.schedule import learning_rate


def lines(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("nonsense", [math.nan, math.inf])
def test_a_step_without_finite_gradients_is_left_out_and_counted(
    run, toy, tmp_path: Path, nonsense: float
) -> None:
    task = toy(lambda step: 1.0 if step % 3 else nonsense)
    before = task.module.weight.detach().clone()
    numbers = run(task, tmp_path, steps=9, checkpoint_every=100)
    assert (numbers["steps"], numbers["skipped_steps"]) == (9, 3)
    assert torch.isfinite(task.module.weight).all()
    assert (task.module.weight < before).all()


def test_steps_are_adams_with_clipped_gradients_and_the_schedules_rates(run, toy, tmp_path: Path) -> None:
    gradients = [0.5, 30.0, -0.2, -7.0, 0.9, 0.1]
    task = toy(lambda step: gradients[step - 1])
    settings = Optimization(learning_rate=1e-2, precision="fp32")
    due, first, second = task.module.weight.item(), 0.0, 0.0
    for step, gradient in enumerate(gradients):
        rate = learning_rate(step, 6, settings)
        clipped = max(-1.0, min(1.0, gradient))
        first = 0.9 * first + 0.1 * clipped
        second = 0.98 * second + 0.02 * clipped**2
        mean, size = first / (1 - 0.9 ** (step + 1)), (second / (1 - 0.98 ** (step + 1))) ** 0.5
        due -= rate * (0.01 * due + mean / size)
    run(task, tmp_path, steps=6)
    assert task.module.weight.item() == pytest.approx(due, abs=1e-6)


@pytest.mark.parametrize("bf16", [False, True])
def test_half_precision_where_it_is_asked_for(run, toy, tmp_path: Path, bf16: bool) -> None:
    task = toy(lambda step: 1.0)
    run(task, tmp_path, steps=1, bf16=bf16)
    assert task.in_half is bf16


@pytest.mark.parametrize("asked", [True, False])
def test_tf32_only_where_it_is_asked_for(run, toy, tmp_path: Path, asked: bool) -> None:
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = not asked
    run(toy(lambda step: 1.0), tmp_path, steps=1, settings=Optimization(precision="fp32", tf32=asked))
    assert torch.backends.cuda.matmul.allow_tf32 is torch.backends.cudnn.allow_tf32 is asked


def test_too_many_of_them_end_the_run(run, toy, tmp_path: Path) -> None:
    message = (
        r"non-finite-step-21.safetensors: the loss or gradients were not finite in 21 steps, last in step 21"
    )
    with pytest.raises(UserError, match=message) as raised:
        run(toy(lambda step: math.nan), tmp_path, steps=100)
    assert "(rows 0)" in str(raised.value)
    kept = load_file(tmp_path / "non-finite-step-21.safetensors")
    assert (kept["rows"].tolist(), int(kept["epoch"])) == ([0], 4)
    assert kept["turn-0.input-0"].isnan().all()
    numbers = run(toy(lambda step: math.nan), tmp_path / "few", steps=20)
    assert numbers["skipped_steps"] == 20
    with pytest.raises(UserError, match="in 1 steps, last in step 4"):
        settings = Optimization(precision="fp32", non_finite_limit=0)
        run(toy(lambda step: 1.0 if step < 4 else math.inf), tmp_path / "none", settings=settings)


def test_steps_left_out_before_a_stop_count_after_it(run, toy, tmp_path: Path) -> None:
    # Eighteen before the checkpoint at 18; it stops at 19 and has two left.
    for _ in range(2):
        task = toy(lambda step: math.nan)
        task.step = 15 if (tmp_path / "checkpoints").exists() else 0
        with pytest.raises(UserError, match="in 21 steps, last in step 21"):
            run(task, tmp_path, steps=100, checkpoint_every=15)


def test_lines_of_the_log(run, toy, tmp_path: Path) -> None:
    numbers = run(toy(lambda step: 2.0), tmp_path, steps=43)
    log = lines(tmp_path)
    assert [line["step"] for line in log] == [20, 40, 43]
    assert [line["epoch"] for line in log] == [3, 7, 8]
    learned = {"step", "epoch", "learning_rate", "gradient_norm", "toy", "skipped_steps", "padding"}
    assert set(log[0]) == learned | set(CLOCKED)
    assert log[0]["gradient_norm"] == 2.0
    assert log[0]["padding"] == log[-1]["padding"] == numbers["padding"] == 0.25
    assert log[0]["learning_rate"] > log[1]["learning_rate"] > log[2]["learning_rate"] > 1e-5
    assert numbers["tokens"] == 3 * 43


@pytest.mark.parametrize(
    ("every", "steps", "at"), [(None, 12, [5, 10, 12]), (None, 10, [5, 10]), (4, 10, [4, 8, 10])]
)
def test_when_it_validates(run, toy, tmp_path: Path, every: int | None, steps: int, at: list[int]) -> None:
    numbers = run(toy(lambda step: 1.0), tmp_path, steps=steps, validate_every=every)
    assert numbers["history"] == [{"step": step, "other": 1.0} for step in at]


@pytest.mark.parametrize(("scores", "best"), [([0.1, 0.5, 0.3, 0.2], 1), ([0.4, 0.4, 0.1, 0.4], 0)])
def test_the_best_weights_are_restored(run, toy, tmp_path: Path, scores: list[float], best: int) -> None:
    task = toy(lambda step: 1.0, scores)
    numbers = run(task, tmp_path, steps=20, validate_every=None)
    assert [entry["score"] for entry in numbers["history"]] == scores
    weights = [state["weight"].item() for state in task.validated]
    assert len(set(weights)) == 4
    assert task.module.weight.item() == weights[best]
    assert not task.module.training


def test_best_weights_from_before_a_stop_are_restored(run, toy, tmp_path: Path) -> None:
    def loss(step: int) -> float:
        if step == 18 and not stopped:
            stopped.append(step)
            raise KeyboardInterrupt
        return 1.0

    stopped: list[int] = []
    task = toy(loss, [0.1, 0.9, 0.3])
    with pytest.raises(KeyboardInterrupt):
        run(task, tmp_path, steps=20, validate_every=None, checkpoint_every=12)
    best = task.validated[1]["weight"].item()
    again = toy(loss, [0.3, 0.2])
    again.step = 12
    numbers = run(again, tmp_path, steps=20, validate_every=None, checkpoint_every=12)
    assert [entry["score"] for entry in numbers["history"]] == [0.1, 0.9, 0.3, 0.2]
    assert again.module.weight.item() == best


def test_without_a_score_the_last_weights_stay(run, toy, tmp_path: Path) -> None:
    task = toy(lambda step: 1.0)
    run(task, tmp_path, steps=10, validate_every=4)
    assert task.module.weight.item() == task.validated[-1]["weight"].item()
    assert not (tmp_path / "best.safetensors").exists()


def test_what_is_frozen_stays(run, toy, tmp_path: Path) -> None:
    task = toy(lambda step: 1.0)
    before = task.module.bias.item()
    run(task, tmp_path, steps=3)
    assert task.module.bias.item() == before


@pytest.mark.parametrize("tokens_per_device", [64, 100, None])
def test_turns_of_unequal_length_give_the_step_of_the_whole_batch(
    run, recorded, masked_task, tmp_path: Path, tokens_per_device: int | None
) -> None:
    """Means of unequal turns would not be the mean: sums are divided by the whole step's count."""
    weights = []
    for limit in (None, tokens_per_device):
        task = masked_task(dropout=0.0)
        settings = Optimization(
            learning_rate=1e-2, precision="fp32", tokens_per_batch=256, tokens_per_device=limit
        )
        run(task, tmp_path / str(limit), steps=6, settings=settings)
        weights.append(task.objective.state_dict())
    for name, tensor in weights[0].items():
        torch.testing.assert_close(weights[1][name], tensor, atol=2e-5, rtol=1e-4, msg=name)


def test_it_ends_when_validations_get_no_better(run, toy, tmp_path: Path) -> None:
    scores = [0.1, 0.5, 0.502, 0.4, 0.9]
    until = Converged(patience=2, improvement=0.01)
    numbers = run(toy(lambda step: 1.0, scores), tmp_path, steps=40, validate_every=4, until=until)
    assert numbers["steps"] == 16
    assert [entry["score"] for entry in numbers["history"]] == scores[:4]
    # Stopped in between, it ends at the same step; continued once it has ended, it stays so.
    again = tmp_path / "again"
    with pytest.raises(KeyboardInterrupt):
        run(toy(stops_at(15), scores), again, steps=40, validate_every=4, until=until, checkpoint_every=7)
    for _ in range(2):
        task = toy(lambda step: 1.0, scores[3:])
        task.step = 14
        later = run(task, again, steps=40, validate_every=4, until=until, checkpoint_every=7)
        assert later["history"] == numbers["history"]


def stops_at(last: int):
    def loss(step: int) -> float:
        if step == last:
            raise KeyboardInterrupt
        return 1.0

    return loss


def test_noam_knows_the_models_width(run, toy, tmp_path: Path) -> None:
    settings = Optimization(schedule="noam", learning_rate=2.0, warmup_steps=20, precision="fp32")
    run(toy(lambda step: 1.0), tmp_path, steps=20, settings=settings)
    (line,) = lines(tmp_path)
    assert line["learning_rate"] == pytest.approx(2.0 * 4**-0.5 * 20**-0.5)


def test_what_a_line_says_of_the_cost(run, toy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock by hand, read three times a step: each time 0.5 s later, and after the first line 1 s."""
    readings = iter(range(10**6))
    monkeypatch.setattr(loop.time, "perf_counter", lambda: max((n := next(readings)) / 2, n - 30))
    monkeypatch.setattr(loop, "matrix_peak", lambda device, dtype: 96_000.0)
    run(toy(lambda step: 1.0), tmp_path, steps=40)
    first, last = lines(tmp_path)
    # From start to batch half a second, to the step's end another half; three pieces a step.
    assert (first["tokens_per_second"], last["tokens_per_second"]) == (3, 2)
    # In rows of 4, of 1,000 operations each: 12,000 a step.
    assert (first["mfu"], last["mfu"]) == (0.125, 0.0625)
    assert first["loader_wait"] == last["loader_wait"] == 0.5
    assert (first["eta_seconds"], last["eta_seconds"]) == (20, 0)


def test_lines_are_json_even_where_losses_are_not_numbers(run, toy, tmp_path: Path) -> None:
    run(toy(lambda step: math.nan if step == 20 else 1.0), tmp_path, steps=20)
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    told = json.loads(line, parse_constant=lambda name: pytest.fail(name))
    assert (told["toy"], told["gradient_norm"], told["skipped_steps"]) == (None, None, 1)


def test_a_loss_that_is_not_finite_is_left_out_though_its_gradient_is(run, toy, tmp_path: Path) -> None:
    task = toy(lambda step: 1.0)
    forward = task.objective.forward
    task.objective.forward = lambda slope: {"toy": forward(slope)["toy"] + math.inf}
    numbers = run(task, tmp_path, steps=3)
    assert numbers["skipped_steps"] == 3


def test_trackers_get_lines_and_validations(run, toy, tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    run(toy(lambda step: 1.0, [0.5, 0.6]), tmp_path, steps=40, validate_every=20, trackers=["tensorboard"])
    events = accumulator.EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert {"toy", "learning_rate", "mfu", "score"} <= set(events.Tags()["scalars"])
    assert [event.step for event in events.Scalars("toy")] == [20, 40]
    assert [round(event.value, 3) for event in events.Scalars("score")] == [0.5, 0.6]

"""The largest batch first: no trace in results, one line where memory does not do; uneven batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization
from understudy.training.batches import Batch, check_pieces, check_shared
from understudy.training.rehearsal import largest
from understudy.training.world import World


def test_a_rehearsal_leaves_no_trace(run, recorded, masked_task, tmp_path: Path) -> None:
    results = []
    for rehearsed in (False, True):
        task = recorded(masked_task())
        numbers = run(task, tmp_path / str(rehearsed), steps=12, rehearsed=rehearsed)
        results.append((task.seen, numbers["history"], task.module.state_dict()))
    (losses, history, weights), (seen, again, same) = results
    assert seen[1:] == losses and len(seen) == 13
    assert history == again
    assert all(torch.equal(same[name], tensor) for name, tensor in weights.items())


def test_the_largest_batch_is_the_one_that_takes_most_memory() -> None:
    def batch(rows: int, length: int) -> Batch:
        return Batch(np.arange(rows), length)

    # As many positions in long rows attend to more; a last batch of few rows takes little.
    few, short, long = batch(2, 512), batch(64, 128), batch(16, 512)
    assert largest([few, short, long]) is long
    assert largest([few, short]) is short


@pytest.mark.parametrize(
    ("limit", "remedy"),
    [
        (None, "set it to 128, so that a step's 256 positions are worked on in turns"),
        (100, "lower it from 100 to 64"),
        (64, "even one row is too much: lower max_length, or train a smaller encoder or on more devices"),
    ],
)
@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_too_little_memory_is_one_line_before_the_first_step(
    run, masked_task, tmp_path: Path, limit: int | None, remedy: str, error: RuntimeError
) -> None:
    task = masked_task()

    def fails(*_: object) -> None:
        raise error

    task.objective.register_forward_pre_hook(fails)
    settings = Optimization(precision="fp32", tokens_per_batch=256, tokens_per_device=limit)
    with pytest.raises(UserError) as raised:
        run(task, tmp_path, settings=settings, rehearsed=True)
    assert raised.value.place == "optimization.tokens_per_device"
    problem = r"rows of \d+ pieces, the largest batch, do not fit the memory of cpu; "
    assert raised.match(problem + remedy)
    assert not (tmp_path / "checkpoints").exists()


def test_another_error_stays_what_it_is(run, masked_task, tmp_path: Path) -> None:
    task = masked_task()
    task.objective.model.head_bias = torch.nn.Parameter(torch.zeros(3))
    with pytest.raises(RuntimeError, match="must match"):
        run(task, tmp_path, rehearsed=True)


def test_processes_that_do_not_divide_the_batch() -> None:
    check_shared(Optimization(tokens_per_batch=8192), World(0, 8))
    with pytest.raises(UserError, match="3 processes do not divide 8192 positions; 8190 or 8193 would do"):
        check_shared(Optimization(tokens_per_batch=8192), World(0, 3))


def test_a_batch_without_a_piece_is_found_before_training() -> None:
    lengths = np.array([5, 2, 2, 3])
    check_pieces([Batch(np.array([0, 1]), 8), Batch(np.array([2, 3]), 4)], lengths)
    with pytest.raises(
        UserError, match="a batch of 2 rows holds no piece to learn from, the first being row 1"
    ):
        check_pieces([Batch(np.array([0]), 8), Batch(np.array([1, 2]), 4)], lengths)


def test_float16_finds_its_scale_without_counting_against_the_run(run, toy, tmp_path: Path) -> None:
    """2^16 times the gradient is too much for float32 here until the scale has been halved nine times."""
    gradient = 2.0**120
    task = toy(lambda step: gradient if step < 30 else 1.0)
    settings = Optimization(precision="fp16", non_finite_limit=0, clip=1e30)
    numbers = run(task, tmp_path, settings=settings, steps=40)
    assert numbers["skipped_steps"] == 9
    assert torch.isfinite(task.module.weight).all()


def test_float16_still_ends_where_no_scale_helps(run, toy, tmp_path: Path) -> None:
    settings = Optimization(precision="fp16", non_finite_limit=2)
    # 16 halvings from 2^16 to 1, then three steps that count.
    with pytest.raises(UserError, match="not finite in 3 steps, last in step 19"):
        run(toy(lambda step: float("nan")), tmp_path, settings=settings, steps=100)


def test_float16_continues_with_its_scale(run, toy, tmp_path: Path) -> None:
    def loss(step: int) -> float:
        if step == 15 and not stopped:
            stopped.append(step)
            raise KeyboardInterrupt
        return 2.0**120

    stopped: list[int] = []
    settings = Optimization(precision="fp16", non_finite_limit=0, clip=1e30)
    with pytest.raises(KeyboardInterrupt):
        run(toy(loss), tmp_path, settings=settings, steps=20, checkpoint_every=12)
    again = toy(loss)
    again.step = 12
    assert run(again, tmp_path, settings=settings, steps=20, checkpoint_every=12)["skipped_steps"] == 9

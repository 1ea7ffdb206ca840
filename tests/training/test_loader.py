"""Turns made ahead by a thread are the turns that would be made at once."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

from understudy.training.batches import Batch
from understudy.training.loader import Loader
from understudy.training.world import World

BATCHES = [Batch(np.arange(first, first + 4), 8) for first in (0, 4, 8)]


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def inputs(made: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda self: self)

    def make(batch: Batch, epoch: int) -> tuple[torch.Tensor, ...]:
        made.append(threading.current_thread().name)
        if epoch == 9:
            raise ValueError("broken row")
        return (torch.from_numpy(batch.rows) + 100 * epoch,)

    return make


def rows(loader: Loader, batch: Batch, epoch: int) -> list[list[int]]:
    return [turn.inputs[0].tolist() for turn in loader.turns(batch, epoch)]


def test_on_a_gpu_the_next_batch_is_made_by_a_thread(inputs, made: list[str]) -> None:
    gpu, cpu = (Loader(inputs, World(device=torch.device(kind)), 16) for kind in ("cuda", "cpu"))
    for loader in (gpu, cpu):
        assert rows(loader, BATCHES[0], 0) == [[0, 1], [2, 3]]
        loader.prepare(BATCHES[1], 1)
        assert rows(loader, BATCHES[1], 1) == [[104, 105], [106, 107]]
        loader.close()
    assert [name.startswith("loader") for name in made] == [False, False, True, True] + [False] * 4


def test_what_was_made_for_another_batch_or_epoch_is_not_taken(inputs) -> None:
    loader = Loader(inputs, World(device=torch.device("cuda")), None)
    loader.prepare(BATCHES[1], 0)
    assert rows(loader, BATCHES[2], 0) == [[8, 9, 10, 11]]
    loader.prepare(BATCHES[2], 0)
    assert rows(loader, BATCHES[2], 1) == [[108, 109, 110, 111]]
    loader.close()


def test_an_error_in_the_thread_is_raised_where_the_batch_is_wanted(inputs) -> None:
    loader = Loader(inputs, World(device=torch.device("cuda")), None)
    loader.prepare(BATCHES[0], 9)
    with pytest.raises(ValueError, match="broken row"):
        loader.turns(BATCHES[0], 9)
    loader.close()

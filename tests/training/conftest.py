"""A toy corpus as shards, a small masked task on it, and a task whose losses and scores are set by hand.

A subprocess loads this file too, to be killed in mid-run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from understudy.core.artifact import Artifact, Manifest
from understudy.core.files import write_json
from understudy.core.recipe.model_steps import Optimization
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import Losses
from understudy.objectives.masked_lm import masked_lm
from understudy.tokenizer.shards import ShardWriter
from understudy.training.batches import Batch
from understudy.training.loop import SCORE, train
from understudy.training.masked_task import MaskedTask
from understudy.training.shards import TokenShards

VOCABULARY = 64
LANGUAGES = ["aa", "bb"]


def write_shards(folder: Path, rows: int = 120) -> Artifact:
    """Rows that say one of their language's eight pieces again and again."""
    random = np.random.default_rng(0)
    for split, count in (("train", rows), ("validation", 24)):
        with ShardWriter(folder / split, VOCABULARY) as writer:
            for row in range(count):
                language = row % 2
                piece = int(5 + 8 * language + random.integers(8))
                writer.write([[0, *[piece] * random.integers(2, 26), 2]], [language])
    write_json(folder / "shards.json", {"vocabulary": VOCABULARY, "languages": LANGUAGES})
    (folder / "tokenizer").mkdir()
    return Artifact(folder, Manifest.model_construct())


class Recorded:
    """A task that notes every step's loss, and may stop before one."""

    def __init__(self, task: Any, stop_before: int | None = None) -> None:
        self.task, self.stop_before = task, stop_before
        self.module: nn.Module = task.module
        self.seen: list[float] = []

    def batches(self, epoch: int) -> list[Batch]:
        return self.task.batches(epoch)

    def losses(self, batch: Batch, epoch: int) -> Losses:
        if len(self.seen) == self.stop_before:
            raise KeyboardInterrupt
        losses = self.task.losses(batch, epoch)
        self.seen.append(float(losses.total.detach()))
        return losses

    def validate(self) -> dict[str, float]:
        return self.task.validate()


def masked_task(artifact: Artifact, *, bf16: bool = False, dropout: float = 0.1) -> MaskedTask:
    torch.manual_seed(0)
    model = MaskedLanguageModel(
        EncoderConfig(
            vocabulary=VOCABULARY, layers=2, hidden=32, ffn=64, heads=2, max_length=32, dropout=dropout
        )
    )
    return MaskedTask(
        model,
        model,
        partial(masked_lm, model),
        train=TokenShards(artifact, "train"),
        validation=TokenShards(artifact, "validation"),
        tokens_per_batch=256,
        seed=3,
        bf16=bf16,
    )


def run(task: Any, folder: Path, *, steps: int = 30, bf16: bool = False, **changes: Any) -> dict[str, Any]:
    """Train; 120 rows are about 10 batches, so the default ends in the third epoch."""
    folder.mkdir(exist_ok=True)
    settings = Optimization(learning_rate=1e-2, bf16=bf16)
    options = {"seed": 5, "label": "toy", "validate_every": 9, "checkpoint_every": 7} | changes
    return train(task, steps=steps, settings=settings, folder=folder, **options)


class Toy:
    """Two weights, one of them trained, losses and scores given by step."""

    def __init__(self, losses: Callable[[int], float], scores: Sequence[float | None] = ()) -> None:
        self.module = nn.Linear(1, 1)
        self.module.bias.requires_grad_(False)
        self.module.eval()  # as a loaded model comes
        self.step, self.scores = 0, list(scores)
        self.loss = losses
        self.validated: list[dict[str, torch.Tensor]] = []

    def batches(self, epoch: int) -> list[Batch]:
        return [Batch(np.array([epoch, i]), 4) for i in range(5)]

    def losses(self, batch: Batch, epoch: int) -> Losses:
        assert self.module.training
        self.in_half = torch.is_autocast_enabled("cpu")
        assert (batch.rows == [epoch, self.step % 5]).all()
        self.step += 1
        total = self.module.weight.sum() * self.loss(self.step)
        return Losses(total, {"toy": total.detach()}, tokens=3, positions=4)

    def validate(self) -> dict[str, float]:
        assert not self.module.training
        self.validated.append({name: t.clone() for name, t in self.module.state_dict().items()})
        score = self.scores[len(self.validated) - 1] if self.scores else None
        return {"other": 1.0} if score is None else {SCORE: score}


@pytest.fixture(scope="session")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    return write_shards(tmp_path_factory.mktemp("shards"))


@pytest.fixture(name="masked_task")
def masked_task_fixture(shards: Artifact) -> Callable[..., MaskedTask]:
    return partial(masked_task, shards)


@pytest.fixture
def recorded() -> type[Recorded]:
    return Recorded


@pytest.fixture
def toy() -> type[Toy]:
    return Toy


@pytest.fixture(name="run")
def run_fixture() -> Callable[..., dict[str, Any]]:
    return run

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
from understudy.core.recipe.optimization import Optimization
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import losses
from understudy.objectives.masked_lm import MaskedLm
from understudy.tokenizer.shards import ShardWriter
from understudy.training.batches import Batch
from understudy.training.convergence import SCORE
from understudy.training.loop import train
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
        self.seen: list[float] = []
        self.module: nn.Module = task.objective
        self.module.register_forward_hook(self._note)

    def _note(self, module: Any, inputs: tuple[torch.Tensor, ...], sums: dict[str, torch.Tensor]) -> None:
        if module.training:
            self.seen.append(float(losses(sums, module.counts(*inputs), module.weights).total.detach()))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.task, name)

    def inputs(self, batch: Batch, epoch: int) -> tuple[torch.Tensor, ...]:
        if len(self.seen) == self.stop_before:
            raise KeyboardInterrupt
        return self.task.inputs(batch, epoch)


def masked_task(artifact: Artifact, *, bf16: bool = False, dropout: float = 0.1) -> MaskedTask:
    torch.manual_seed(0)
    model = MaskedLanguageModel(
        EncoderConfig(
            vocabulary=VOCABULARY, layers=2, hidden=32, ffn=64, heads=2, max_length=32, dropout=dropout
        )
    )
    return MaskedTask(
        MaskedLm(model),
        model,
        train=TokenShards(artifact, "train"),
        validation=TokenShards(artifact, "validation"),
        settings=settings_of(bf16, tokens_per_batch=256),
        seed=3,
    )


def settings_of(bf16: bool = False, **changes: Any) -> Optimization:
    return Optimization(**{"learning_rate": 1e-2, "precision": "bf16" if bf16 else "fp32", **changes})


def run(
    task: Any,
    folder: Path,
    *,
    steps: int = 30,
    bf16: bool = False,
    settings: Optimization | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Train; 120 rows are about 10 batches, so the default ends in the third epoch."""
    folder.mkdir(exist_ok=True)
    # The rehearsal would show up in what tests record; it has tests of its own.
    options = {"seed": 5, "label": "toy", "validate_every": 9, "checkpoint_every": 7, "rehearsed": False}
    options |= changes
    return train(task, steps=steps, settings=settings or settings_of(bf16), folder=folder, **options)


class ToyObjective(nn.Linear):
    """Two weights, one of them trained; the loss is the weight times what the batch says."""

    weights = {"toy": 1.0}  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__(1, 1)
        self.bias.requires_grad_(False)
        self.eval()  # as a loaded model comes

    def forward(self, slope: torch.Tensor) -> dict[str, torch.Tensor]:
        assert self.training
        self.in_half = torch.is_autocast_enabled("cpu")
        return {"toy": self.weight.sum() * slope.float().sum()}

    def counts(self, slope: torch.Tensor) -> dict[str, int]:
        return {"toy": len(slope)}


class Toy:
    """Losses and scores given by step."""

    hidden = 4

    def __init__(self, losses: Callable[[int], float], scores: Sequence[float | None] = ()) -> None:
        self.module = self.objective = ToyObjective()
        self.step, self.scores = 0, list(scores)
        self.loss = losses
        self.validated: list[dict[str, torch.Tensor]] = []

    @property
    def in_half(self) -> bool:
        return self.objective.in_half

    def batches(self, epoch: int) -> list[Batch]:
        return [Batch(np.array([i]), 4) for i in range(5)]

    def inputs(self, batch: Batch, epoch: int) -> tuple[torch.Tensor, ...]:
        assert batch.rows.tolist() == [self.step % 5]
        self.step += 1
        return (torch.tensor([self.loss(self.step)], dtype=torch.float64),)

    def tokens(self, batch: Batch) -> int:
        return 3

    def operations(self, length: int) -> int:
        return 1000 * length

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

"""Our training loop under a clock, and our tasks on given rows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from peers.clock import now
from peers.rows import Rows
from understudy.core.artifact import Artifact, Manifest
from understudy.core.files import write_json
from understudy.core.recipe.optimization import Optimization
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import Objective
from understudy.objectives.masked_lm import MaskedLm
from understudy.tokenizer.shards import ShardWriter
from understudy.training.batches import Batch
from understudy.training.loop import train
from understudy.training.masked_task import MaskedTask
from understudy.training.shards import TokenShards

PADDING = 1.03
"""Our batches are counted with their padding, which is about this much."""


def masked_task(
    rows: Rows,
    model: MaskedLanguageModel,
    settings: Optimization,
    folder: Path,
    objective: Objective | None = None,
) -> MaskedTask:
    """The task of pretraining, or of distillation, on shards of the rows."""
    for split, its in (("train", rows), ("validation", rows[:8])):
        with ShardWriter(folder / split, model.config.vocabulary) as writer:
            writer.write(its, [0] * len(its))
    write_json(folder / "shards.json", {"vocabulary": model.config.vocabulary, "languages": ["en"]})
    (folder / "tokenizer").mkdir()
    artifact = Artifact(folder, Manifest.model_construct())
    return MaskedTask(
        MaskedLm(model) if objective is None else objective,
        model,
        train=TokenShards(artifact, "train"),
        validation=TokenShards(artifact, "validation"),
        settings=settings,
        seed=0,
    )


def batch_for(settings: Optimization, tokens: int) -> Optimization:
    """Settings whose batches hold about so many real pieces."""
    return settings.model_copy(update={"tokens_per_batch": round(PADDING * tokens)})


def rate(task: Any, settings: Optimization, steps: int, units: Callable[[Batch], int]) -> float:
    """Units a second of so many steps of the loop, whatever it does between them included.

    Every shape of a batch comes once before the clock starts: oneDNN prepares kernels for each, once a run.
    """
    batches = task.batches(0)
    first = {batch.length: batch for batch in reversed(batches)}
    order = [*first.values(), *batches]
    if len(batches) < steps + 1:
        raise ValueError(f"{len(batches)} batches are too few for {steps} steps and one after them")
    marks: list[tuple[float, int]] = []
    inputs = task.inputs

    def noted(batch: Batch, epoch: int) -> Any:
        marks.append((now(), units(batch)))
        return inputs(batch, epoch)

    task.batches, task.inputs = lambda _: order, noted
    with tempfile.TemporaryDirectory() as folder:
        train(
            task, steps=len(first) + steps + 1, settings=settings, seed=0, folder=Path(folder), label="ours",
            validate_every=10**9, checkpoint_every=10**9, rehearsed=False, trackers=["tensorboard"],
        )  # fmt: skip
    counted = marks[len(first) : len(first) + steps + 1]
    return sum(each for _, each in counted[:-1]) / (counted[-1][0] - counted[0][0])


def padding(batches: list[Batch], lengths: np.ndarray) -> float:
    """Share of positions that hold no piece."""
    positions = sum(len(batch.rows) * batch.length for batch in batches)
    return 1 - sum(int(lengths[batch.rows].sum()) for batch in batches) / positions

"""What the training loop costs besides the steps: the loader, and the log with TensorBoard.

    PYTHONPATH=src python benchmarks/loop_overhead.py [--preset 17m] [--vocabulary 150000] [--steps 40]

Trains on rows of random pieces whose lengths are drawn like sentences' (geometric, mean 25), in a temporary
folder. Prints the share of the time in steps that was spent waiting for the next batch, and in writing lines.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from understudy.core.artifact import Artifact, Manifest
from understudy.core.files import write_json
from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.model.config import encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.masked_lm import MaskedLm
from understudy.tokenizer.shards import ShardWriter
from understudy.training.log import TrainingLog
from understudy.training.loop import train
from understudy.training.masked_task import MaskedTask
from understudy.training.shards import TokenShards
from understudy.training.world import World


def shards(folder: Path, vocabulary: int, rows: int) -> Artifact:
    random = np.random.default_rng(0)
    for split, count in (("train", rows), ("validation", 20)):
        with ShardWriter(folder / split, vocabulary) as writer:
            for _ in range(count):
                length = min(126, int(random.geometric(1 / 25)) + 1)
                writer.write([[0, *random.integers(5, vocabulary, length).tolist(), 2]], [0])
    write_json(folder / "shards.json", {"vocabulary": vocabulary, "languages": ["en"]})
    (folder / "tokenizer").mkdir()
    return Artifact(folder, Manifest.model_construct())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="17m")
    parser.add_argument("--vocabulary", type=int, default=150_000)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--tokens", type=int, default=8192)
    given = parser.parse_args()
    writing = 0.0
    write = TrainingLog.write

    def timed(self, *arguments, **named):  # type: ignore[no-untyped-def]
        nonlocal writing
        start = time.perf_counter()
        note = write(self, *arguments, **named)
        writing += time.perf_counter() - start
        return note

    TrainingLog.write = timed  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        artifact = shards(folder, given.vocabulary, given.steps * given.tokens // 20)
        model = MaskedLanguageModel(encoder_config(EncoderShape(preset=given.preset), given.vocabulary))
        settings = Optimization(tokens_per_batch=given.tokens)
        world = World.here(Parallel())
        task = MaskedTask(
            MaskedLm(model),
            model,
            train=TokenShards(artifact, "train"),
            validation=TokenShards(artifact, "validation"),
            settings=settings,
            seed=0,
            device=world.device,
        )
        train(
            task, steps=given.steps, settings=settings, seed=0, folder=folder, label="overhead",
            validate_every=10**9, checkpoint_every=10**9, trackers=["tensorboard"], world=world,
        )  # fmt: skip
        lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    later = lines[len(lines) // 2 :]
    seconds = sum(20 * given.tokens * (1 - line["padding"]) / line["tokens_per_second"] for line in lines)
    print(
        json.dumps(
            {
                "preset": given.preset,
                "vocabulary": given.vocabulary,
                "tokens_per_batch": given.tokens,
                "device": str(world.device),
                "threads": torch.get_num_threads(),
                "tokens_per_second": later[-1]["tokens_per_second"],
                "mfu": later[-1]["mfu"],
                "padding": later[-1]["padding"],
                "loader_share": float(np.mean([line["loader_wait"] for line in later])),
                "logging_share": round(writing / seconds, 5),
                "logging_ms_a_line": round(1000 * writing / len(lines), 2),
            }
        )
    )


if __name__ == "__main__":
    main()

"""What the training loop costs besides the steps: the loader, and the log with TensorBoard; and the padding.

    python benchmarks/loop_overhead.py                                                    a quick look
    python benchmarks/loop_overhead.py --vocabulary 150000 --tokens 4096 --data ../shared/data

Trains as `pretrain` does, in a temporary folder. Prints the share of the time in steps that was spent waiting
for the next batch, and in writing lines (both should be under 3 %), and the share of positions that hold no
piece (under 5 %), in the steps that were done and in a whole epoch. Rows are of real text where given, else
random with such lengths.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peers import ours
from peers.rows import rows_for

from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.model.config import encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.training.log import LOG_EVERY, TrainingLog
from understudy.training.loop import train
from understudy.training.world import World

MAX_LENGTH = 128


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--preset", default="17m")
    parser.add_argument("--vocabulary", type=int, default=8000, help="pieces; the papers have 150000")
    parser.add_argument("--steps", type=int, default=2 * LOG_EVERY)
    parser.add_argument("--tokens", type=int, default=1024, help="positions in a step")
    parser.add_argument("--data", type=Path, help="folder with generic/LANGUAGE.jsonl.gz: rows of real text")
    given = parser.parse_args()
    writing = 0.0
    write = TrainingLog.write

    def timed(*arguments: Any, **named: Any) -> str:
        nonlocal writing
        start = time.perf_counter()
        note = write(*arguments, **named)
        writing += time.perf_counter() - start
        return note

    TrainingLog.write = timed  # type: ignore[method-assign]
    rows = rows_for(given.data, max(50_000, given.steps * given.tokens // 15), given.vocabulary, MAX_LENGTH)
    shape = EncoderShape(preset=given.preset, max_length=MAX_LENGTH)
    model = MaskedLanguageModel(encoder_config(shape, given.vocabulary))
    settings = Optimization(tokens_per_batch=given.tokens)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        task = ours.masked_task(rows, model, settings, folder / "shards")
        train(
            task, steps=given.steps, settings=settings, seed=0, folder=folder, label="overhead",
            validate_every=10**9, checkpoint_every=10**9, trackers=["tensorboard"],
            world=World.here(Parallel()),
        )  # fmt: skip
        lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
        epoch = ours.padding(task.batches(0), np.array([len(row) for row in rows]))
    # The first half of the lines holds the first time of each shape.
    later = lines[len(lines) // 2 :]
    real = LOG_EVERY * given.tokens
    seconds = sum(real * (1 - line["padding"]) / line["tokens_per_second"] for line in lines)
    about = {
        "preset": given.preset,
        "vocabulary": given.vocabulary,
        "positions_a_step": given.tokens,
        "rows": "real text" if given.data else "random",
        "threads": torch.get_num_threads(),
        "tokens_per_second": later[-1]["tokens_per_second"],
        "mfu": later[-1]["mfu"],
        "loader_share": round(float(np.mean([line["loader_wait"] for line in later])), 5),
        "logging_share": round(writing / seconds, 5),
        "logging_ms_a_line": round(1000 * writing / len(lines), 2),
        "padding": later[-1]["padding"],
        "padding_of_an_epoch": round(epoch, 4),
    }
    print(json.dumps(about))


if __name__ == "__main__":
    main()

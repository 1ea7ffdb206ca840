"""What more students cost that learn from one pass of their teacher, in processor time of one thread.

    python benchmarks/distill_students.py --teacher 85m --student 5m --vocabulary 16000 --rows 128

Random weights and pieces: rows of 32, paper B's losses (hidden : soft : mlm = 1 : 2 : 1), forward, backward,
clipping and AdamW in BF16. Processor time hardly hangs on what else the machine does. Prints one JSON object:
seconds a step with one student and with three, and their ratio.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
import torch

from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.core.recipe.presets import PRESETS
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.distillation import Distillation, Students, Terms
from understudy.objectives.masking import mask_batch
from understudy.objectives.teaching import LiveTeacher
from understudy.tokenizer.protocol import SpecialPieces
from understudy.training.engines.choice import engine_for
from understudy.training.gradients import gradients
from understudy.training.host_memory import keep_freed_memory
from understudy.training.loader import Turn
from understudy.training.world import World

LENGTH = 32
PAPER_B = {"hidden": 1.0, "soft": 2.0, "mlm": 1.0}


def model(preset: str, vocabulary: int) -> MaskedLanguageModel:
    """Random weights of a preset."""
    sizes = PRESETS[preset] | {"max_length": LENGTH}
    return MaskedLanguageModel(EncoderConfig(vocabulary=vocabulary, dropout=0.0, **sizes))


def seconds(teacher: MaskedLanguageModel, preset: str, count: int, rows: int, steps: int) -> float:
    """Processor time of a step with so many students."""
    vocabulary = teacher.config.vocabulary
    live = LiveTeacher(teacher, torch.bfloat16)
    students = Students(
        {f"s{n}": Distillation(model(preset, vocabulary), live, Terms(weights=PAPER_B)) for n in range(count)}
    )
    settings, world = Optimization(precision="bf16"), World()
    engine = engine_for(students.train(), settings, Parallel(), world)
    special = SpecialPieces.of_ours(vocabulary)
    random = np.random.default_rng(0)
    spent: list[float] = []
    for step in range(steps + 1):
        ids = random.integers(5, vocabulary, (rows, LENGTH))
        masked = mask_batch(ids, np.arange(rows), seed=0, epoch=step, special=special)
        inputs = (masked.ids, np.ones_like(ids, dtype=bool), masked.selected, masked.labels)
        turn = Turn(tuple(torch.from_numpy(each) for each in inputs), True)
        start = time.process_time()
        gradients(students, engine, [turn], world, {})
        engine.step(1e-4)
        spent.append(time.process_time() - start)
    return float(np.median(spent[1:]))  # the first prepares kernels


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--teacher", default="85m")
    parser.add_argument("--student", default="5m")
    parser.add_argument("--vocabulary", type=int, default=16_000)
    parser.add_argument("--rows", type=int, default=128)
    parser.add_argument("--steps", type=int, default=4)
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    keep_freed_memory()  # as the training loop does
    teacher = model(options.teacher, options.vocabulary)
    one, three = (seconds(teacher, options.student, count, options.rows, options.steps) for count in (1, 3))
    print(json.dumps({**vars(options), "one": one, "three": three, "ratio": round(three / one, 3)}))


if __name__ == "__main__":
    main()

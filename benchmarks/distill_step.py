"""Distilling: our loop against a plain one with DistilBERT's losses and against TextBrewer; three students.

    python benchmarks/distill_step.py                                     a quick look
    python benchmarks/distill_step.py --teacher 170m --student 17m --vocabulary 150000 --tokens 2048
    python benchmarks/distill_step.py --memory --vocabulary 150000        of soft targets

Same models, same padded and masked batches, and the same losses: masked LM, soft targets at masked positions
with temperature 2, and the last hidden states through a projection (ours by distance of normalised states,
theirs by cosine). Ours is the whole loop in bfloat16; the plain one is Hugging Face's models in float32 and
under bfloat16 autocast, about 512 positions at a time, since it makes the scores of all of them. Examples
(rows) a second count. Three students of one teacher pass come last: what they cost in the time of one. The
masked-LM and soft losses of ours and of the plain loop on one batch must agree.

With --memory nothing is trained: the growth of a process that computes both cross-entropies and their
gradients, for more and more masked positions, at once and in chunks. Half-precision scores that are few are
kept for the backward pass, at most half a gigabyte each of the student's and of what the teacher says;
beyond, the chunk is the bound.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from peers import clock, distillers, ours
from peers.memory import growth_by_positions
from peers.rounds import medians, report
from peers.rows import Rows, rows_for

from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization
from understudy.model.config import EncoderConfig, encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.distillation import Distillation, Students, Terms
from understudy.objectives.losses import IGNORE, mean_losses
from understudy.objectives.teaching import LiveTeacher
from understudy.training.batches import Batch
from understudy.training.masked_task import MaskedTask
from understudy.training.students_task import StudentsTask

MAX_LENGTH = 128
AT_ONCE = 512
"""Positions that the others work on at once, about."""
AGREE = 1e-3


class Bench:
    """Models and rows, made once."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.tokens, self.steps = options.tokens, options.steps
        self.rows: Rows = rows_for(
            options.data, 60 * max(20, options.steps) * options.tokens // 18, options.vocabulary, MAX_LENGTH
        )
        self.sizes = [self.size(name, options.vocabulary) for name in (options.student, options.teacher)]
        torch.manual_seed(0)
        self.teacher = MaskedLanguageModel(self.sizes[1]).eval()

    def size(self, preset: str, vocabulary: int) -> EncoderConfig:
        return encoder_config(EncoderShape(preset=preset, max_length=MAX_LENGTH, dropout=0.1), vocabulary)

    def student(self, seed: int = 0) -> MaskedLanguageModel:
        torch.manual_seed(1 + seed)
        return MaskedLanguageModel(self.sizes[0])

    def distillation(self, teacher: LiveTeacher, seed: int = 0) -> Distillation:
        last = {self.sizes[0].layers - 1: self.sizes[1].layers - 1}
        weights = {"mlm": 1.0, "soft": 1.0, "hidden": 1.0}
        return Distillation(
            self.student(seed),
            teacher,
            Terms(weights=weights, temperature=distillers.TEMPERATURE, layers=last),
        )

    def task(self, distillation: Distillation, folder: Path) -> MaskedTask:
        return ours.masked_task(self.rows, distillation.student, self.settings(), folder, distillation)

    def settings(self, precision: str = "bf16") -> Optimization:
        return ours.batch_for(Optimization(precision=precision), self.tokens)  # type: ignore[arg-type]

    def mine(self, students: int) -> float:
        """Rows a second that each of so many students learns from."""
        teacher = LiveTeacher(self.teacher)
        with tempfile.TemporaryDirectory() as name:
            tasks = {
                f"s{seed}": self.task(self.distillation(teacher, seed), Path(name) / str(seed))
                for seed in range(students)
            }
            task: Any = tasks["s0"]
            if students > 1:
                every = Students({key: each.objective for key, each in tasks.items()})  # type: ignore[misc]
                task = StudentsTask(every, tasks)
            return ours.rate(task, self.settings(), self.steps, lambda batch: len(batch.rows))

    def batches(self) -> list[distillers.Step]:
        """Those that count in ours, and one before and one after them."""
        with tempfile.TemporaryDirectory() as name:
            task = self.task(self.distillation(LiveTeacher(self.teacher)), Path(name) / "shards")
            batches = task.batches(0)
            parts = max(1, round(self.tokens / AT_ONCE))
            chosen: list[Batch] = [batches[-1], *batches[: self.steps + 1]]
            return [distillers.micro_batches(task.inputs(batch, 0), parts) for batch in chosen]

    def plain(self, bf16: bool) -> float:
        model = distillers.PlainDistillation(self.student(), self.teacher)
        return distillers.plain_rate(model, self.batches()[:-1], bf16=bf16)

    def textbrewer(self) -> float:
        return distillers.textbrewer_rate(self.student(), self.teacher, self.batches())

    def difference(self) -> float:
        """Of the losses of ours and of the plain loop, in float32 without dropout, relative."""
        distillation = self.distillation(LiveTeacher(self.teacher)).eval()
        with tempfile.TemporaryDirectory() as name, torch.no_grad():
            task = self.task(distillation, Path(name) / "shards")
            inputs = task.inputs(task.batches(0)[0], 0)
            (whole,) = distillers.micro_batches(inputs, 1)
            parts = mean_losses(distillation, *inputs).parts
            plain = distillers.PlainDistillation(distillation.student, self.teacher).eval()
            due = plain(whole)
            # Theirs is the divergence, ours the cross-entropy: the teacher's entropy is between them.
            where = whole["labels"] != IGNORE
            read = {name: whole[name] for name in ("input_ids", "attention_mask")}
            scores = F.log_softmax(plain.teacher(**read).logits[where] / distillers.TEMPERATURE, dim=-1)
            entropy = -(scores.exp() * scores).sum(-1).mean() * distillers.TEMPERATURE**2
        apart = (parts["mlm"] / due["mlm"] - 1, parts["soft"] / (due["soft"] + entropy) - 1)
        return max(abs(float(each)) for each in apart)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--teacher", default="85m", choices=("17m", "85m", "170m"))
    parser.add_argument("--student", default="5m", choices=("5m", "17m"))
    parser.add_argument("--vocabulary", type=int, default=4000, help="pieces; the papers have 150000")
    parser.add_argument("--tokens", type=int, default=512, help="real tokens in a step, about")
    parser.add_argument("--steps", type=int, default=2, help="measured steps of each round")
    parser.add_argument("--rounds", type=int, default=1, help="rounds in turns; the median counts")
    parser.add_argument("--data", type=Path, help="folder with generic/LANGUAGE.jsonl.gz: rows of real text")
    parser.add_argument("--memory", action="store_true", help="memory of soft targets, nothing else")
    parser.add_argument(
        "--positions", type=int, nargs="+", default=[256, 1024, 2048, 4096], help="with --memory"
    )
    parser.add_argument("--alone", action="store_true", help="one thread's processor time, others being busy")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")
    options = parser.parse_args()
    if options.alone:
        clock.stands_still_for_others()
    if options.memory:
        widths = [
            encoder_config(EncoderShape(preset=name), 10).hidden
            for name in (options.student, options.teacher)
        ]
        growth_by_positions(options.vocabulary, widths, options.positions, as_json=options.json)
        return
    bench = Bench(options)
    worst = bench.difference()
    print(f"losses are {worst:.1e} apart", file=sys.stderr)
    contestants: dict[str, Callable[[], float]] = {
        "understudy bf16": lambda: bench.mine(1),
        "plain loop fp32": lambda: bench.plain(False),
        "plain loop bf16": lambda: bench.plain(True),
    }
    if find_spec("textbrewer") is None:
        print("textbrewer is not installed; pip install 'understudy[bench]'", file=sys.stderr)
    else:
        contestants["TextBrewer fp32"] = bench.textbrewer
    contestants["understudy, each of three"] = lambda: bench.mine(3)
    rates = medians(contestants, options.rounds)
    three = rates.pop("understudy, each of three")
    about = {
        "clock": "processor" if options.alone else "wall",
        "teacher": options.teacher, "student": options.student, "vocabulary": options.vocabulary,
        "real_tokens_a_step": options.tokens, "rows": "real text" if options.data else "random",
        "relative_difference": float(f"{worst:.2g}"),
        "three_students_cost_of_one": round(rates["understudy bf16"] / three, 2),
    }  # fmt: skip
    report(rates, "examples", about, as_json=options.json)
    sys.exit(worst > AGREE)


if __name__ == "__main__":
    main()

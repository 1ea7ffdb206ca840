"""Fine-tuning against Hugging Face's Trainer: same encoder, heads, utterances, and as many of them a step.

    python benchmarks/finetune_cpu.py                                    a quick look, demonstration world
    python benchmarks/finetune_cpu.py --rounds 3 --data ../shared/data   MASSIVE, all locales there are

Ours is the whole loop: batches by length, bfloat16, tags at the pieces that carry them, fused AdamW, log with
TensorBoard. Theirs is Trainer on RobertaPreLayerNorm with the same heads on its hidden states, rows shuffled
and padded to the longest of their batch, in float32 (the default) and with bf16=True. With --crf ours has
paper B's heads with a CRF, which Trainer has not; theirs stay paper A's.

First the mathematics: the loss of both on the same batch, in float32 and without dropout, from the same
weights, which must agree to 1e-4.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from peers import clock, huggingface, ours
from peers.rounds import medians, report
from torch import Tensor, nn

from understudy.core.recipe.heads import PAPER_A, Heads
from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization
from understudy.demo import world
from understudy.model.config import EncoderConfig, encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.nlu import NluModel
from understudy.objectives.losses import IGNORE, mean_losses
from understudy.tokenizer.protocol import Tokenizer
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train
from understudy.training.nlu_task import NluTask
from understudy.utterances.frame import Frame
from understudy.utterances.given import Given
from understudy.utterances.massive import read_massive
from understudy.utterances.tags import LabelSet

MAX_LENGTH = 64
AGREE = 1e-4


def utterances(data: Path | None, count: int) -> list[Frame]:
    """Training utterances of all locales in turns."""
    if data is None:
        return [frame for locale in world.LOCALES for frame in world.labelled(locale, "train", count // 4, 0)]
    files = sorted((data / "massive").glob("*.jsonl.gz"))
    if not files:
        raise SystemExit(f"{data / 'massive'} holds no *.jsonl.gz")
    frames: list[Frame] = []
    for file in files:
        rows = (row.frame for row in read_massive(file, Given(file.name[:5])) if row.partition == "train")
        frames += [frame for _, frame in zip(range(count // len(files)), rows, strict=False)]
    return frames


class Plain(nn.Module):
    """The heads of paper A on Hugging Face's encoder, as one would write it for Trainer."""

    def __init__(self, model: NluModel) -> None:
        super().__init__()
        self.body = huggingface.plain_model(model.base).roberta_prelayernorm
        self.intent, self.slots = model.heads["intent"], model.heads["slots"]

    def forward(self, input_ids: Tensor, attention_mask: Tensor, labels: Tensor, tags: Tensor) -> Any:
        """Mean losses of intents and of tags, summed."""
        hidden = self.body(input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.to(hidden.dtype)[..., None]
        intents = self.intent((hidden * weight).sum(1) / weight.sum(1))
        scores = self.slots(hidden)
        loss = F.cross_entropy(intents, labels)
        return {"loss": loss + F.cross_entropy(scores.flatten(0, 1), tags.flatten(), ignore_index=IGNORE)}


def task_of(
    frames: list[Frame], subwords: Tokenizer, config: EncoderConfig, heads: Heads, settings: Optimization
) -> NluTask:
    """Ours, from the same weights each time."""
    torch.manual_seed(0)
    model = NluModel(MaskedLanguageModel(config), LabelSet.of(frames), heads)
    return NluTask(
        model, subwords, train=frames, dev=frames[:8], settings=settings, max_length=MAX_LENGTH, seed=0
    )


def rows_of(task: NluTask) -> list[dict[str, Any]]:
    """What ours reads, as Trainer wants it: tags at every piece."""
    rows = []
    for ids, places, tags, intent in zip(
        task._ids, task._places, task._tags, task._intents.tolist(), strict=True
    ):
        spread = [IGNORE] * len(ids)
        for place, tag in zip(places, tags, strict=True):
            spread[place] = tag
        rows.append({"input_ids": ids, "tags": spread, "labels": intent})
    return rows


def collate(rows: list[dict[str, Any]]) -> dict[str, Tensor]:
    """Padded to the longest."""
    longest = max(len(row["input_ids"]) for row in rows)

    def padded(key: str, fill: int) -> Tensor:
        return torch.tensor([row[key] + [fill] * (longest - len(row[key])) for row in rows])

    ids = padded("input_ids", 1)
    labels = torch.tensor([row["labels"] for row in rows])
    mask = (ids != 1).long()
    return {"input_ids": ids, "attention_mask": mask, "labels": labels, "tags": padded("tags", IGNORE)}


def difference(task: NluTask) -> float:
    """Of both losses on one batch, relative."""
    task.objective.eval()
    batch = task.batches(0)[0]
    mine = float(mean_losses(task.objective, *task.inputs(batch, 0)).total.detach())
    rows = rows_of(task)
    theirs = Plain(task.model).eval()(**collate([rows[row] for row in batch.rows]))["loss"]
    return abs(mine / float(theirs.detach()) - 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--preset", default="17m", choices=("5m", "17m", "85m"))
    parser.add_argument("--vocabulary", type=int, default=2000, help="pieces; fine-tuning looks them up only")
    parser.add_argument("--tokens", type=int, default=512, help="real pieces in a step, about")
    parser.add_argument("--steps", type=int, default=6, help="measured steps of each round")
    parser.add_argument("--rounds", type=int, default=1, help="rounds in turns; the median counts")
    parser.add_argument("--data", type=Path, help="folder with massive/LOCALE.jsonl.gz")
    parser.add_argument("--crf", action="store_true", help="ours with paper B's heads and a CRF")
    parser.add_argument("--alone", action="store_true", help="one thread's processor time, others being busy")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")
    options = parser.parse_args()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if options.alone:
        clock.stands_still_for_others()
    tokens, steps = options.tokens, options.steps
    frames = utterances(options.data, max(2000, 3 * (steps + 20) * tokens // 10))
    with tempfile.TemporaryDirectory() as folder:
        train([frame.text for frame in frames], options.vocabulary, "", 0, Path(folder))
        subwords = Subwords.load(Path(folder))
    shape = EncoderShape(preset=options.preset, max_length=MAX_LENGTH)
    config = encoder_config(shape, subwords.vocabulary_size)
    sober = encoder_config(shape.model_copy(update={"dropout": 0.0}), subwords.vocabulary_size)
    fp32 = ours.batch_for(Optimization(precision="fp32"), tokens)
    worst = difference(task_of(frames, subwords, sober, PAPER_A, fp32))
    print(f"losses of one batch are {worst:.1e} apart", file=sys.stderr)
    heads = Heads.model_validate("paper-b-icner") if options.crf else PAPER_A
    mean = float(task_of(frames, subwords, sober, PAPER_A, fp32).lengths.mean())

    def mine(settings: Optimization) -> float:
        task = task_of(frames, subwords, config, heads, settings)
        return ours.rate(task, settings, steps, lambda batch: len(batch.rows))

    def theirs(bf16: bool) -> float:
        task = task_of(frames, subwords, config, PAPER_A, fp32)
        return huggingface.rate(
            Plain(task.model), rows_of(task), collate, lambda inputs: len(inputs["labels"]),
            rows=round(tokens / mean), steps=steps, bf16=bf16, remove_unused_columns=False,
        )  # fmt: skip

    about = {
        "preset": options.preset,
        "vocabulary": subwords.vocabulary_size,
        "utterances_a_step": round(tokens / mean),
        "heads": "paper-b-icner" if options.crf else "paper-a",
        "utterances": "MASSIVE" if options.data else "demonstration world",
        "relative_difference": float(f"{worst:.2g}"),
    }
    contestants = {
        "understudy bf16": lambda: mine(ours.batch_for(Optimization(), tokens)),
        "Trainer fp32": lambda: theirs(False),
        "Trainer bf16": lambda: theirs(True),
    }
    report(medians(contestants, options.rounds), "utterances", about, as_json=options.json)
    sys.exit(worst > AGREE)


if __name__ == "__main__":
    main()

"""Our training loop against Hugging Face's Trainer with run_mlm's collator: same model, rows, real tokens.

Ours is the whole loop: batches by length, masks, bfloat16, loss at masked positions, fused AdamW, log. Theirs
is Trainer as run_mlm sets it up: shuffled rows padded to their batch's longest, masked by its collator, in
float32 (the default) and with bf16=True. A step of either holds about as many real tokens, and real tokens a
second count. Lengths are those of real text where given (--lengths FILE: a number a line), else log-normal.

--agree compares mathematics instead of speed: both models from the same weights on the same masked batches in
float32 without dropout; the largest relative difference of 50 losses.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import (
    DataCollatorForLanguageModeling,
    PreTrainedTokenizerFast,
    RobertaPreLayerNormConfig,
    RobertaPreLayerNormForMaskedLM,
    Trainer,
    TrainingArguments,
)

from understudy.core.artifact import Artifact, Manifest
from understudy.core.files import write_json
from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization
from understudy.model.config import EncoderConfig, encoder_config
from understudy.model.encoder import POSITION_OFFSET, MaskedLanguageModel
from understudy.model.huggingface import to_huggingface
from understudy.objectives.losses import IGNORE, mean_losses
from understudy.objectives.masked_lm import MaskedLm
from understudy.tokenizer.shards import ShardWriter
from understudy.tokenizer.subwords import SPECIAL_TOKENS
from understudy.training.loop import train
from understudy.training.masked_task import MaskedTask
from understudy.training.optimizer import optimizer_for
from understudy.training.shards import TokenShards

MAX_LENGTH = 128
Rows = list[list[int]]


def lengths(file: Path | None, count: int, rng: np.random.Generator) -> np.ndarray:
    """Pieces a row, special ones included."""
    if file is not None:
        given = np.array(file.read_text().split(), dtype=np.int64)
        return np.clip(rng.choice(given, count), 4, MAX_LENGTH)
    return np.clip(np.exp(rng.normal(np.log(24), 0.6, count)), 4, MAX_LENGTH).astype(np.int64)


def made_rows(vocabulary: int, sizes: np.ndarray, rng: np.random.Generator) -> Rows:
    """Random ids; what they are does not matter to the clock."""
    return [
        [0, *rng.integers(len(SPECIAL_TOKENS), vocabulary, size - 2).tolist(), 2] for size in sizes.tolist()
    ]


def task_of(rows: Rows, model: MaskedLanguageModel, settings: Optimization, folder: Path) -> MaskedTask:
    """Our task on shards of the rows."""
    for split, its in (("train", rows), ("validation", rows[:8])):
        with ShardWriter(folder / split, model.config.vocabulary) as writer:
            writer.write(its, [0] * len(its))
    write_json(folder / "shards.json", {"vocabulary": model.config.vocabulary, "languages": ["en"]})
    (folder / "tokenizer").mkdir()
    artifact = Artifact(folder, Manifest.model_construct())
    train_rows, held_out = TokenShards(artifact, "train"), TokenShards(artifact, "validation")
    return MaskedTask(
        MaskedLm(model), model, train=train_rows, validation=held_out, settings=settings, seed=0
    )


def plain_model(config: EncoderConfig) -> RobertaPreLayerNormForMaskedLM:
    """Hugging Face's model of the same size."""
    return RobertaPreLayerNormForMaskedLM(
        RobertaPreLayerNormConfig(
            vocab_size=config.vocabulary,
            num_hidden_layers=config.layers,
            hidden_size=config.hidden,
            intermediate_size=config.ffn,
            num_attention_heads=config.heads,
            max_position_embeddings=config.max_length + POSITION_OFFSET,
            type_vocab_size=1,
            layer_norm_eps=config.norm_epsilon,
            hidden_dropout_prob=config.dropout,
            attention_probs_dropout_prob=config.dropout,
        )
    )


def plain_tokenizer(vocabulary: int) -> PreTrainedTokenizerFast:
    """What the collator needs to know: the special ids and the number of pieces."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    names = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    pieces = {name: i for i, name in enumerate([*names, *map(str, range(len(SPECIAL_TOKENS), vocabulary))])}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel(pieces, unk_token="<unk>")),
        bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>", mask_token="<mask>",
    )  # fmt: skip


def ours(rows: Rows, config: EncoderConfig, tokens_per_batch: int, steps: int) -> float:
    """Real tokens a second of our loop, the first steps (every shape's first time) left out."""
    model = MaskedLanguageModel(config)
    settings = Optimization(tokens_per_batch=tokens_per_batch)
    with tempfile.TemporaryDirectory() as folder:
        task = task_of(rows, model, settings, Path(folder) / "shards")
        batches = task.batches(0)
        warm = len({batch.length for batch in batches})
        # Every shape once; then the steps that count.
        first = {batch.length: batch for batch in reversed(batches)}
        order = [*first.values(), *batches]
        task.batches = lambda _: order  # type: ignore[method-assign, misc]
        marks: list[tuple[float, int]] = []
        inputs = task.inputs

        def noted(batch: Any, epoch: int) -> Any:
            marks.append((time.perf_counter(), task.tokens(batch)))
            return inputs(batch, epoch)

        task.inputs = noted  # type: ignore[method-assign]
        options: dict[str, Any] = {
            "seed": 0,
            "label": "ours",
            "validate_every": 10**9,
            "checkpoint_every": 10**9,
        }
        run = Path(folder) / "run"
        run.mkdir()
        train(task, steps=warm + steps + 1, settings=settings, folder=run, **options)
    counted = marks[warm : warm + steps + 1]
    return sum(tokens for _, tokens in counted[:-1]) / (counted[-1][0] - counted[0][0])


class _Clock(Trainer):
    """Trainer that notes when each step begins, and its real tokens."""

    marks: list[tuple[float, int]]

    def training_step(self, model: Any, inputs: Any, *more: Any) -> Any:
        self.marks.append((time.perf_counter(), int((inputs["input_ids"] != 1).sum())))
        return super().training_step(model, inputs, *more)


def theirs(rows: Rows, config: EncoderConfig, batch_rows: int, steps: int, bf16: bool) -> float:
    """Real tokens a second of Trainer, two steps left out."""
    model = plain_model(config)
    tokenizer = plain_tokenizer(config.vocabulary)
    with tempfile.TemporaryDirectory() as folder:
        trainer = _Clock(
            model=model,
            args=TrainingArguments(
                output_dir=folder, per_device_train_batch_size=batch_rows, max_steps=steps + 3, bf16=bf16,
                use_cpu=True, report_to=[], save_strategy="no", logging_strategy="no", disable_tqdm=True,
            ),
            train_dataset=[{"input_ids": row} for row in rows],
            data_collator=DataCollatorForLanguageModeling(tokenizer, mlm_probability=0.15),
        )  # fmt: skip
        trainer.marks = []
        with contextlib.redirect_stdout(io.StringIO()):
            trainer.train()
    counted = trainer.marks[2 : steps + 3]
    return sum(tokens for _, tokens in counted[:-1]) / (counted[-1][0] - counted[0][0])


def largest_difference(rows: Rows, config: EncoderConfig, steps: int) -> float:
    """Of the losses of both models over the same masked batches, in float32 without dropout, relative."""
    settings = Optimization(learning_rate=5e-4, weight_decay=0.0, precision="fp32", tokens_per_batch=1024)
    mine = MaskedLanguageModel(config).eval()
    plain = plain_model(config).eval()
    plain.load_state_dict(to_huggingface(mine), strict=False)
    plain.tie_weights()
    optimizers = (
        optimizer_for(mine, settings),
        torch.optim.AdamW(
            plain.parameters(), lr=5e-4, betas=settings.betas, eps=settings.epsilon, weight_decay=0.0
        ),
    )
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        task = task_of(rows, mine, settings, Path(folder) / "shards")
        for batch in task.batches(0)[:steps]:
            ids, mask, selected, labels = task.inputs(batch, 0)
            dense = torch.full((ids.numel(),), IGNORE)
            dense[selected[labels != IGNORE]] = labels[labels != IGNORE]
            losses = (
                mean_losses(task.objective, ids, mask, selected, labels).total,
                plain(ids, attention_mask=mask.long(), labels=dense.view_as(ids)).loss,
            )
            for loss, optimizer in zip(losses, optimizers, strict=True):
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            mine_at, theirs_at = (float(loss.detach()) for loss in losses)
            worst = max(worst, abs(mine_at / theirs_at - 1))
    return worst


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--preset", default="17m", choices=("5m", "17m", "85m"))
    parser.add_argument("--vocabulary", type=int, default=8000, help="pieces; the papers have 150000")
    parser.add_argument("--tokens", type=int, default=1024, help="real tokens in a step, about")
    parser.add_argument("--steps", type=int, default=8, help="measured steps of each round")
    parser.add_argument("--rounds", type=int, default=1, help="rounds in turns; the median counts")
    parser.add_argument("--lengths", type=Path, help="a number a line: pieces of rows of real text")
    parser.add_argument("--agree", action="store_true", help="compare losses, not speed")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")
    options = parser.parse_args()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    config = encoder_config(EncoderShape(preset=options.preset, max_length=MAX_LENGTH), options.vocabulary)
    sizes = lengths(options.lengths, 40 * options.steps * options.tokens // 24, rng)
    rows = made_rows(options.vocabulary, sizes, rng)
    if options.agree:
        config = encoder_config(
            EncoderShape(preset=options.preset, max_length=MAX_LENGTH, dropout=0), options.vocabulary
        )
        worst = largest_difference(rows, config, 50)
        print(json.dumps({"largest_relative_difference": worst, "steps": 50}))
        sys.exit(worst > 1e-3)
    batch_rows = max(1, round(options.tokens / float(sizes.mean())))
    # Our batches are counted with their padding, of which there is little.
    contestants = {
        "understudy bf16": lambda: ours(rows, config, round(1.06 * options.tokens), options.steps),
        "Trainer fp32": lambda: theirs(rows, config, batch_rows, options.steps, False),
        "Trainer bf16": lambda: theirs(rows, config, batch_rows, options.steps, True),
    }
    speeds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(options.rounds):
        for name, contestant in contestants.items():
            speeds[name].append(contestant())
    medians = {name: statistics.median(values) for name, values in speeds.items()}
    mine, *others = medians
    result = {
        "preset": options.preset,
        "vocabulary": options.vocabulary,
        "threads": torch.get_num_threads(),
        "tokens_per_second": {name: round(value) for name, value in medians.items()},
        "times_as_fast_as": {name: round(medians[mine] / medians[name], 2) for name in others},
    }
    if options.json:
        print(json.dumps(result))
        return
    print(
        f"{options.preset}, {options.vocabulary:,} pieces, {result['threads']} threads, real tokens a second"
    )
    for name, value in medians.items():
        ratio = "" if name == mine else f"   ours is {medians[mine] / value:5.2f} times as fast"
        print(f"{name:<18}{value:>9,.0f}{ratio}")


if __name__ == "__main__":
    main()

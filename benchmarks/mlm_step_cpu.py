"""Our training loop against Hugging Face's Trainer with run_mlm's collator: same model, rows, real tokens.

    python benchmarks/mlm_step_cpu.py                    a quick look
    python benchmarks/mlm_step_cpu.py --vocabulary 150000 --tokens 4096 --rounds 3 --data ../shared/data

Ours is the whole loop: batches by length, masks, bfloat16, loss at masked positions, fused AdamW, log with
TensorBoard. Theirs is Trainer as run_mlm sets it up (a text a row): shuffled rows padded to the longest of
their batch, masked by its collator, in float32 (the default) and with bf16=True; --grouped adds its sampler
by length. A step of either holds about as many real tokens, and real tokens a second count. Trainer makes the
scores of all positions: it goes through a step's rows 32 at a time, or 150,000 pieces would not fit the
memory. Rows are of real text where given (--data), else random with such lengths.

First the mathematics: both models from the same weights on the same masked batches in float32 without
dropout; the largest relative difference of so many losses, which must be under 1e-3.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import torch
from peers import clock, huggingface, ours
from peers.rounds import medians, report
from peers.rows import Rows, rows_for
from transformers import DataCollatorForLanguageModeling

from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization
from understudy.model.config import EncoderConfig, encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import IGNORE, mean_losses
from understudy.training.optimizer import optimizer_for

MAX_LENGTH = 128
AT_ONCE = 32
"""Rows that Trainer works on at once."""
AGREE = 1e-3


def largest_difference(rows: Rows, config: EncoderConfig, tokens: int, steps: int) -> float:
    """Of the losses of both models over the same masked batches, relative."""
    settings = Optimization(learning_rate=5e-4, weight_decay=0.0, precision="fp32", tokens_per_batch=tokens)
    mine = MaskedLanguageModel(config).eval()
    plain = huggingface.plain_model(mine).eval()
    optimizers = (
        optimizer_for(mine, settings),
        torch.optim.AdamW(
            plain.parameters(), lr=5e-4, betas=settings.betas, eps=settings.epsilon, weight_decay=0.0
        ),
    )
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        task = ours.masked_task(rows, mine, settings, Path(folder) / "shards")
        batches = task.batches(0)
        for number in range(steps):
            ids, mask, selected, labels = task.inputs(batches[number % len(batches)], number // len(batches))
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


def mine(rows: Rows, config: EncoderConfig, tokens: int, steps: int) -> float:
    """Real tokens a second of our loop."""
    model = MaskedLanguageModel(config)
    settings = ours.batch_for(Optimization(), tokens)
    with tempfile.TemporaryDirectory() as folder:
        task = ours.masked_task(rows, model, settings, Path(folder) / "shards")
        return ours.rate(task, settings, steps, task.tokens)


def theirs(
    rows: Rows, config: EncoderConfig, tokens: int, steps: int, bf16: bool, sampler: str = "random"
) -> float:
    """Real tokens a second of Trainer."""
    mean = sum(map(len, rows)) / len(rows)
    at_once = min(AT_ONCE, max(1, round(tokens / mean)))
    return huggingface.rate(
        huggingface.plain_model(MaskedLanguageModel(config)),
        [{"input_ids": row} for row in rows],
        DataCollatorForLanguageModeling(
            huggingface.plain_tokenizer(config.vocabulary), mlm_probability=0.15
        ),
        lambda inputs: int(inputs["attention_mask"].sum()),
        rows=at_once, accumulate=max(1, round(tokens / mean / at_once)), steps=steps, bf16=bf16,
        train_sampling_strategy=sampler,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--preset", default="17m", choices=("5m", "17m", "85m"))
    parser.add_argument("--vocabulary", type=int, default=8000, help="pieces; the papers have 150000")
    parser.add_argument("--tokens", type=int, default=1024, help="real tokens in a step, about")
    parser.add_argument("--steps", type=int, default=4, help="measured steps of each round")
    parser.add_argument("--rounds", type=int, default=1, help="rounds in turns; the median counts")
    parser.add_argument("--data", type=Path, help="folder with generic/LANGUAGE.jsonl.gz: rows of real text")
    parser.add_argument("--grouped", action="store_true", help="Trainer also with its sampler by length")
    parser.add_argument(
        "--agree-steps", type=int, default=50, help="steps whose losses are compared; 0: none"
    )
    parser.add_argument("--agree-tokens", type=int, default=256, help="positions in each of them")
    parser.add_argument("--alone", action="store_true", help="one thread's processor time, others being busy")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")
    options = parser.parse_args()
    if options.alone:
        clock.stands_still_for_others()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.manual_seed(0)
    tokens, steps = options.tokens, options.steps
    rows = rows_for(options.data, 40 * max(steps, 25) * tokens // 18, options.vocabulary, MAX_LENGTH)
    shape = EncoderShape(preset=options.preset, max_length=MAX_LENGTH)
    worst = None
    if options.agree_steps:
        sober = encoder_config(shape.model_copy(update={"dropout": 0.0}), options.vocabulary)
        worst = largest_difference(rows[:4096], sober, options.agree_tokens, options.agree_steps)
        print(f"losses of {options.agree_steps} steps: at most {worst:.1e} apart", file=sys.stderr)
    config = encoder_config(shape, options.vocabulary)
    contestants = {
        "understudy bf16": lambda: mine(rows, config, tokens, steps),
        "Trainer fp32": lambda: theirs(rows, config, tokens, steps, False),
        "Trainer bf16": lambda: theirs(rows, config, tokens, steps, True),
    }
    if options.grouped:
        contestants["Trainer bf16 grouped by length"] = lambda: theirs(
            rows, config, tokens, steps, True, "group_by_length"
        )
    about = {
        "preset": options.preset,
        "vocabulary": options.vocabulary,
        "clock": "processor" if options.alone else "wall",
        "real_tokens_a_step": tokens,
        "rows": "real text" if options.data else "random",
        "largest_relative_difference": None if worst is None else float(f"{worst:.2g}"),
    }
    report(medians(contestants, options.rounds), "tokens", about, as_json=options.json)
    sys.exit(worst is not None and worst > AGREE)


if __name__ == "__main__":
    main()

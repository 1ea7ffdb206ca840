"""Our masked-LM training step against a plain Hugging Face one, on the same batches.

Ours: bfloat16, output layer at masked positions only, fused AdamW. Theirs: RobertaPreLayerNormForMaskedLM
with its dense output layer, in float32 and under bfloat16 autocast. Same sizes, same starting weights, same
masked batches with the same padding; they take turns, so a busy moment of the machine hits each alike.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import torch
from transformers import RobertaPreLayerNormConfig, RobertaPreLayerNormForMaskedLM

from understudy.core.recipe.model_steps import EncoderShape
from understudy.core.recipe.optimization import Optimization
from understudy.model.config import EncoderConfig, encoder_config
from understudy.model.encoder import POSITION_OFFSET, MaskedLanguageModel
from understudy.model.huggingface import to_huggingface
from understudy.objectives.losses import mean_losses
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.masking import IGNORE, NUM_SPECIAL, mask_batch
from understudy.training.batches import epoch_batches
from understudy.training.optimizer import optimizer_for

MAX_LENGTH = 64
Tensors = dict[str, torch.Tensor]


def sentence_lengths(count: int, rng: np.random.Generator) -> np.ndarray:
    """Pieces a row, special ones included: log-normal, median 16, cut at the maximum."""
    return np.clip(np.exp(rng.normal(np.log(16), 0.6, count)), 4, MAX_LENGTH).astype(np.int64)


def masked_batches(vocabulary: int, tokens_per_batch: int, count: int) -> list[Tensors]:
    """Random ids in bucketed batches, masked; ``dense`` holds the labels at every position."""
    rng = np.random.default_rng(0)
    lengths = sentence_lengths(4 * count * tokens_per_batch // 16, rng)
    chosen = epoch_batches(
        lengths, tokens_per_batch=tokens_per_batch, max_length=MAX_LENGTH, seed=0, epoch=0
    )[:count]
    made = []
    for batch in chosen:
        ids = rng.integers(NUM_SPECIAL, vocabulary, (len(batch.rows), batch.length))
        real = np.arange(batch.length)[None, :] < lengths[batch.rows][:, None]
        ids[~real] = 1
        masked = mask_batch(ids, batch.rows, seed=0, epoch=0, vocabulary=vocabulary)
        dense = np.full(ids.size, IGNORE)
        valid = masked.labels != IGNORE
        dense[masked.selected[valid]] = masked.labels[valid]
        arrays = {
            "ids": masked.ids,
            "mask": real,
            "selected": masked.selected,
            "labels": masked.labels,
            "dense": dense.reshape(ids.shape),
        }
        made.append({name: torch.from_numpy(array) for name, array in arrays.items()})
    return made


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


def stepper(
    loss: Callable[[Tensors], torch.Tensor],
    module: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    bf16: bool,
) -> Callable[[Tensors], float]:
    """A function that makes one optimizer step and returns its seconds."""

    def step(batch: Tensors) -> float:
        start = time.perf_counter()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            value = loss(batch)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimizer.step()
        return time.perf_counter() - start

    return step


def contestants(config: EncoderConfig, probe: Tensors) -> dict[str, Callable[[Tensors], float]]:
    """Our step and the two plain ones, all from the same weights, after a check that their losses agree."""
    ours = MaskedLanguageModel(config)

    def our_loss(batch: Tensors) -> torch.Tensor:
        return mean_losses(
            MaskedLm(ours), batch["ids"], batch["mask"], batch["selected"], batch["labels"]
        ).total

    steps = {"understudy bf16": stepper(our_loss, ours, optimizer_for(ours, Optimization()), bf16=True)}
    for name, bf16 in (("Hugging Face fp32", False), ("Hugging Face bf16", True)):
        plain = plain_model(config)
        plain.load_state_dict(to_huggingface(ours), strict=False)
        plain.tie_weights()

        def plain_loss(batch: Tensors, plain: RobertaPreLayerNormForMaskedLM = plain) -> torch.Tensor:
            return plain(batch["ids"], attention_mask=batch["mask"].long(), labels=batch["dense"]).loss

        ours.eval()
        plain.eval()
        with torch.no_grad():
            mine, theirs = float(our_loss(probe)), float(plain_loss(probe))
        if abs(mine - theirs) > 1e-3:
            sys.exit(f"the losses differ ({mine:.5f} and {theirs:.5f}); the comparison would not be fair")
        ours.train()
        plain.train()
        steps[name] = stepper(plain_loss, plain, torch.optim.AdamW(plain.parameters(), lr=1e-3), bf16)
    return steps


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--preset", default="17m", choices=("5m", "17m", "85m"))
    parser.add_argument("--vocabulary", type=int, default=8000, help="pieces; the papers have 150000")
    parser.add_argument("--tokens-per-batch", type=int, default=1024, help="positions, padding included")
    parser.add_argument("--batches", type=int, default=8, help="measured batches, each also run once before")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")
    options = parser.parse_args()

    torch.manual_seed(0)
    shape = EncoderShape(preset=options.preset, max_length=MAX_LENGTH)
    config = encoder_config(shape, options.vocabulary)
    batches = masked_batches(options.vocabulary, options.tokens_per_batch, options.batches)
    steps = contestants(config, batches[0])
    for batch in batches:  # every shape once, unmeasured
        for step in steps.values():
            step(batch)
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for batch in batches:
        for name, step in steps.items():
            seconds[name].append(step(batch))

    medians = {name: statistics.median(values) for name, values in seconds.items()}
    tokens = statistics.median(int(batch["mask"].sum()) for batch in batches)
    ours, *others = medians
    result = {
        "preset": options.preset,
        "vocabulary": options.vocabulary,
        "threads": torch.get_num_threads(),
        "tokens_per_second": {name: round(tokens / value) for name, value in medians.items()},
        "times_faster_than": {name: round(medians[name] / medians[ours], 2) for name in others},
    }
    if options.json:
        print(json.dumps(result))
        return
    print(f"{options.preset}, {options.vocabulary:,} pieces, {result['threads']} threads, median of a step")
    for name, value in medians.items():
        ratio = "" if name == ours else f"   {value / medians[ours]:5.2f} times our step"
        print(f"{name:<18}{1000 * value:>9.1f} ms{result['tokens_per_second'][name]:>9,} tokens/s{ratio}")


if __name__ == "__main__":
    main()

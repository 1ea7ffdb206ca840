"""Hugging Face's model of the same size, and its Trainer under a clock."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable, Mapping
from typing import Any

from transformers import (
    PreTrainedTokenizerFast,
    RobertaPreLayerNormConfig,
    RobertaPreLayerNormForMaskedLM,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from peers.clock import now
from understudy.model.config import EncoderConfig
from understudy.model.encoder import POSITION_OFFSET, MaskedLanguageModel
from understudy.model.huggingface import to_huggingface
from understudy.tokenizer.protocol import SpecialPieces

WARM_UP = 1
"""Steps before the clock starts."""


def plain_config(config: EncoderConfig) -> RobertaPreLayerNormConfig:
    """Of the same size."""
    return RobertaPreLayerNormConfig(
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


def plain_model(model: MaskedLanguageModel) -> RobertaPreLayerNormForMaskedLM:
    """With the same weights."""
    plain = RobertaPreLayerNormForMaskedLM(plain_config(model.config))
    missing, unexpected = plain.load_state_dict(to_huggingface(model), strict=False)
    assert not unexpected and set(missing) <= {"lm_head.decoder.weight", "lm_head.decoder.bias"}, missing
    plain.tie_weights()
    return plain


def plain_tokenizer(vocabulary: int) -> PreTrainedTokenizerFast:
    """What a collator needs to know: the special ids and the number of pieces."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    names = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    special = len(SpecialPieces.of_ours(vocabulary).never_masked)
    pieces = {name: i for i, name in enumerate([*names, *map(str, range(special, vocabulary))])}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel(pieces, unk_token="<unk>")),
        bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>", mask_token="<mask>",
    )  # fmt: skip


class _Marks(TrainerCallback):
    """When each step begins."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.units: list[int] = []

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        self.times.append(now())
        self.units.append(0)


def rate(
    model: Any,
    dataset: Any,
    collate: Callable[[list[Any]], Any],
    units: Callable[[Mapping[str, Any]], int],
    *,
    rows: int,
    accumulate: int = 1,
    steps: int,
    bf16: bool,
    **options: Any,
) -> float:
    """Units a second of Trainer, in steps of ``accumulate`` batches of ``rows``.

    Args:
        units: of a batch.
        options: of :class:`TrainingArguments`; the rest are its defaults, but that nothing is saved.
    """
    marks = _Marks()

    class Counting(Trainer):
        def training_step(self, model: Any, inputs: Any, *more: Any) -> Any:
            marks.units[-1] += units(inputs)
            return super().training_step(model, inputs, *more)

    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder, per_device_train_batch_size=rows, gradient_accumulation_steps=accumulate,
            max_steps=WARM_UP + steps + 1, bf16=bf16, use_cpu=True, report_to=[], save_strategy="no",
            disable_tqdm=True, **options,
        )  # fmt: skip
        trainer = Counting(
            model=model, args=arguments, train_dataset=dataset, data_collator=collate, callbacks=[marks]
        )
        with contextlib.redirect_stdout(io.StringIO()):
            trainer.train()
    times, counts = marks.times[WARM_UP:], marks.units[WARM_UP:]
    return sum(counts[:steps]) / (times[steps] - times[0])

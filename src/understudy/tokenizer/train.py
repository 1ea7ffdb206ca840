"""Training a SentencePiece unigram model (paper A 2.3)."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import atomic_write
from understudy.core.progress import progress
from understudy.tokenizer.huggingface import write_tokenizer
from understudy.tokenizer.normalize import normalized
from understudy.tokenizer.process import TrainerError, run_trainer
from understudy.tokenizer.sample import Sample, write_sample
from understudy.tokenizer.subwords import SPECIAL_TOKENS, Subwords

SCORE_STEPS = 256
"""Scores are multiples of 1/256. SentencePiece adds them up in single precision, Hugging Face in double; such
sums are exact in both, up to 2**16 in size, so equally good splits are told apart the same way everywhere."""

# SentencePiece sums per thread: a fixed number gives the same model on every machine.
_THREADS = 16
_LONGEST_SENTENCE_BYTES = 1 << 30
# Seeds have counts; only their proportions matter.
_SEED_COUNT = 10_000_000

COVERAGE = 0.9995
"""SentencePiece's default."""


class VocabularyError(UserError):
    """No vocabulary of this size: the text allows ``largest`` pieces, or its characters need more."""

    def __init__(self, problem: str, *, largest: int | None = None) -> None:
        super().__init__(problem, place="vocabulary")
        self.largest = largest


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and what it took."""

    subwords: Subwords
    seconds: float
    peak_memory: int
    """Of the trainer's process, in bytes."""


def train(
    sentences: Sequence[str],
    vocabulary: int,
    characters: str,
    seed: int,
    folder: Path,
    *,
    limit: int = 1_000_000,
) -> tuple[Subwords, int]:
    """:func:`train_on` a sample of sentences in memory, with ``seed`` and ``limit`` of :func:`write_sample`.

    Returns:
        The model and the number of sentences used.

    Raises:
        UserError: as the two.
    """
    with TemporaryDirectory() as scratch:
        sample = write_sample(lambda: sentences, len(sentences), limit, seed, Path(scratch) / "sample.txt")
        return train_on(sample, vocabulary, folder, characters=characters).subwords, sample.sentences


def train_on(
    sample: Sample,
    vocabulary: int,
    folder: Path,
    *,
    characters: str = "",
    coverage: float = COVERAGE,
    seeds: Path | None = None,
) -> Trained:
    """Train on a sample and write the tokenizer's files into ``folder``, with a bar of progress.

    Args:
        sample: the text; its own proportions are kept.
        vocabulary: number of pieces, special tokens included.
        folder: created if absent.
        characters: characters that become pieces however rare they are.
        coverage: share of the text's characters that must be pieces; the rarest beyond it are unknown.
        seeds: what :func:`write_seeds` left; none: every frequent string of the text may become a piece.

    Raises:
        UserError: a vocabulary the text cannot fill, or that cannot hold its characters; no memory is left.
    """
    began = time.monotonic()
    options = {
        "input": str(sample.path),
        "model_type": "unigram",
        "vocab_size": vocabulary,
        "character_coverage": coverage,
        "required_chars": "".join(sorted(set(normalized(characters)) - {" "})),
        "normalization_rule_name": "identity",
        "bos_id": Subwords.bos_id,
        "pad_id": Subwords.pad_id,
        "eos_id": Subwords.eos_id,
        "unk_id": Subwords.unk_id,
        "control_symbols": SPECIAL_TOKENS[Subwords.mask_id],
        "max_sentence_length": _LONGEST_SENTENCE_BYTES,
        "num_threads": _THREADS,
    }
    if seeds is not None:
        options["seed_sentencepieces_file"] = str(seeds)
    try:
        with progress(f"{vocabulary:,} pieces", total=100, unit="%") as bar:
            model, peak_memory = run_trainer(options, bar.advance)
    except TrainerError as error:
        raise _explained(str(error), vocabulary, sample) from None
    subwords = write_tokenizer(_finished(model), folder)
    return Trained(subwords, time.monotonic() - began, peak_memory)


def _explained(message: str, vocabulary: int, sample: Sample) -> UserError:
    """SentencePiece's complaint in the recipe's words."""
    if largest := re.search(r"value <= (\d+)", message):
        return VocabularyError(
            f"{sample.sentences:,} sentences cannot fill a vocabulary of {vocabulary:,} pieces; "
            f"the largest they allow is {largest[1]}",
            largest=int(largest[1]),
        )
    if smallest := re.search(r"required_chars\. (\d+) vs (\d+)", message):
        return VocabularyError(
            f"a vocabulary of {vocabulary:,} pieces cannot hold the {smallest[2]} characters of the text "
            "and of 'characters'; make it larger"
        )
    return UserError(f"SentencePiece cannot train on this text: {message}")


def write_seeds(subwords: Subwords, path: Path) -> None:
    """The pieces of a trained model as the strings that training a smaller one starts from.

    That skips the search for frequent strings and the first rounds, a half to two thirds of the time. What
    comes out is nearly what training from the text gives: split ratios on 12 languages were within 0.13 %
    (`benchmarks/tokenizer.py --short-cut`).
    """
    first = len(SPECIAL_TOKENS)
    with atomic_write(path) as handle:
        for piece, score in zip(subwords.pieces[first:], subwords.scores[first:], strict=True):
            handle.write(f"{piece}\t{max(1, round(math.exp(score) * _SEED_COUNT))}\n")


def _finished(model: bytes) -> bytes:
    """The model with stepped scores, and without the address of the text it was trained on."""
    from sentencepiece import sentencepiece_model_pb2

    proto: Any = sentencepiece_model_pb2.ModelProto.FromString(model)  # type: ignore[attr-defined]
    for piece in proto.pieces:
        piece.score = round(piece.score * SCORE_STEPS) / SCORE_STEPS
    proto.trainer_spec.ClearField("input")
    serialized: bytes = proto.SerializeToString(deterministic=True)
    return serialized

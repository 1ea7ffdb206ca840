"""Training a SentencePiece unigram model (paper A 2.3)."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterable
from pathlib import Path

import sentencepiece

from understudy.core.errors import UserError
from understudy.tokenizer.huggingface import write_tokenizer
from understudy.tokenizer.normalize import normalized
from understudy.tokenizer.subwords import SPECIAL_TOKENS, Subwords

SCORE_STEPS = 256
"""Scores are multiples of 1/256. SentencePiece adds them up in single precision, Hugging Face in double; such
sums are exact in both, up to 2**16 in size, so equally good splits are told apart the same way everywhere."""

# SentencePiece sums per thread: a fixed number gives the same model on every machine.
_THREADS = 16
_LONGEST_SENTENCE_BYTES = 1 << 20


def sample(sentences: Iterable[str], limit: int, seed: int) -> list[str]:
    """At most ``limit`` sentences, every one with the same chance, in one pass (a reservoir)."""
    rng = random.Random(seed)
    kept: list[str] = []
    for i, sentence in enumerate(sentences):
        if i < limit:
            kept.append(sentence)
        elif (j := rng.randrange(i + 1)) < limit:
            kept[j] = sentence
    return kept


def train(
    sentences: Iterable[str],
    vocabulary: int,
    characters: str,
    seed: int,
    folder: Path,
    *,
    limit: int = 1_000_000,
) -> tuple[Subwords, int]:
    """Train on a sample of the sentences and write the tokenizer's files into ``folder``.

    Args:
        sentences: the text; its own proportions are kept.
        vocabulary: number of pieces, special tokens included.
        characters: characters that become pieces however rare they are.
        seed: of the sample; the rest is deterministic.
        folder: created if absent.
        limit: most sentences used.

    Returns:
        The model and the number of sentences used.

    Raises:
        UserError: no text, or a vocabulary the text cannot fill or that cannot hold its characters.
    """
    kept = [text for sentence in sample(sentences, limit, seed) if (text := normalized(sentence))]
    if not kept:
        raise UserError("there is no text to train a tokenizer on; the prepared corpus is empty")
    writer = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.Train(
            sentence_iterator=iter(kept),
            model_writer=writer,
            model_type="unigram",
            vocab_size=vocabulary,
            required_chars="".join(sorted(set(normalized(characters)) - {" "})),
            normalization_rule_name="identity",
            bos_id=Subwords.bos_id,
            pad_id=Subwords.pad_id,
            eos_id=Subwords.eos_id,
            unk_id=Subwords.unk_id,
            control_symbols=SPECIAL_TOKENS[Subwords.mask_id],
            max_sentence_length=_LONGEST_SENTENCE_BYTES,
            num_threads=_THREADS,
            minloglevel=2,
        )
    except RuntimeError as error:
        raise _explained(str(error), vocabulary, len(kept)) from None
    return write_tokenizer(_with_stepped_scores(writer.getvalue()), folder), len(kept)


def _explained(message: str, vocabulary: int, num_sentences: int) -> UserError:
    """SentencePiece's complaint in the recipe's words."""
    if largest := re.search(r"value <= (\d+)", message):
        return UserError(
            f"{num_sentences:,} sentences cannot fill a vocabulary of {vocabulary:,} pieces; "
            f"the largest they allow is {largest[1]}",
            place="vocabulary",
        )
    if smallest := re.search(r"required_chars\. (\d+) vs (\d+)", message):
        return UserError(
            f"a vocabulary of {vocabulary:,} pieces cannot hold the {smallest[2]} characters of the text "
            "and of 'characters'; make it larger",
            place="vocabulary",
        )
    return UserError(f"SentencePiece cannot train on this text: {message}")


def _with_stepped_scores(model: bytes) -> bytes:
    from sentencepiece import sentencepiece_model_pb2

    proto = sentencepiece_model_pb2.ModelProto.FromString(model)  # type: ignore[attr-defined]
    for piece in proto.pieces:
        piece.score = round(piece.score * SCORE_STEPS) / SCORE_STEPS
    serialized: bytes = proto.SerializeToString(deterministic=True)
    return serialized

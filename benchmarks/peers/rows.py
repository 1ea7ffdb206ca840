"""Rows of piece ids: of real sentences, or random ones with their lengths.

Sentences come from ``generic/LANGUAGE.jsonl.gz`` of a data folder (as many of each language), cut by a
SentencePiece model trained on them, which is kept under ``build/`` for the next run. Without data the ids are
random and the lengths log-normal, as those of 24,000 such sentences of twelve languages in 150,000 pieces:
their logarithm has mean 2.70 (15 pieces) and deviation 0.56; the mean is 17.8 pieces, one row in twenty has
more than 45.
"""

from __future__ import annotations

import gzip
import json
from itertools import islice
from pathlib import Path

import numpy as np

from understudy.tokenizer.protocol import SpecialPieces
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train

Rows = list[list[int]]
KEPT = Path(__file__).parents[2] / "build" / "benchmarks"
MEDIAN, DEVIATION = 15, 0.56
SENTENCES = 30_000
"""Of each language, to train the tokenizer on."""


def rows_for(data: Path | None, count: int, vocabulary: int, max_length: int) -> Rows:
    """So many rows of at most ``max_length`` pieces, ``<s>`` and ``</s>`` included, in random order."""
    rng = np.random.default_rng(0)
    if data is None:
        return random_rows(drawn_lengths(count, max_length, rng), vocabulary, rng)
    texts = sentences(data, SENTENCES)
    encoded = tokenizer(texts, vocabulary).encode_batch(
        [texts[place] for place in rng.permutation(len(texts))[:count]], max_length
    )
    return [each.ids for each in encoded]


def drawn_lengths(count: int, max_length: int, rng: np.random.Generator) -> np.ndarray:
    """See above."""
    drawn = np.rint(np.exp(rng.normal(np.log(MEDIAN), DEVIATION, count)))
    return np.clip(drawn, 4, max_length).astype(np.int64)


def random_rows(lengths: np.ndarray, vocabulary: int, rng: np.random.Generator) -> Rows:
    """What the pieces are does not matter to the clock."""
    special = SpecialPieces.of_ours(vocabulary)
    first = len(special.never_masked)
    return [
        [special.begin, *rng.integers(first, vocabulary, size - 2).tolist(), special.end]
        for size in lengths.tolist()
    ]


def sentences(data: Path, each: int) -> list[str]:
    """Of every language, spread over its file."""
    texts: list[str] = []
    for file in sorted((data / "generic").glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            total = sum(1 for _ in lines)
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            chosen = islice(lines, 0, None, max(1, total // each))
            texts += [json.loads(line)["text"] for line in islice(chosen, each)]
    if not texts:
        raise SystemExit(f"{data / 'generic'} holds no *.jsonl.gz")
    return texts


def tokenizer(texts: list[str], vocabulary: int) -> Subwords:
    """Trained on the texts, or kept from the last time."""
    folder = KEPT / f"tokenizer-{vocabulary}"
    if not folder.is_dir():
        train(texts, vocabulary, "", 0, folder)
    return Subwords.load(folder)

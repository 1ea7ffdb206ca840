"""Prepared text into a subword model, with the two measures of its vocabulary (paper A 2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from understudy.core.progress import Bar, progress
from understudy.core.recipe.text_steps import Tokenizer
from understudy.core.stage import Inputs
from understudy.tokenizer.measures import PieceCounts, count_by_language
from understudy.tokenizer.prepared import PreparedText
from understudy.tokenizer.train import train


def run(config: Tokenizer, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Train on the train rows, measure on the validation rows.

    Raises:
        UserError: no text; a vocabulary too large or too small for it.
    """
    sources = [inputs.artifacts[name] for name in config.text]
    rows = PreparedText([source.file("train") for source in sources])
    held_out = PreparedText([source.file("validation") for source in sources])
    with progress("tokenizer", total=rows.num_rows, unit="rows read") as bar:
        subwords, used = train(
            _counted(rows.texts(), bar),
            config.vocabulary,
            config.characters,
            config.seed,
            out,
            limit=config.sentences,
        )
    by_language = count_by_language(subwords, held_out.batches())
    return {
        "vocabulary": subwords.vocabulary_size,
        "sentences": used,
        **_numbers(sum(by_language.values(), PieceCounts())),
        "by_language": {language: _numbers(counts) for language, counts in by_language.items()},
    }


def _numbers(counts: PieceCounts) -> dict[str, float]:
    return {
        "split_ratio": round(counts.split_ratio, 4),
        "unk_portion": round(counts.unk_portion, 6),
        "words": counts.words,
    }


def _counted(texts: Iterable[str], bar: Bar) -> Iterator[str]:
    for text in texts:
        yield text
        bar.advance()
    bar.advance(0, note="training")

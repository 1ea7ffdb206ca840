"""Prepared text into a subword model, with the two measures of its vocabulary (paper A 2.3)."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from understudy.core.progress import progress
from understudy.core.recipe.text_steps import Tokenizer
from understudy.core.recipe.vocabulary import Match
from understudy.core.stage import Inputs
from understudy.tokenizer.characters import expand
from understudy.tokenizer.measures import count_by_language, numbers
from understudy.tokenizer.prepared import PreparedText
from understudy.tokenizer.sample import GIGABYTE, Sample, check_memory, read_sample, write_sample
from understudy.tokenizer.search import Search
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train_on


def run(config: Tokenizer, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Sample the train rows, train, and measure on validation rows.

    After a kill the sample and every size that a search has trained are still in ``out``.

    Raises:
        UserError: no text; more memory than allowed; a vocabulary too large or too small for the text; a
            reference that cannot be read or matched.
    """
    rows = PreparedText([inputs.artifacts[name].file("train") for name in config.text])
    held_out = PreparedText(
        [inputs.artifacts[name].file("validation") for name in config.held_out or config.text]
    )
    characters = config.characters
    if not isinstance(characters, str):
        characters = expand(characters.sets, characters.also)
    sample = _sample(config, rows, out / "sample.txt")
    _say(check_memory(sample, config.memory_limit))

    kept = out / "search"
    if isinstance(config.vocabulary, Match):
        search = Search(config.vocabulary, sample, held_out.batches, characters, config.coverage, kept)
        found = search.run(out)
        for measure, matched in found["matched"].items():
            if not matched:
                _say(f"the {measure.replace('_', ' ')} of the reference is not matched; see the manifest")
        subwords = Subwords.load(out)
        cost = next(row for row in found["curve"] if row["vocabulary"] == subwords.vocabulary_size)
        cost = {name: cost[name] for name in ("seconds", "peak_gb")}
    else:
        trained = train_on(sample, config.vocabulary, out, characters=characters, coverage=config.coverage)
        subwords, found = trained.subwords, {}
        cost = {"seconds": round(trained.seconds, 1), "peak_gb": round(trained.peak_memory / GIGABYTE, 3)}
    measures = numbers(count_by_language(subwords, held_out.batches()))
    shutil.rmtree(kept, ignore_errors=True)
    sample.path.unlink()
    size = {
        "megabytes": round(sample.num_bytes / 1e6, 1),
        "estimated_gb": round(sample.memory / GIGABYTE, 3),
    }
    return {
        "vocabulary": subwords.vocabulary_size,
        "sentences": sample.sentences,
        **measures,
        "training": size | cost,
        **found,
    }


def _sample(config: Tokenizer, rows: PreparedText, path: Path) -> Sample:
    if path.exists():
        return read_sample(path)
    passes = 1 if rows.num_rows <= config.sentences else 2
    with progress("sample", total=passes * rows.num_rows, unit="rows read") as bar:

        def texts() -> Iterator[str]:
            for batch, _ in rows.batches():
                yield from batch
                bar.advance(len(batch))

        return write_sample(texts, rows.num_rows, config.sentences, config.seed, path)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

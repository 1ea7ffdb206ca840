"""Text into a training corpus: ``train/`` and ``validation/`` shards (paper A 2.1, 2.2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.progress import progress
from understudy.core.recipe.text_steps import Prepare
from understudy.core.stage import Inputs
from understudy.corpus.clean import Rules, clean
from understudy.corpus.counts import Counts
from understudy.corpus.dedup import deduplicate
from understudy.corpus.engine import daft, select_runner, user_errors
from understudy.corpus.packing import pack_rows
from understudy.corpus.read import read, sources
from understudy.corpus.sampling import plan, repeat, sample
from understudy.corpus.shards import write_shards
from understudy.corpus.split import check_left, split


def run(config: Prepare, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Read, clean, de-duplicate, split, sample, pack and write; numbers by kind and language.

    Raises:
        UserError: bad input, with file and line; a language of which nothing is left; an impossible mix.
    """
    col = daft.col
    select_runner(config.engine)
    files = sources(inputs.corpora[name] for name in config.corpora)
    rules = Rules(config.seed, config.spoken_share, config.minimum_words)
    with progress("prepare", total=4, unit="passes") as bar, user_errors():
        unique = split(deduplicate(clean(read(files), rules)), config.seed, config.validation_share).collect()
        bar.advance(1, note="read, cleaned, de-duplicated")
        counts = Counts.of(unique)
        check_left(counts.train, counts.read)
        targets = plan(counts.train, config.alpha, config.mix, config.examples)
        bar.advance(1, note="counted")

        kept = unique.where("dropped = ''")
        train = sample(kept.where(~col("held_out")), targets, config.seed)
        validation = repeat(kept.where(col("held_out")), col("copies"), config.seed, "shuffle")
        written = {}
        for name, rows, words, shards in (
            ("train", train, counts.words_sampled(targets), config.shards),
            ("validation", validation, 0, 1),
        ):
            packed = pack_rows(rows, config.pack_words, words).collect()
            write_shards(packed, out / name, shards)
            written[name] = packed
            bar.advance(1, note=f"{name} written")
        return counts.numbers(targets, **written)

"""The passes that make a training corpus out of text, one after the other, in partitions that fit memory.

1. gather: read, clean, count within a part of a source; deal the texts out by their hash
2. deduplicate: of each partition of texts, the units that are kept, and what is counted over groups
3. shuffle: take units as often as the plan says; deal the rows out by their place in a shuffle
4. pack: of each range of places, the rows in order, sentences joined
5. write: the shards

Between passes rows lie in a folder that is gone in the end; what a pass has written is deleted when the next
one is done, so that two of them at most are on the disk.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.core.addresses import size_of
from understudy.core.compression import is_compressed
from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.core.recipe.text_steps import Prepare
from understudy.corpus import shuffle
from understudy.corpus.clean import Rules
from understudy.corpus.contamination import TestTexts
from understudy.corpus.counts import Counts
from understudy.corpus.dedup import Deduplicate
from understudy.corpus.draw import below
from understudy.corpus.gather import Gather
from understudy.corpus.groups import Group
from understudy.corpus.packing import Pack, Ranges
from understudy.corpus.partitions import partitions_for
from understudy.corpus.passes import Facts, Pass, run_pass
from understudy.corpus.readers import Source
from understudy.corpus.readers.parts import parts
from understudy.corpus.readers.rows import Rows
from understudy.corpus.resemblance import Sign
from understudy.corpus.sampling import plan
from understudy.corpus.shards import Write, shards
from understudy.corpus.shuffle import Lot, Shuffle, Times, times_for
from understudy.corpus.split import check_left
from understudy.corpus.transfer import plan_transfer
from understudy.text.noise import NoiseRates

PART_BYTES = 64 << 20
"""Stored bytes of a source that one task reads."""

SMALL = 32 << 20
"""Below so many bytes of text, starting processes takes longer than they save."""

UNPACKED = 4
"""Bytes of text in one of a compressed file."""

STREAMED = 4 << 30
"""Bytes of text taken for granted where nobody can tell."""

NUMBERS = "numbers.json"
"""Says that the corpus is whole."""


@dataclass
class Corpus:
    """A corpus in the making: what to read, and where."""

    config: Prepare
    sources: Sequence[tuple[str, Source]]
    """Each with the name of its corpus."""
    test_texts: TestTexts | None
    """What the contamination filter keeps out."""
    out: Path

    def __post_init__(self) -> None:
        self.work = self.out / "partitions"
        size = sum(_text_bytes(source) for _, source in self.sources)
        self.processes = size > SMALL
        self.partitions = partitions_for(size)
        by_corpus = isinstance(self.config.mix, dict)
        groups = [Group.of(source, name if by_corpus else None) for name, source in self.sources]
        self.groups = sorted(set(groups))
        self.parts: list[Source] = []
        self.belongs: list[int] = []
        for group, (_, source) in zip(groups, self.sources, strict=True):
            found = parts(source, PART_BYTES)
            self.parts += found
            self.belongs += [self.groups.index(group)] * len(found)

    def make(self) -> dict[str, Any]:
        """All passes; the numbers for the manifest. Nothing but the corpus is left behind.

        Raises:
            UserError: bad input, with file and line; a language of which nothing is left; an impossible mix.
        """
        done = self.work / NUMBERS
        numbers: dict[str, Any] = read_json(done) if done.exists() else self._make()
        for file in self.work.iterdir():
            if file != done:
                file.unlink()
        shutil.rmtree(self.work)
        return numbers

    def _make(self) -> dict[str, Any]:
        """All passes.

        Raises:
            UserError: bad input, with file and line; a language of which nothing is left; an impossible mix.
        """
        self._check_mix()
        self._open()
        config, bound = self.config, below(self.config.validation_share)
        form = config.spoken
        noise = None if form.noise is None else NoiseRates(**form.noise.model_dump())
        rules = Rules(
            config.seed if form.seed is None else form.seed,
            form.share,
            config.minimum_words,
            config.filters,
            config.deidentify,
            noise,
        )
        aside = self.out / "dropped" if config.dropped == "keep" else None
        divided = (self.groups, self.partitions)
        gather = Gather(
            self.work, self.parts, self.belongs, *divided, rules, config.seed, self.test_texts, aside
        )
        gathered = self._run(gather, "read and filter")
        self._check_found(gathered)
        texts = _files(gather)

        near = None
        if config.filters.near_duplicates is not None:
            sign = Sign(self.work, texts, *divided, config.filters.near_duplicates)
            self._run(sign, "compare")
            near = self.work / "near.arrow"
            sign.find(near)
            _delete(sign)

        unique = Deduplicate(self.work, texts, *divided, config.seed, bound, near, aside)
        facts = self._run(unique, "de-duplicate", instead_of=gather)
        counts = Counts.of(self.groups, list(zip(self.belongs, gathered, strict=True)), facts)
        check_left(counts.rows("train"), counts.rows("read"))
        targets = self._targets(counts.rows("train"))

        mix = self._shuffle(unique, counts, targets)
        self._run(mix, "sample and shuffle", instead_of=unique)

        pack = Pack(
            self.work, _files(mix), shuffle.SCHEMA, self.groups, mix.train, mix.validation, config.pack_words
        )
        packed = self._run(pack, "pack", instead_of=mix)

        files = _files(pack)
        sides = {
            "train": (files[: mix.train.tasks], packed[: mix.train.tasks], config.shards),
            "validation": (files[mix.train.tasks :], packed[mix.train.tasks :], 1),
        }
        due = [
            shard
            for side, (paths, facts, number) in sides.items()
            for shard in shards(self.out / side, paths, [sum(f["rows"]) for f in facts], number)
        ]
        self._run(Write(due, self.groups), "write", instead_of=pack)
        numbers = counts.numbers(targets, {side: self._sizes(facts) for side, (_, facts, _) in sides.items()})
        write_json(self.work / NUMBERS, numbers)
        return numbers

    def _check_mix(self) -> None:
        config = self.config
        if isinstance(config.mix, dict) and config.mix.keys() != set(config.corpora):
            corpora = ", ".join(config.corpora)
            raise UserError(f"give the weight of each of {corpora}, and of no other corpus", place="mix")

    def _check_found(self, gathered: Sequence[Facts]) -> None:
        """A file in parts has no row if none of them has: no part could tell."""
        read: Counter[tuple[str, str]] = Counter()
        for part, facts in zip(self.parts, gathered, strict=True):
            read[str(part.path), part.locale] += facts["read"]
        for _, source in self.sources:
            Rows(source).check_found(read[str(source.path), source.locale] > 0)

    def _targets(self, train: Mapping[Group, int]) -> dict[Group, int]:
        """Rows of each group after sampling: by kind and language, or as a transfer set."""
        config = self.config
        rows = {(group.name, group.language): n for group, n in train.items()}
        if isinstance(config.mix, dict):
            found = plan_transfer(rows, config.mix, config.examples)
        else:
            found = plan(rows, config.alpha, config.mix, config.examples)
        return {group: found.get((group.name, group.language), 0) for group in self.groups}

    def _shuffle(self, unique: Deduplicate, counts: Counts, targets: Mapping[Group, int]) -> Shuffle:
        config = self.config
        lot = Lot(unique.held_out_below, counts.smallest)
        train, validation = (
            Ranges.of(words, size, config.pack_words)
            for words, size in (
                (counts.expected("words", targets, "public"), counts.expected("bytes", targets)),
                (counts.held_out("words", "public"), counts.held_out("bytes")),
            )
        )
        path = self.work / "times.json"
        if not path.exists():
            units = {self.groups.index(group): rows for group, rows in counts.rows("train").items()}
            wanted = {self.groups.index(group): target for group, target in targets.items()}
            found = times_for(units, wanted, _files(unique), lot)
            write_json(path, [[group, times.least, times.once_more] for group, times in found.items()])
        times = {group: Times(least, once_more) for group, least, once_more in read_json(path)}
        return Shuffle(self.work, _files(unique), times, lot, config.seed, train, validation)

    def _sizes(self, facts: Sequence[Facts]) -> dict[Group, tuple[int, int]]:
        """Rows and words of each group on one side."""
        return {
            group: (sum(f["rows"][number] for f in facts), sum(f["words"][number] for f in facts))
            for number, group in enumerate(self.groups)
        }

    def _run(self, task: Pass, label: str, instead_of: Pass | None = None) -> list[Facts]:
        """Do a pass, then delete what the pass before left for it."""
        facts = run_pass(task, self.work, label=f"prepare: {label}", processes=self.processes)
        if instead_of is not None:
            _delete(instead_of)
        return facts

    def _open(self) -> None:
        """Go on in the folder of a killed run that divided the work alike; else begin with an empty one."""
        division = {
            "parts": [[str(part.path), part.locale, part.span and list(part.span)] for part in self.parts],
            "partitions": self.partitions,
        }
        known = self.work / "division.json"
        if not (known.exists() and read_json(known) == division):
            for folder in (self.work, *(self.out / name for name in ("train", "validation", "dropped"))):
                shutil.rmtree(folder, ignore_errors=True)
            self.work.mkdir(parents=True)
            write_json(known, division)
        for name in ("train", "validation"):
            (self.out / name).mkdir(exist_ok=True)


def _files(task: Pass) -> list[Path]:
    return [task.file(number) for number in range(task.count)]


def _delete(task: Pass) -> None:
    for file in _files(task):
        file.unlink(missing_ok=True)


def _text_bytes(source: Source) -> int:
    """Bytes of text in a source, roughly: only the sizes of partitions hang on it."""
    if source.corpus.format == "huggingface":
        return STREAMED
    packed = is_compressed(source.path) or source.corpus.format == "parquet"
    return (size_of(source.path) or 0) * (UNPACKED if packed else 1)

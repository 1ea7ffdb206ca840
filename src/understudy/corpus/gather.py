"""First pass: read a part of a source, clean it row by row, and deal the texts out by their hash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from understudy.corpus import contamination
from understudy.corpus.clean import Rules
from understudy.corpus.contamination import TestTexts
from understudy.corpus.draw import draws, key, slot
from understudy.corpus.groups import Group
from understudy.corpus.partitions import Rounds, writing
from understudy.corpus.passes import Facts
from understudy.corpus.readers import Source, documents
from understudy.corpus.shards import Aside

SCHEMA = pa.schema(
    [
        ("group", pa.int16()),
        ("text", pa.large_string()),
        ("words", pa.int32()),
        ("split", pa.uint64()),
        ("seen", pa.int64()),
    ]
)
"""Texts of one part of a source, once each a round: ``seen`` says how often; by the draw ``split`` they are
dealt out, and held out."""

CHARACTERS_A_ROUND = 16 << 20
"""Text that a task counts in memory before it writes it down."""


@dataclass(frozen=True)
class Gather:
    """A task a source (or part of one)."""

    folder: Path
    sources: Sequence[Source]
    belongs: Sequence[int]
    """The number of each source's group."""
    groups: Sequence[Group]
    partitions: int
    rules: Rules
    seed: int
    test_texts: TestTexts | None
    """What is kept out because test sets hold it."""
    aside: Path | None
    """Where dropped rows are written to, if they are kept."""

    name = "gather"

    @property
    def count(self) -> int:
        """A task a source."""
        return len(self.sources)

    def file(self, number: int) -> Path:
        """The texts of a source."""
        return self.folder / f"gathered-{number:05d}.arrow"

    def make(self, number: int, path: Path) -> Facts:
        """Read the source; ``read``, ``spoken``, ``dropped`` by reason, ``placeholders`` by kind.

        Raises:
            UserError: bad input.
        """
        source, group = self.sources[number], self.groups[self.belongs[number]]
        dropped: Counter[str] = Counter()
        replaced: Counter[str] = Counter()
        clean = self.rules.cleaner(source.locale, source.corpus.kind, replaced)
        read = spoken = held = 0
        seen: dict[str, int] = {}
        words: list[int] = []
        with (
            writing(path, SCHEMA, self.partitions) as rounds,
            Aside(self.aside, f"gathered-{number:05d}") as aside,
        ):
            for document in documents(source):
                read += 1
                row = clean(document)
                if row.dropped:
                    dropped[row.dropped] += 1
                    aside.add(row.text, group, row.dropped)
                    continue
                spoken += row.spoken
                before = seen.get(row.text, 0)
                seen[row.text] = before + 1
                if not before:
                    words.append(row.words)
                    held += len(row.text)
                    if held >= CHARACTERS_A_ROUND:
                        dropped.update(self._write(rounds, self.belongs[number], seen, words, aside))
                        seen, words, held = {}, [], 0
            dropped.update(self._write(rounds, self.belongs[number], seen, words, aside))
        return {"read": read, "spoken": spoken, "dropped": dropped, "placeholders": replaced}

    def _write(
        self, rounds: Rounds, group: int, seen: dict[str, int], words: list[int], aside: Aside
    ) -> dict[str, int]:
        """Write texts down but for those of test sets; how many rows those were."""
        split = draws(seen, key(self.seed, "split"))
        columns = [np.full(len(seen), group, np.int16), list(seen), words, split, list(seen.values())]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
        rows = pa.Table.from_arrays(arrays, schema=SCHEMA)
        dropped = {}
        if self.test_texts is not None:
            met = self.test_texts.found(list(seen), self.groups[group].language)
            known = rows.filter(pa.array(met))
            for text, times in zip(known["text"].to_pylist(), known["seen"].to_pylist(), strict=True):
                aside.add(text, self.groups[group], contamination.REASON, times)
            dropped[contamination.REASON] = sum(known["seen"].to_pylist())
            rows, split = rows.filter(pa.array(~met)), split[~met]
        rounds.write(rows, slot(split, self.partitions))
        return dropped

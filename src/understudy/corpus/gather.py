"""First pass: read a part of a source, clean it row by row, and deal the texts out by their hash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from understudy.corpus.clean import Rules, language_of
from understudy.corpus.draw import draws, key, slot
from understudy.corpus.partitions import Rounds, writing
from understudy.corpus.passes import Facts
from understudy.corpus.readers import Source, documents
from understudy.corpus.sampling import Group
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
"""Texts of one part of a source, once each a round: ``seen`` says how often; by the draw ``split`` they are dealt
out, and held out."""

CHARACTERS_A_ROUND = 16 << 20
"""Text that a task counts in memory before it writes it down."""


def group_of(source: Source) -> Group:
    """Kind and language of all rows of a source."""
    return source.corpus.kind, language_of(source.locale)


@dataclass(frozen=True)
class Gather:
    """A task a source (or part of one)."""

    folder: Path
    sources: Sequence[Source]
    groups: Sequence[Group]
    rules: Rules
    partitions: int
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
        """Read the source; ``read``, ``spoken`` and ``dropped`` by reason.

        Raises:
            UserError: bad input.
        """
        source = self.sources[number]
        clean = self.rules.cleaner(source.locale, source.corpus.kind)
        dropped: Counter[str] = Counter()
        read = spoken = held = 0
        seen: dict[str, int] = {}
        words: list[int] = []
        with (
            writing(path, SCHEMA, self.partitions) as rounds,
            Aside(self.aside, f"gathered-{number:05d}", *group_of(source)) as aside,
        ):
            for document in documents(source):
                read += 1
                row = clean(document)
                if row.dropped:
                    dropped[row.dropped] += 1
                    aside.add(document.text, row.dropped)
                    continue
                spoken += row.spoken
                before = seen.get(row.text, 0)
                seen[row.text] = before + 1
                if not before:
                    words.append(row.words)
                    held += len(row.text)
                    if held >= CHARACTERS_A_ROUND:
                        self._write(rounds, source, seen, words)
                        seen, words, held = {}, [], 0
            self._write(rounds, source, seen, words)
        return {"read": read, "spoken": spoken, "dropped": dropped}

    def _write(self, rounds: Rounds, source: Source, seen: dict[str, int], words: list[int]) -> None:
        split = draws(seen, key(self.rules.seed, "split"))
        group = np.full(len(seen), self.groups.index(group_of(source)), np.int16)
        columns = [group, list(seen), words, split, list(seen.values())]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
        rounds.write(pa.Table.from_arrays(arrays, schema=SCHEMA), slot(split, self.partitions))

"""Between the first two passes, where asked for: which texts are nearly the same as another one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from understudy.core.recipe.text_filters import NearDuplicates
from understudy.corpus import gather
from understudy.corpus.dedup import unique
from understudy.corpus.draw import Draws, slot
from understudy.corpus.groups import Group
from understudy.corpus.near_duplicates import band_keys, repeated
from understudy.corpus.partitions import batches, collect, writing
from understudy.corpus.passes import Facts

SCHEMA = pa.schema([("group", pa.int16()), ("split", pa.uint64())])
"""A text, by its group and draw."""

ROWS_A_BATCH = 16_384


@dataclass(frozen=True)
class Sign:
    """A task a partition of texts: their keys, a batch of rows a group at a time."""

    folder: Path
    gathered: Sequence[Path]
    groups: Sequence[Group]
    partitions: int
    config: NearDuplicates

    name = "sign"

    @property
    def count(self) -> int:
        """A task a partition."""
        return self.partitions

    def file(self, number: int) -> Path:
        """The keys of a partition's texts."""
        return self.folder / f"signed-{number:05d}.arrow"

    @property
    def _schema(self) -> pa.Schema:
        return SCHEMA.append(pa.field("keys", pa.list_(pa.uint64(), self.config.bands)))

    def make(self, number: int, path: Path) -> Facts:
        """Hash every text."""
        rows = unique(collect(self.gathered, gather.SCHEMA, number, self.partitions))
        group = rows["group"].to_numpy()
        with writing(path, self._schema, 1) as rounds:
            for index in np.unique(group):
                mine = rows.filter(pa.array(group == index))
                for start in range(0, len(mine), ROWS_A_BATCH):
                    part = mine.slice(start, ROWS_A_BATCH)
                    keys = band_keys(part["text"].to_pylist(), self.groups[index].language, self.config)
                    flat = pa.FixedSizeListArray.from_arrays(pa.array(keys.ravel()), self.config.bands)
                    columns = [*part.select(SCHEMA.names).columns, flat]
                    rounds.write(pa.table(columns, schema=self._schema), np.zeros(len(part), np.int64))
        return {}

    def find(self, path: Path) -> None:
        """Write the texts to drop, dealt out as the texts are; all that is not done in parallel."""
        if path.exists():
            return
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        with writing(temporary, SCHEMA, self.partitions) as rounds:
            for group in range(len(self.groups)):
                split = repeated(self._signed(group), self.config.bands)
                rows = pa.table([np.full(len(split), group, np.int16), split], schema=SCHEMA)
                rounds.write(rows, slot(split, self.partitions))
        temporary.replace(path)

    def _signed(self, group: int) -> Iterator[tuple[Draws, Draws]]:
        """Keys [n, bands] and draws [n] of a group's texts."""
        for number in range(self.count):
            for batch in batches(self.file(number), 0, 1):
                # A batch holds one group.
                if len(batch) and batch["group"][0].as_py() == group:
                    keys = batch["keys"].flatten().to_numpy()
                    yield keys.reshape(len(batch), self.config.bands), batch["split"].to_numpy()

"""Token-id shards, memory-mapped."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.files import read_json
from understudy.tokenizer.protocol import SpecialPieces
from understudy.training.batches import padded


class TokenShards:
    """Rows of piece ids of one split of an ``encode`` artifact."""

    def __init__(self, artifact: Artifact, split: str) -> None:
        folder = artifact.file(split)
        self.info = read_json(artifact.file("shards.json"))
        self.tokenizer = artifact.file("tokenizer")
        self.vocabulary: int = self.info["vocabulary"]
        special = self.info.get("special")
        self.special = (
            # Shards that do not say are of our own tokenizer, and of before there were others.
            SpecialPieces.of_ours(self.vocabulary) if special is None else SpecialPieces.of_dict(special)
        )
        self.languages: list[str] = self.info["languages"]
        try:
            self._ids = np.load(folder / "ids.npy", mmap_mode="r")
            self._offsets = np.load(folder / "offsets.npy", mmap_mode="r")
            self.language_ids = np.load(folder / "languages.npy", mmap_mode="r")
        except (OSError, ValueError, EOFError) as error:
            raise UserError(f"the shards cannot be read ({error})", file=folder) from None
        self.lengths: npt.NDArray[np.int64] = np.diff(self._offsets)
        if not len(self.lengths):
            raise UserError("holds no rows", file=folder)

    def __len__(self) -> int:
        return len(self.lengths)

    def padded(self, rows: npt.NDArray[np.int64], length: int) -> npt.NDArray[np.int64]:
        """(B, length) ids of the rows, padded on the right."""
        ids = [self._ids[self._offsets[row] : self._offsets[row + 1]] for row in rows]
        return padded(ids, length, self.special.pad)

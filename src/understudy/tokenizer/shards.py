"""Rows of piece ids on disk, as arrays that are mapped into memory and never parsed.

``ids.npy`` holds all rows after each other (uint16, or uint32 for a vocabulary that needs it), row ``i`` is
``ids[offsets[i]:offsets[i + 1]]`` with ``offsets.npy`` (int64, one longer than there are rows), and
``languages.npy`` (uint8) is each row's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray


class ShardWriter:
    """Appends rows; the three files get their names when all rows are in, and not if anything went wrong.

    Ids go to disk as they come; memory holds nine bytes a row.
    """

    def __init__(self, folder: Path, vocabulary: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._type = np.dtype(np.uint16 if vocabulary <= 1 << 16 else np.uint32)
        self._lengths: list[NDArray[np.int64]] = []
        self._languages: list[NDArray[np.uint8]] = []
        self.num_rows = 0
        self.num_tokens = 0

    def __enter__(self) -> ShardWriter:
        for name in ("ids", "offsets", "languages"):
            self._path(name).unlink(missing_ok=True)
        self._handle = self._path("ids", temporary=True).open("wb")
        self._write_header()
        return self

    def write(self, rows: Sequence[Sequence[int]], languages: Sequence[int]) -> None:
        """Append rows of ids and the number of each row's language."""
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        total = int(lengths.sum())
        self._handle.write(np.fromiter(chain.from_iterable(rows), dtype=self._type, count=total).tobytes())
        self._lengths.append(lengths)
        self._languages.append(np.array(languages, dtype=np.uint8))
        self.num_rows += len(rows)
        self.num_tokens += total

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._handle.seek(0)
            self._write_header()
        self._handle.close()
        if error is not None:
            self._path("ids", temporary=True).unlink(missing_ok=True)
            return
        offsets = np.zeros(self.num_rows + 1, dtype=np.int64)
        np.cumsum(np.concatenate([[0], *self._lengths])[1:], out=offsets[1:])
        self._save("offsets", offsets)
        self._save("languages", np.concatenate([np.empty(0, np.uint8), *self._languages]))
        for name in ("languages", "offsets", "ids"):
            self._path(name, temporary=True).replace(self._path(name))

    def _write_header(self) -> None:
        # NumPy pads this header so that the length can grow in place.
        header = {"descr": self._type.str, "fortran_order": False, "shape": (self.num_tokens,)}
        np.lib.format.write_array_header_1_0(self._handle, header)

    def _save(self, name: str, array: NDArray[Any]) -> None:
        with self._path(name, temporary=True).open("wb") as handle:
            np.save(handle, array, allow_pickle=False)

    def _path(self, name: str, *, temporary: bool = False) -> Path:
        return self._folder / (f".{name}.npy.tmp" if temporary else f"{name}.npy")


def cut(ids: list[int], max_length: int, begin: int, end: int) -> list[list[int]]:
    """Rows of at most ``max_length`` ids, each between ``begin`` and ``end``; none if there are no ids."""
    room = max_length - 2
    return [[begin, *ids[i : i + room], end] for i in range(0, len(ids), room)]

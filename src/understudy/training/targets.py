"""What a teacher said about every row, on disk: its likeliest pieces, and states of some layers.

``targets.json`` says what of; ``epoch-<n>/`` holds ``top.npy`` (positions, k) piece ids, ``logs.npy``
(positions, k) float16 log probabilities, ``first.npy`` (rows + 1,) where a row's positions begin, ascending
in the row, and ``state-<layer>.npy`` (pieces, H) float16, rows after each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.training.batches import Batch
from understudy.training.masked_task import MaskedTask

FORMAT_VERSION = 1
FILE = "targets.json"
GIB = 1 << 30


@dataclass(frozen=True, kw_only=True)
class About:
    """What targets are of."""

    seed: int
    """Of the masks."""
    epochs: int
    rows: int
    pieces: int
    """In all rows."""
    positions: int
    """Masked in one epoch."""
    vocabulary: int
    top: int
    temperature: float
    layers: tuple[int, ...]
    """Whose states are there."""
    hidden: int
    """The teacher's width."""
    teacher_layers: int

    @property
    def id_type(self) -> np.dtype[Any]:
        """Of pieces."""
        return np.dtype(np.uint16 if self.vocabulary <= 1 << 16 else np.uint32)

    @property
    def bytes(self) -> int:
        """On disk, headers left out."""
        top = self.positions * self.top * (self.id_type.itemsize + 2)
        states = self.pieces * len(self.layers) * self.hidden * 2
        return self.epochs * (top + states + 8 * (self.rows + 1))

    def save(self, folder: Path) -> None:
        """Write ``targets.json``."""
        write_json(folder / FILE, {"format_version": FORMAT_VERSION, **asdict(self)})

    @classmethod
    def load(cls, folder: Path) -> About:
        """Read what :meth:`save` wrote.

        Raises:
            UserError: missing, damaged or of another version.
        """
        value = read_json(folder / FILE)
        version = value.pop("format_version", None) if isinstance(value, dict) else None
        if version != FORMAT_VERSION:
            raise UserError(
                f"targets of format version {version}; this understudy reads version {FORMAT_VERSION}",
                file=folder / FILE,
            )
        return cls(**value | {"layers": tuple(value["layers"])})


class Epoch:
    """The arrays of one epoch, mapped into memory.

    Args:
        first: (rows + 1,) to make them; none: they are there.
    """

    def __init__(
        self, folder: Path, about: About, epoch: int, first: npt.NDArray[np.int64] | None = None
    ) -> None:
        at = folder / f"epoch-{epoch}"

        def array(name: str, kind: Any, shape: tuple[int, ...]) -> npt.NDArray[Any]:
            file = at / f"{name}.npy"
            if first is None and not file.exists():
                raise UserError("is missing; make the targets step again with --force", file=file)
            try:
                if file.exists():
                    return np.lib.format.open_memmap(file, "r" if first is None else "r+")
            except ValueError as error:
                if first is None:
                    raise UserError(f"cannot be read ({error})", file=file) from None
            # Not there, or killed while it was being made, before anything was written to it.
            return np.lib.format.open_memmap(file, "w+", kind, shape)

        if first is not None:
            at.mkdir(exist_ok=True)
        self.first = array("first", np.int64, (about.rows + 1,))
        if first is not None:
            self.first[:] = first
        self.top = array("top", about.id_type, (about.positions, about.top))
        self.logs = array("logs", np.float16, (about.positions, about.top))
        self.states = {
            layer: array(f"state-{layer}", np.float16, (about.pieces, about.hidden)) for layer in about.layers
        }

    def flush(self) -> None:
        """To disk."""
        for each in (self.first, self.top, self.logs, *self.states.values()):
            assert isinstance(each, np.memmap)
            each.flush()


def on_disk(folder: Path) -> int:
    """Bytes that the arrays in a folder take of the disk: less than their sizes while there are holes."""
    return sum(512 * file.stat().st_blocks for file in folder.glob("epoch-*/*.npy"))


class TargetsTask(MaskedTask):
    """A masked task whose masks are those of the targets, and whose batches hold them.

    Raises:
        UserError: the targets are of another number of rows.
    """

    def __init__(self, *arguments: Any, folder: Path, about: About, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if about.rows != len(self.train):
            raise UserError(f"is of {about.rows} rows, and the shards have {len(self.train)}", file=folder)
        self.about = about
        self._epochs = [Epoch(folder, about, number) for number in range(about.epochs)]
        self._begins = np.concatenate([[0], np.cumsum(self.train.lengths)])

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """``(ids, mask, selected, labels, top, logs, *states)``, see :class:`.Written`."""
        number = epoch % self.about.epochs
        said = self._epochs[number]
        masked = self.masked(self.train, batch, self.about.seed, number)
        spans = [slice(said.first[row], said.first[row + 1]) for row in batch.rows]
        count = len(masked[2])
        top = _gathered(said.top, spans, count).astype(np.int64)
        logs = _gathered(said.logs, spans, count)
        states = [self._rows(said.states[layer], batch) for layer in self.about.layers]
        return *masked, torch.from_numpy(top), torch.from_numpy(logs), *states

    def _rows(self, pieces: npt.NDArray[np.float16], batch: Batch) -> Tensor:
        """(B, L, H), zeros on padding."""
        table = np.zeros((len(batch.rows), batch.length, pieces.shape[1]), dtype=np.float16)
        for number, row in enumerate(batch.rows):
            begin, end = self._begins[row], self._begins[row + 1]
            table[number, : end - begin] = pieces[begin:end]
        return torch.from_numpy(table)


def _gathered(table: npt.NDArray[Any], spans: Sequence[slice], count: int) -> npt.NDArray[Any]:
    """Some runs of rows after each other, and zeros up to ``count``."""
    out = np.zeros((count, table.shape[1]), dtype=table.dtype)
    at = 0
    for span in spans:
        length = span.stop - span.start
        out[at : at + length] = table[span]
        at += length
    return out

"""Masked rows, and the same words in the pieces of a teacher that has another tokenizer."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from understudy.tokenizer.protocol import Tokenizer
from understudy.tokenizer.subwords import Subwords
from understudy.training.batches import Batch, buckets, padded
from understudy.training.masked_task import MaskedTask

IntArray = npt.NDArray[np.int64]
NONE = -1
"""Of a piece that is of no unit: special, empty, unknown, or cut off."""
_BLANK = "\u2581"
_STRANGE = "\ufffd"
"""Stands for an unknown piece, whose characters are lost."""


@dataclass(frozen=True)
class Aligned:
    """A row in both tokenizers' pieces, and the units that both cut alike.

    A unit is the smallest run of characters at whose two ends both tokenizers begin a piece: a word or less,
    in scripts without spaces a few characters.
    """

    teacher_ids: list[int]
    units: list[int]
    """Of each of the student's pieces, from 0."""
    teacher_units: list[int]
    count: int


class Aligner:
    """Rows of a student's pieces in a teacher's.

    Args:
        student: ours, whose pieces spell their text.
        teacher: any.
        max_length: of the teacher, in its pieces.
    """

    def __init__(self, student: Subwords, teacher: Tokenizer, max_length: int) -> None:
        self.pieces, self.student, self.teacher = student.pieces, student, teacher
        self.max_length = max_length
        self._silent = set(student.special.never_masked) - {student.unk_id}

    def align(self, ids: IntArray) -> Aligned:
        """One row, with its special pieces."""
        text, mine = self._spelled(ids)
        encoding = self.teacher.encode(text, self.max_length)
        theirs = [start if start < end else None for start, end in encoding.offsets]
        covered = max((end for _, end in encoding.offsets), default=0)
        edges = sorted({s for s in mine if s is not None and s < covered} & set(theirs))
        units: list[int] = []
        count = 0
        for start, end in pairwise([*edges, len(text)]):
            # Neither what the teacher was cut off in, nor what spells an unknown piece.
            whole = not text[max(start, covered) : end].strip() and _STRANGE not in text[start:end]
            units.append(count if whole else NONE)
            count += whole

        def numbered(starts: list[int | None]) -> list[int]:
            places = (NONE if start is None else bisect_right(edges, start) - 1 for start in starts)
            return [NONE if place < 0 else units[place] for place in places]

        return Aligned(encoding.ids, numbered(mine), numbered(theirs), count)

    def _spelled(self, ids: IntArray) -> tuple[str, list[int | None]]:
        """The text, and where in it each piece begins; none of special ones and of single spaces."""
        text, starts = "", list[int | None]()
        for piece in ids.tolist():
            if piece in self._silent:
                starts.append(None)
                continue
            spelled = _STRANGE if piece == self.student.unk_id else self.pieces[piece].replace(_BLANK, " ")
            bare = spelled.lstrip()
            starts.append(len(text) + len(spelled) - len(bare) if bare else None)
            text += spelled
        # The space before the first word is SentencePiece's, not the text's.
        lead = len(text) - len(text.lstrip())
        return text[lead:], [None if start is None else start - lead for start in starts]


class AlignedTask(MaskedTask):
    """A masked task whose batches hold, beside the student's pieces, the teacher's, and which go together.

    The teacher reads the text as it was; the student's is masked.
    """

    def __init__(self, *arguments: Any, aligner: Aligner, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.aligner = aligner
        self._lengths = buckets(aligner.max_length)

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """``(ids, mask, selected, labels, teacher_ids, teacher_mask, words, teacher_words)``."""
        rows = [
            self.aligner.align(ids[: self.train.lengths[row]])
            for row, ids in zip(batch.rows, self.train.padded(batch.rows, batch.length), strict=True)
        ]
        longest = max(len(row.teacher_ids) for row in rows)
        length = int(self._lengths[np.searchsorted(self._lengths, longest)])
        ids = padded([row.teacher_ids for row in rows], length, self.aligner.teacher.special.pad)
        mask = np.zeros((len(rows), length), dtype=np.bool_)
        theirs = np.full((len(rows), length), NONE, dtype=np.int64)
        mine = np.full((len(rows), batch.length), NONE, dtype=np.int64)
        first = 0
        for number, row in enumerate(rows):
            mask[number, : len(row.teacher_ids)] = True
            for into, units in ((theirs, row.teacher_units), (mine, row.units)):
                numbers = np.array(units)
                into[number, : len(units)] = np.where(numbers == NONE, NONE, numbers + first)
            first += row.count
        given = (torch.from_numpy(each) for each in (ids, mask, mine, theirs))
        return *super().inputs(batch, epoch), *given

    def share(self, rows: int = 256) -> float:
        """Of the first rows' ordinary pieces, those that are in a unit."""
        inside = ordinary = 0
        for row in range(min(rows, len(self.train))):
            ids = self.train.padded(np.array([row]), int(self.train.lengths[row]))[0]
            units = np.array(self.aligner.align(ids).units)
            ordinary += int(self.train.special.ordinary[ids].sum())
            inside += int((units != NONE).sum())
        return inside / max(1, ordinary)

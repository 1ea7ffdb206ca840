"""Fine-tuning on labelled utterances and on what a teacher says of these and of unlabelled ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from understudy.model.nlu import NluModel
from understudy.objectives.losses import IGNORE, Objective
from understudy.objectives.nlu import JointNlu
from understudy.objectives.task_distillation import NOWHERE, TaskTeacher, TaughtNlu
from understudy.tokenizer.protocol import Encoding, Tokenizer
from understudy.training.batches import Batch, batch_lengths, buckets, padded
from understudy.training.nlu_task import NluTask
from understudy.utterances.tags import units


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """The teacher of a task, and what it is asked about."""

    teacher: NluModel
    tokenizer: Tokenizer
    texts: Sequence[str]
    labelled: float
    """Share of all rows, at least, where repeating labelled ones gets there."""
    weights: Mapping[str, float]
    temperature: float


class TaughtTask(NluTask):
    """An :class:`.nlu_task.NluTask` with more rows: labelled ones repeated, and unlabelled ones."""

    def __init__(self, model: NluModel, subwords: Tokenizer, *, lessons: Lessons, **options: Any) -> None:
        super().__init__(model, subwords, **options)
        texts = [frame.text for frame in options["train"]]
        times = _times(len(texts), len(lessons.texts), lessons.labelled)
        self._append(lessons.texts, times)
        whole = [*texts * times, *lessons.texts]
        self._teach(lessons, whole)
        teacher = TaskTeacher(lessons.teacher, model)
        self.taught = TaughtNlu(cast(JointNlu, self.objective), teacher, lessons.weights, lessons.temperature)
        self.objective: Objective = self.taught  # type: ignore[assignment]

    def _append(self, texts: Sequence[str], times: int) -> None:
        encodings = self.subwords.encode_batch(list(texts), self.max_length)
        places = [units(text, each.offsets) for text, each in zip(texts, encodings, strict=True)]
        unknown = np.full(len(texts), IGNORE, dtype=np.int64)
        self._starts = [
            [offsets[place][0] for place in row]
            for offsets, row in zip(self.offsets, self._places, strict=True)
        ] * times + [
            [each.offsets[place][0] for place in row] for each, row in zip(encodings, places, strict=True)
        ]
        self._ids = self._ids * times + [each.ids for each in encodings]
        self.lengths = np.array([len(ids) for ids in self._ids])
        self.padded = batch_lengths(self.lengths, self.settings.tokens_per_batch)
        self._places = self._places * times + places
        self._tags = self._tags * times + [[IGNORE] * len(row) for row in places]
        self._intents = np.concatenate([np.tile(self._intents, times), unknown])
        self._domains = np.concatenate([np.tile(self._domains, times), unknown])

    def _teach(self, lessons: Lessons, texts: Sequence[str]) -> None:
        """The teacher's pieces of each row, and where in them each of the student's units begins."""
        longest = lessons.teacher.base.config.max_length
        self._pad = lessons.tokenizer.special.pad
        self._their_lengths = buckets(longest)
        encodings = lessons.tokenizer.encode_batch(list(texts), longest)
        self._their_ids = [each.ids for each in encodings]
        self._their_places = [
            _at(starts, text, each) for starts, text, each in zip(self._starts, texts, encodings, strict=True)
        ]

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """What :class:`.TaughtNlu` is called with."""
        mine = super().inputs(batch, epoch)
        rows = [self._their_ids[row] for row in batch.rows]
        longest = max(map(len, rows))
        length = int(self._their_lengths[np.searchsorted(self._their_lengths, longest)])
        theirs = torch.from_numpy(padded(rows, length, self._pad))
        places = padded([self._their_places[row] for row in batch.rows], mine[4].shape[1], NOWHERE)
        return *mine, theirs, theirs != self._pad, torch.from_numpy(places)


def _times(labelled: int, unlabelled: int, share: float) -> int:
    """How often the labelled rows stand so that they are about that share of all."""
    return max(1, round(share * unlabelled / ((1 - share) * max(1, labelled))))


def _at(starts: Sequence[int], text: str, encoding: Encoding) -> list[int]:
    place_of = {encoding.offsets[place][0]: place for place in units(text, encoding.offsets)}
    return [place_of.get(start, NOWHERE) for start in starts]

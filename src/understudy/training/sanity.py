"""A look at teacher and student before the hours begin: is there anything to learn from this teacher?"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.progress import clock
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import IGNORE, summed_cross_entropy
from understudy.objectives.output import NON_FINITE, masked_logits
from understudy.objectives.teaching import Teacher
from understudy.training.aligned_task import AlignedTask
from understudy.training.batches import Batch, epoch_batches
from understudy.training.engine import autocast
from understudy.training.masked_task import VALIDATION_EPOCH, MaskedTask
from understudy.training.shards import TokenShards
from understudy.training.world import World

ROWS = 64
"""A language, that are looked at."""
_STEP = 3
"""Passes forward that a step of training takes as long as: a pass backward takes about two."""


@dataclass
class _Sums:
    """Over the masked pieces of a language."""

    pieces: int = 0
    teacher: float = 0.0
    students: dict[str, float] = field(default_factory=dict)
    agreed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sanity:
    """What was seen."""

    languages: Mapping[str, _Sums]
    """None where the two have different tokenizers, and so no scores to compare."""
    seconds_per_piece: float
    """Of training, as the forward passes let expect."""
    aligned: float | None = None
    """Where the tokenizers differ, the share of the pieces that are in words both cut alike."""

    def numbers(self, pieces: int) -> dict[str, Any]:
        """For the manifest.

        Args:
            pieces: that training will read.
        """
        told: dict[str, Any] = {}
        if self.aligned is not None:
            told["aligned"] = round(self.aligned, 4)
        if self.languages:
            told["teacher_perplexity"] = {
                name: _perplexity(s.teacher, s.pieces) for name, s in self.languages.items()
            }
        for student in self._students():
            told[f"{student}.start" if student else "start"] = {
                "perplexity": {
                    name: _perplexity(s.students[student], s.pieces) for name, s in self.languages.items()
                },
                "agreement": {
                    name: round(s.agreed[student] / s.pieces, 4) for name, s in self.languages.items()
                },
            }
        told["expected_hours"] = round(pieces * self.seconds_per_piece / 3600, 3)
        return told

    def lines(self, pieces: int) -> list[str]:
        """For standard error: a table's worth of figures, then warnings."""
        told, warnings = [], []
        if self.aligned is not None:
            told.append(
                "teacher and transfer set have different tokenizers: hidden layers are matched word by word, "
                f"and nothing else of the teacher; {self.aligned:.0%} of the pieces are in words both cut "
                "alike"
            )
        for name, sums in self.languages.items():
            theirs = _perplexity(sums.teacher, sums.pieces)
            parts = []
            for student in self._students():
                own = _perplexity(sums.students[student], sums.pieces)
                whose = f"student {student}" if student else "student"
                parts.append(f"{whose} {own:.4g} (same best piece {sums.agreed[student] / sums.pieces:.0%})")
                if own < theirs:
                    warnings.append(
                        f"warning: {name}: the teacher (perplexity {theirs:.4g}) is worse than the {whose}'s "
                        f"own start ({own:.4g}); it was made for other text, or is not trained enough"
                    )
            told.append(f"{name}: perplexity at the start: teacher {theirs:.4g}, {', '.join(parts)}")
        told.append(f"expected: {clock(pieces * self.seconds_per_piece)} for {pieces:,} pieces")
        return told + warnings

    def _students(self) -> list[str]:
        return list(next(iter(self.languages.values())).students) if self.languages else []


def look(teacher: MaskedLanguageModel, tasks: Mapping[str, MaskedTask], *, written: bool = False) -> Sanity:
    """Teacher and students, as they start, on held-out rows of the transfer set, masked as for validation.

    Args:
        written: training reads what the teacher has said, and does not ask it.

    Raises:
        UserError: the teacher emits values that are not finite.
    """
    first = _ready(tasks)
    teacher.to(first.device).eval()
    languages: dict[str, _Sums] = {}
    seconds, pieces = 0.0, 0
    for language, batch in _groups(first, first.validation):
        inputs = first.masked(first.validation, batch, 0, VALIDATION_EPOCH)
        if not languages:  # a model's first pass prepares kernels
            for model in (teacher, *(task.model for task in tasks.values())):
                _pass(model, inputs, first)
        fresh = _Sums(students=dict.fromkeys(tasks, 0.0), agreed=dict.fromkeys(tasks, 0))
        sums = languages.setdefault(language, fresh)
        # A device is still at work when a call returns; each stretch of time ends where its values are read.
        began = time.perf_counter()
        theirs, labels = _pass(teacher, inputs, first)
        if not torch.isfinite(theirs).all():
            raise UserError(NON_FINITE, place="teacher")
        asked = time.perf_counter() - began
        valid, best = labels != IGNORE, theirs.argmax(-1)
        sums.pieces += int(valid.sum())
        sums.teacher += float(summed_cross_entropy(theirs, labels))
        began = time.perf_counter()
        for name, task in tasks.items():
            ours, _ = _pass(task.model, inputs, first)
            sums.students[name] += float(summed_cross_entropy(ours, labels))
            sums.agreed[name] += int(((ours.argmax(-1) == best) & valid).sum())
        seconds += _STEP * (time.perf_counter() - began) + (0.0 if written else asked)
        pieces += int(first.validation.lengths[batch.rows].sum())
    languages = {name: sums for name, sums in languages.items() if sums.pieces}
    if not languages:
        raise UserError(
            "no held-out row has a piece that can be masked", file=first.validation.tokenizer.parent
        )
    return Sanity(languages, _shared(seconds / pieces, first))


def look_at_words(teacher: Teacher, tasks: Mapping[str, MaskedTask]) -> Sanity:
    """A teacher with another tokenizer, and its students, on rows of the transfer set.

    Args:
        tasks: each an :class:`.AlignedTask`.

    Raises:
        UserError: the teacher emits values that are not finite.
    """
    first = _ready(tasks)
    assert isinstance(first, AlignedTask)
    seconds, pieces = 0.0, 0
    for _, batch in _groups(first, first.train):
        began = time.perf_counter()
        inputs = [each.to(first.device) for each in first.inputs(batch, 0)]
        prepared = time.perf_counter() - began
        if not pieces:
            _listen(teacher, inputs, first)
            for task in tasks.values():
                _pass(task.model, inputs, first)
        began = time.perf_counter()
        _listen(teacher, inputs, first)
        asked = time.perf_counter() - began
        began = time.perf_counter()
        for task in tasks.values():
            ours, labels = _pass(task.model, inputs, first)
            float(summed_cross_entropy(ours, labels))  # waits for the device
        # Words are aligned while the batch before is learned from.
        seconds += max(prepared, asked + _STEP * (time.perf_counter() - began))
        pieces += int(first.train.lengths[batch.rows].sum())
    return Sanity({}, _shared(seconds / pieces, first), first.share())


def _ready(tasks: Mapping[str, MaskedTask]) -> MaskedTask:
    """The first of the tasks, all of whose models are where they will work."""
    for task in tasks.values():
        task.model.to(task.device).eval()
    return next(iter(tasks.values()))


def _groups(task: MaskedTask, shards: TokenShards) -> Iterator[tuple[str, Batch]]:
    """A language, and a batch of some of its rows."""
    for number, language in enumerate(shards.languages):
        rows = np.flatnonzero(shards.language_ids == number)[:ROWS]
        for group in epoch_batches(
            shards.lengths[rows],
            tokens_per_batch=task.tokens_at_once,
            max_length=task.max_length,
            seed=0,
            epoch=0,
        ):
            yield language, Batch(rows[group.rows], group.length)


def _shared(seconds: float, task: MaskedTask) -> float:
    """Of a piece, where each process reads its share of them."""
    return seconds / World.on(task.device).size


@torch.inference_mode()
def _pass(model: MaskedLanguageModel, inputs: Sequence[Tensor], task: MaskedTask) -> tuple[Tensor, Tensor]:
    ids, mask, selected, labels = (each.to(task.device) for each in inputs[:4])
    with autocast(task.settings, task.device):
        scores = masked_logits(model, model.encoder(ids, mask), selected)
    return scores.float(), labels


@torch.inference_mode()
def _listen(teacher: Teacher, inputs: Sequence[Tensor], task: MaskedTask) -> None:
    """Ask, and wait for the answer, which is looked at whether it is finite."""
    ids, mask, selected, _, *given = inputs
    with autocast(task.settings, task.device):
        teacher(ids, mask, selected, *given)


def _perplexity(loss: float, pieces: int) -> float:
    return round(math.exp(min(loss / pieces, 50.0)), 4)

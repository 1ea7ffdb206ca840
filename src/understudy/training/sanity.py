"""A look at teacher and student before the hours begin: is there anything to learn from this teacher?"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
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
from understudy.training.batches import Batch, epoch_batches
from understudy.training.engine import autocast
from understudy.training.masked_task import VALIDATION_EPOCH, MaskedTask

ROWS = 64
"""Held-out rows a language that are looked at."""


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
    seconds_per_piece: float | None
    """Of training, as the forward passes let expect; None where only states are to be learned."""

    def numbers(self, pieces: int) -> dict[str, Any]:
        """For the manifest.

        Args:
            pieces: that training will read.
        """
        told: dict[str, Any] = {
            "teacher_perplexity": {
                name: _perplexity(s.teacher, s.pieces) for name, s in self.languages.items()
            }
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
        if self.seconds_per_piece is not None:
            told["expected_hours"] = round(pieces * self.seconds_per_piece / 3600, 3)
        return told

    def lines(self, pieces: int) -> list[str]:
        """For standard error: a table's worth of figures, then warnings."""
        told, warnings = [], []
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
        if self.seconds_per_piece is not None:
            told.append(f"expected: {clock(pieces * self.seconds_per_piece)} for {pieces:,} pieces")
        return told + warnings

    def _students(self) -> list[str]:
        return list(next(iter(self.languages.values())).students)


def look(teacher: MaskedLanguageModel, tasks: Mapping[str, MaskedTask]) -> Sanity:
    """Teacher and students, as they start, on held-out rows of the transfer set, masked as for validation.

    Raises:
        UserError: the teacher emits values that are not finite.
    """
    first = next(iter(tasks.values()))
    shards, languages = first.validation, {}
    seconds, pieces = 0.0, 0
    warm = False
    for number, language in enumerate(shards.languages):
        rows = np.flatnonzero(shards.language_ids == number)[:ROWS]
        sums = _Sums(students=dict.fromkeys(tasks, 0.0), agreed=dict.fromkeys(tasks, 0))
        batches = epoch_batches(
            shards.lengths[rows],
            tokens_per_batch=first.tokens_at_once,
            max_length=first.max_length,
            seed=0,
            epoch=0,
        )
        for group in batches:
            batch = Batch(rows[group.rows], group.length)
            inputs = first.masked(shards, batch, 0, VALIDATION_EPOCH)
            if not warm:  # the first pass prepares kernels
                _pass(teacher, inputs, first)
                warm = True
            clock = time.perf_counter()
            theirs, labels = _pass(teacher, inputs, first)
            asked = time.perf_counter() - clock
            if not torch.isfinite(theirs).all():
                raise UserError(NON_FINITE, place="teacher")
            valid = labels != IGNORE
            sums.pieces += int(valid.sum())
            sums.teacher += float(summed_cross_entropy(theirs, labels))
            best = theirs.argmax(-1)
            clock = time.perf_counter()
            for name, task in tasks.items():
                ours, _ = _pass(task.model.to(first.device).eval(), inputs, first)
                sums.students[name] += float(summed_cross_entropy(ours, labels))
                sums.agreed[name] += int(((ours.argmax(-1) == best) & valid).sum())
            # A backward pass takes about twice as long as the forward pass before it.
            seconds += asked + 3 * (time.perf_counter() - clock)
            pieces += int(shards.lengths[batch.rows].sum())
        if sums.pieces:
            languages[language] = sums
    if not languages:
        raise UserError("no held-out row has a piece that can be masked", file=shards.tokenizer.parent)
    return Sanity(languages, seconds / pieces)


@torch.inference_mode()
def _pass(model: MaskedLanguageModel, inputs: tuple[Tensor, ...], task: MaskedTask) -> tuple[Tensor, Tensor]:
    ids, mask, selected, labels = (each.to(task.device) for each in inputs)
    with autocast(task.settings, task.device):
        scores = masked_logits(model, model.encoder(ids, mask), selected)
    return scores.float(), labels


def _perplexity(loss: float, pieces: int) -> float:
    return round(math.exp(min(loss / pieces, 50.0)), 4)

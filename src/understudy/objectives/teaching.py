"""What a teacher says about a batch: asked there and then, once for all who listen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.chunked_soft import SoftTargets
from understudy.objectives.losses import IGNORE
from understudy.objectives.matching import Projected
from understudy.objectives.output import NON_FINITE, masked_cross_entropies, soft_targets
from understudy.objectives.projections import Projections
from understudy.objectives.words import means_of_words


class Lesson(Protocol):
    """What was said about one batch."""

    @property
    def states(self) -> Mapping[int, Tensor]:
        """Hidden states by layer, (..., H)."""

    @property
    def projected(self) -> Mapping[int, Projected]:
        """Queries, keys and values by layer."""

    @property
    def valid(self) -> Tensor:
        """(...) where hidden states count."""

    def places(self, state: Tensor) -> Tensor:
        """A student's state (B, L, H) at the places of :attr:`states`, (..., H)."""

    def cross_entropies(
        self,
        student: MaskedLanguageModel,
        hidden: Tensor,
        selected: Tensor,
        labels: Tensor,
        temperature: float,
    ) -> tuple[Tensor, Tensor]:
        """See :func:`.output.masked_cross_entropies`."""


class Teacher(Protocol):
    """Where lessons come from."""

    @property
    def layers(self) -> int:
        """Of the teacher."""

    @property
    def hidden(self) -> int:
        """Its width."""

    def want(self, states: set[int], projected: set[int]) -> None:
        """Say which layers' states, and queries, keys and values, the lessons are to hold."""

    def __call__(self, ids: Tensor, mask: Tensor, selected: Tensor, *given: Tensor) -> Lesson:
        """The lesson about a batch.

        Args:
            ids, mask: (B, L).
            selected: (N,) flattened positions.
            given: what the task adds to a batch for this kind of teacher.

        Raises:
            UserError: a value is not finite.
        """

    def places(self, mask: Tensor, *given: Tensor) -> int:
        """How many places :attr:`Lesson.valid` will hold for a batch."""


@dataclass
class Spoken:
    """The lesson of a model that was asked."""

    teacher: MaskedLanguageModel
    hidden: Tensor
    """(B, L, H) what comes out of its encoder."""
    valid: Tensor
    states: dict[int, Tensor] = field(default_factory=dict)
    projected: dict[int, Projected] = field(default_factory=dict)
    _answer: tuple[Tensor, float, SoftTargets | Tensor] | None = None
    """The positions and temperature last asked about, and what was said."""

    def places(self, state: Tensor) -> Tensor:
        """The same."""
        return state

    def cross_entropies(
        self,
        student: MaskedLanguageModel,
        hidden: Tensor,
        selected: Tensor,
        labels: Tensor,
        temperature: float,
    ) -> tuple[Tensor, Tensor]:
        """At the selected positions; of students that ask about the same ones, the first is waited for."""
        if self._answer is None or self._answer[0] is not selected or self._answer[1] != temperature:
            targets = soft_targets(self.teacher, self.hidden, selected, temperature)
            self._answer = (selected, temperature, targets)
        return masked_cross_entropies(student, hidden, self._answer[2], selected, labels, temperature)


class LiveTeacher:
    """A frozen model that reads each batch, in inference mode.

    It is no module, so it is no part of what is trained, saved or sharded.

    Args:
        product: what autocast will make matrix products in; the matrices are held in it, since autocast
            would make a new copy of each at every step, keeping none of what is not trained.
    """

    def __init__(self, model: MaskedLanguageModel, product: torch.dtype | None = None) -> None:
        self.model = model.eval().requires_grad_(False)
        tied = {id(part.weight) for part in model.modules() if isinstance(part, nn.Embedding)}
        for part in model.modules() if product is not None else ():
            if isinstance(part, nn.Linear) and id(part.weight) not in tied:
                part.to(product)
        self.layers, self.hidden = model.config.layers, model.config.hidden
        self._states: set[int] = set()
        self._projections: dict[int, Projections] = {}
        self._sharing = False
        self._said: Spoken | None = None

    def want(self, states: set[int], projected: set[int]) -> None:
        """Adds to what others want."""
        self._states |= states
        for layer in projected - self._projections.keys():
            self._projections[layer] = Projections(self.model, layer)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Within this context all calls are about one batch: the first is answered, all hear the same."""
        self._sharing = True
        try:
            yield
        finally:
            self._sharing, self._said = False, None

    def __call__(self, ids: Tensor, mask: Tensor, selected: Tensor, *given: Tensor) -> Spoken:
        """Reads the same ids as the student, masks and all."""
        del selected, given
        if self._said is None:
            lesson = self._ask(ids, mask)
            if not self._sharing:
                return lesson
            self._said = lesson
        return self._said

    def _ask(self, ids: Tensor, mask: Tensor) -> Spoken:
        states: list[Tensor] = []
        with torch.inference_mode():
            hidden = self.model.to(ids.device).encoder(ids, mask, states if self._states else None)
        if not torch.isfinite(hidden).all():
            raise UserError(NON_FINITE, place="teacher")
        # What autograd keeps for later must not have been born in inference mode.
        return Spoken(
            self.model,
            hidden.clone(),
            mask,
            {layer: states[layer].clone() for layer in self._states},
            {layer: _cloned(noted.take()) for layer, noted in self._projections.items()},
        )

    def places(self, mask: Tensor, *given: Tensor) -> int:
        """Real pieces."""
        del given
        return int(mask.sum())


def _cloned(projected: Projected) -> Projected:
    query, key, value = projected
    return query.clone(), key.clone(), value.clone()


@dataclass
class Aligned:
    """The lesson of a teacher that cuts words into other pieces: a mean over the pieces of each word."""

    states: dict[int, Tensor]
    valid: Tensor
    words: Tensor
    projected: dict[int, Projected] = field(default_factory=dict)

    def places(self, state: Tensor) -> Tensor:
        """(words, H)."""
        return means_of_words(state, self.words, len(self.valid))

    def cross_entropies(self, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        """Not to be had.

        Raises:
            UserError: always.
        """
        raise UserError("soft targets need one tokenizer", place="weights.soft")


class AlignedTeacher(LiveTeacher):
    """A teacher with another tokenizer, which reads the words of a batch in its own pieces, none masked.

    The task gives ``(teacher_ids, teacher_mask, words, teacher_words)``: (B, L') twice, then for each piece
    of the student (B, L) and of the teacher (B, L') the number of its word in the batch, or -1.
    """

    def __call__(self, ids: Tensor, mask: Tensor, selected: Tensor, *given: Tensor) -> Aligned:  # type: ignore[override]
        """Words of both."""
        del ids, mask
        theirs, their_mask, words, their_words = given
        said = super().__call__(theirs, their_mask, selected)
        rows = padded_words(words)
        valid = torch.arange(rows, device=words.device) <= words.max()
        means = {layer: means_of_words(state, their_words, rows) for layer, state in said.states.items()}
        return Aligned(means, valid, words)

    def places(self, mask: Tensor, *given: Tensor) -> int:
        """Words."""
        del mask
        return int(given[2].max()) + 1


def padded_words(words: Tensor) -> int:
    """Rows for the words of a batch: a multiple of 64, since a CPU prepares a kernel for each new shape."""
    return -(-(int(words.max()) + 1) // 64) * 64


@lru_cache(maxsize=1)
def everywhere(mask: Tensor) -> tuple[Tensor, Tensor]:
    """All positions, flattened, as if selected: (B * L,), and labels that count where there is a piece.

    Of one mask it is always the same pair, by which a lesson knows that students ask about the same places.
    """
    positions = torch.arange(mask.numel(), device=mask.device)
    return positions, torch.where(mask.flatten().bool(), 0, IGNORE)

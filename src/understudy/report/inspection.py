"""A model's answers beside what was due, and the choice of those one wants to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from understudy.core.errors import UserError, nearest
from understudy.metrics.pairs import paired
from understudy.report.errors import KINDS, kinds_of
from understudy.utterances.frame import Frame

ANY, RIGHT, ALL = "any", "none", "all"
CHOICES = (ANY, RIGHT, ALL, *KINDS)
"""What may be asked of errors: any kind, none at all, whether or not there is one, or one kind."""


@dataclass(frozen=True)
class Case:
    """One utterance: what was due, what was given, and the kinds of error that makes."""

    reference: Frame
    hypothesis: Frame
    errors: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Both frames and the kinds of error."""
        return {
            "errors": list(self.errors),
            "reference": self.reference.to_json(),
            "hypothesis": self.hypothesis.to_json(),
        }


@dataclass(frozen=True)
class Filters:
    """Which cases to show; a filter that is not set lets everything pass."""

    errors: tuple[str, ...] = (ANY,)
    """Of :data:`CHOICES`; a case passes that fits one of them."""
    locales: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    """Due or given; so with intents."""
    intents: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    """Names of slots that are due or given."""
    rejected: bool = False
    """Only what the model rejected."""
    below: float | None = None
    """Only answers of at most this confidence."""
    above: float | None = None
    """Only answers of at least this confidence."""
    search: str = ""
    """Only utterances whose text, id, intent or slots hold this, in whatever case."""

    def fits(self, case: Case) -> bool:
        """Whether a case passes every filter."""
        sides = (case.reference, case.hypothesis)
        confidence = case.hypothesis.confidence
        return (
            any(_has(case, kind) for kind in self.errors)
            and (not self.locales or case.reference.locale in self.locales)
            and (not self.domains or any(frame.domain in self.domains for frame in sides))
            and (not self.intents or any(frame.intent in self.intents for frame in sides))
            and (not self.slots or any(slot.name in self.slots for frame in sides for slot in frame.slots))
            and (not self.rejected or case.hypothesis.rejected is True)
            and (self.below is None or (confidence is not None and confidence <= self.below))
            and (self.above is None or (confidence is not None and confidence >= self.above))
            and self.search.casefold() in _searched(case)
        )


def cases(
    references: Sequence[Frame], hypotheses: Sequence[Frame], heads: Collection[str] | None = None
) -> list[Case]:
    """Every utterance, in the order of the references.

    Args:
        references: what was due.
        hypotheses: what was given, in any order.
        heads: of the model; None: all.

    Raises:
        UserError: the two do not pair by id and locale.
    """
    return [
        Case(due, given, tuple(kinds_of(due, given, heads))) for due, given in paired(references, hypotheses)
    ]


def chosen(found: Sequence[Case], filters: Filters) -> list[Case]:
    """The cases that pass.

    Raises:
        UserError: a filter asks for what no case has, such as a locale with a slip of the pen.
    """
    sides = [frame for case in found for frame in (case.reference, case.hypothesis)]
    _known("--locale", filters.locales, (case.reference.locale for case in found))
    _known("--domain", filters.domains, (frame.domain for frame in sides))
    _known("--intent", filters.intents, (frame.intent for frame in sides))
    _known("--slot", filters.slots, (slot.name for frame in sides for slot in frame.slots))
    _known("--error", filters.errors, CHOICES)
    if filters.rejected and all(case.hypothesis.rejected is None for case in found):
        raise UserError("these answers are not marked as rejected or not", place="--rejected")
    asked = filters.below is not None or filters.above is not None
    if asked and all(case.hypothesis.confidence is None for case in found):
        raise UserError("these answers carry no confidence", place="--below, --above")
    return [case for case in found if filters.fits(case)]


def tally(found: Iterable[Case]) -> dict[str, int]:
    """How many cases have each kind of error, in the order of :data:`KINDS`; kinds that occur only."""
    counts = Counter(kind for case in found for kind in case.errors)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def _known(option: str, asked: Iterable[str], there: Iterable[str]) -> None:
    names = sorted({name for name in there if name})
    for name in asked:
        if name not in names:
            raise UserError(f"there is no '{name}' here; {nearest(name, names)}", place=option)


def _has(case: Case, kind: str) -> bool:
    if kind == ALL:
        return True
    if kind == ANY:
        return bool(case.errors)
    return not case.errors if kind == RIGHT else kind in case.errors


def _searched(case: Case) -> str:
    frames = (case.reference, case.hypothesis)
    words = [case.reference.text, case.reference.id, *(frame.intent for frame in frames)]
    words += [f"{slot.name}={slot.value}" for frame in frames for slot in frame.slots]
    return "\n".join(words).casefold()

"""What is counted of one utterance; every measure of intents and slots is a ratio of sums of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from understudy.utterances.frame import Frame, Slot


class Counts(NamedTuple):
    """Counts of one utterance; counts of disjoint sets of utterances add, column by column.

    ``correct`` to ``inserted`` are SemER's C, S, D and I, the intent included as one slot. ``spans_*`` count
    ``(name, start, end)`` triples, for strict slot F1. ``domains`` is 0 where the reference names no domain.
    """

    utterances: int
    intents_right: int
    domains: int
    domains_right: int
    exact: int
    interpreted: int
    correct: int
    substituted: int
    deleted: int
    inserted: int
    spans_right: int
    spans_reference: int
    spans_hypothesis: int


def count(reference: Frame, hypothesis: Frame) -> Counts:
    """Compare two frames of one utterance.

    SemER pairs slots by name, equal values first, and the rest of a name's slots become substitutions as far
    as they pair. Exact match asks for the right intent and the same spans; ``interpreted`` for no error that
    SemER counts. Slot F1 is strict: a span counts only with the right name, start and end. A label that
    training never saw is a string like any other: whoever cannot answer it is wrong.
    """
    intent_right = reference.intent == hypothesis.intent
    if reference.slots == hypothesis.slots:  # most utterances, and much the fastest
        number = len(reference.slots)
        correct, substituted, deleted, inserted, spans_right = number, 0, 0, 0, number
    else:
        correct, substituted, deleted, inserted = _pair(reference.slots, hypothesis.slots)
        spans_right = (_spans(reference) & _spans(hypothesis)).total()
    same_spans = spans_right == len(reference.slots) == len(hypothesis.slots)
    return Counts(
        utterances=1,
        intents_right=int(intent_right),
        domains=int(reference.domain != ""),
        domains_right=int(reference.domain != "" and reference.domain == hypothesis.domain),
        exact=int(intent_right and same_spans),
        interpreted=int(intent_right and not (substituted or deleted or inserted)),
        correct=correct + intent_right,
        substituted=substituted + (not intent_right),
        deleted=deleted,
        inserted=inserted,
        spans_right=spans_right,
        spans_reference=len(reference.slots),
        spans_hypothesis=len(hypothesis.slots),
    )


def _spans(frame: Frame) -> Counter[tuple[str, int, int]]:
    return Counter((slot.name, slot.start, slot.end) for slot in frame.slots)


def _pair(reference: tuple[Slot, ...], hypothesis: tuple[Slot, ...]) -> tuple[int, int, int, int]:
    """SemER's C, S, D, I of the slots alone.

    Taking equal values out first leaves, per name, slots that differ in any pairing; so counts suffice.
    """
    wanted = Counter((slot.name, slot.value) for slot in reference)
    given = Counter((slot.name, slot.value) for slot in hypothesis)
    missing, extra = _per_name(wanted - given), _per_name(given - wanted)
    substituted = (missing & extra).total()
    return (wanted & given).total(), substituted, missing.total() - substituted, extra.total() - substituted


def _per_name(slots: Mapping[tuple[str, str], int]) -> Counter[str]:
    names: Counter[str] = Counter()
    for (name, _), number in slots.items():
        names[name] += number
    return names

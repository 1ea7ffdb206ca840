"""Measures of intent classification and slot filling (paper A 3.2, B 4.3).

Every measure is a pooled fraction: counts are added over the utterances, then divided once. Frames pair by
``(id, locale)``, because parallel corpora use one id in every language.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from understudy.core.errors import UserError
from understudy.utterances.frame import Frame, Slot

MEASURES = ("intent_accuracy", "slot_f1", "exact_match", "semer")


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted over utterances; counts of disjoint sets of utterances add.

    ``correct`` to ``inserted`` are SemER's C, S, D and I, the intent included as one slot. ``spans_*`` count
    ``(name, start, end)`` triples, for strict slot F1.
    """

    utterances: int = 0
    intents_right: int = 0
    exact: int = 0
    correct: int = 0
    substituted: int = 0
    deleted: int = 0
    inserted: int = 0
    spans_right: int = 0
    spans_reference: int = 0
    spans_hypothesis: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Counts)))

    @property
    def measures(self) -> dict[str, float]:
        """The four measures as fractions; SemER alone is better when lower and may exceed 1.

        Slot F1 is 1 where neither side has a slot: nothing was due and nothing was invented.
        """
        spans = self.spans_reference + self.spans_hypothesis
        reference_slots = self.correct + self.deleted + self.substituted
        return {
            "intent_accuracy": self.intents_right / self.utterances,
            "slot_f1": 2 * self.spans_right / spans if spans else 1.0,
            "exact_match": self.exact / self.utterances,
            "semer": (self.deleted + self.inserted + self.substituted) / reference_slots,
        }


def count(reference: Frame, hypothesis: Frame) -> Counts:
    """Compare two frames of one utterance.

    SemER pairs slots by name, equal values first, and the rest of a name's slots become substitutions as far
    as they pair. Exact match asks for the right intent and the same spans. Slot F1 is strict: a span counts
    only with the right name, start and end. The domain follows from the intent and is not compared.
    """
    intent_right = reference.intent == hypothesis.intent
    correct, substituted, deleted, inserted = _pair(reference.slots, hypothesis.slots)
    reference_spans, hypothesis_spans = _spans(reference), _spans(hypothesis)
    return Counts(
        utterances=1,
        intents_right=int(intent_right),
        exact=int(intent_right and reference_spans == hypothesis_spans),
        correct=correct + intent_right,
        substituted=substituted + (not intent_right),
        deleted=deleted,
        inserted=inserted,
        spans_right=(reference_spans & hypothesis_spans).total(),
        spans_reference=reference_spans.total(),
        spans_hypothesis=hypothesis_spans.total(),
    )


def score(references: Sequence[Frame], hypotheses: Sequence[Frame]) -> dict[str, Any]:
    """Every measure of hypotheses against references, in the shape ``score --json`` prints.

    Returns:
        ``{"count", "intent_accuracy", "slot_f1", "exact_match", "semer", "by_locale": {locale: same},
        "macro": means of the four measures over locales}``, fractions.

    Raises:
        UserError: there are no references; an ``(id, locale)`` appears twice on one side or on one side only.
    """
    paired = _by_key(references, "references")
    answers = _by_key(hypotheses, "hypotheses")
    if not paired:
        raise UserError("there are no reference frames; at least one is due")
    _same_keys(paired.keys(), answers.keys())

    totals: defaultdict[str, Counts] = defaultdict(Counts)
    for key, reference in paired.items():
        totals[reference.locale] += count(reference, answers[key])
    by_locale = {locale: _summary(totals[locale]) for locale in sorted(totals)}
    macro = {
        name: sum(measures[name] for measures in by_locale.values()) / len(by_locale) for name in MEASURES
    }
    return {**_summary(sum(totals.values(), Counts())), "by_locale": by_locale, "macro": macro}


def _summary(counts: Counts) -> dict[str, Any]:
    return {"count": counts.utterances, **counts.measures}


def _spans(frame: Frame) -> Counter[tuple[str, int, int]]:
    return Counter((slot.name, slot.start, slot.end) for slot in frame.slots)


def _pair(reference: Iterable[Slot], hypothesis: Iterable[Slot]) -> tuple[int, int, int, int]:
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


def _by_key(frames: Sequence[Frame], side: str) -> dict[tuple[str, str], Frame]:
    table: dict[tuple[str, str], Frame] = {}
    for frame in frames:
        key = (frame.id, frame.locale)
        if key in table:
            raise UserError(f"the {side} hold {_name(key)} twice; ids must be unique within a locale")
        table[key] = frame
    return table


def _same_keys(references: Iterable[tuple[str, str]], hypotheses: Iterable[tuple[str, str]]) -> None:
    wanted, given = set(references), set(hypotheses)
    for keys, problem in (
        (wanted - given, "the hypotheses lack {} of the references' frames, first {}"),
        (given - wanted, "the hypotheses hold {} frames that the references lack, first {}"),
    ):
        if keys:
            raise UserError(
                problem.format(len(keys), _name(min(keys))) + "; both sides need the same (id, locale) pairs"
            )


def _name(key: tuple[str, str]) -> str:
    return f"id '{key[0]}' ({key[1]})"

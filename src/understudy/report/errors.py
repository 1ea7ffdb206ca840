"""What is wrong with an answer: its intent, its domain, and one kind for every slot that is not as due."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from understudy.utterances.frame import Frame, Slot

INTENT, DOMAIN = "intent", "domain"
MISSING, SPURIOUS, BORDER, NAME, VALUE = "missing", "spurious", "border", "name", "value"

KINDS = {
    INTENT: "another intent",
    DOMAIN: "another domain",
    MISSING: "a slot that was due is not there",
    SPURIOUS: "a slot that is not due",
    BORDER: "the right slot, cut too short, too long or shifted",
    NAME: "the right words, taken for another slot",
    VALUE: "the right slot, found in other words",
}
"""Every kind of error, and what it is."""

SLOT_KINDS = (MISSING, SPURIOUS, BORDER, NAME, VALUE)


@dataclass(frozen=True)
class SlotError:
    """One slot that went wrong; ``missing`` has no hypothesis, ``spurious`` no reference."""

    kind: str
    reference: Slot | None
    hypothesis: Slot | None


def slot_errors(reference: Frame, hypothesis: Frame) -> list[SlotError]:
    """Every slot of either side that the other does not have, paired where both mean the same thing.

    Equal slots (name, start and end) are right. Of the rest, in the order of the text, those pair first that
    share name and words (``border``), then those that share words alone (``name``), then those that share
    the name alone (``value``). What is left is ``missing`` or ``spurious``.
    """
    due = [slot for slot in reference.slots if _span(slot) not in set(map(_span, hypothesis.slots))]
    given = [slot for slot in hypothesis.slots if _span(slot) not in set(map(_span, reference.slots))]
    found: list[SlotError] = []
    for kind, alike in _PAIRINGS:
        for slot in list(due):
            partner = next((other for other in given if alike(slot, other)), None)
            if partner is not None:
                due.remove(slot)
                given.remove(partner)
                found.append(SlotError(kind, slot, partner))
    found += [SlotError(MISSING, slot, None) for slot in due]
    found += [SlotError(SPURIOUS, None, slot) for slot in given]
    return found


def kinds_of(reference: Frame, hypothesis: Frame, heads: Collection[str] | None = None) -> list[str]:
    """The kinds of error of an answer, each once, in the order of :data:`KINDS`; empty where it is right.

    Args:
        reference: what was due.
        hypothesis: what was given.
        heads: those of the model; what it has no head for it does not get wrong. None: it has all.
    """
    found: set[str] = set()
    if heads is None or "slots" in heads:
        found = {error.kind for error in slot_errors(reference, hypothesis)}
    if reference.intent != hypothesis.intent and (heads is None or "intent" in heads):
        found.add(INTENT)
    if reference.domain and hypothesis.domain and reference.domain != hypothesis.domain:
        found.add(DOMAIN)
    return [kind for kind in KINDS if kind in found]


def _span(slot: Slot) -> tuple[str, int, int]:
    return slot.name, slot.start, slot.end


def _overlap(one: Slot, other: Slot) -> bool:
    return one.start < other.end and other.start < one.end


_PAIRINGS: tuple[tuple[str, Callable[[Slot, Slot], bool]], ...] = (
    (BORDER, lambda one, other: one.name == other.name and _overlap(one, other)),
    (NAME, lambda one, other: one.name != other.name and _overlap(one, other)),
    (VALUE, lambda one, other: one.name == other.name),
)

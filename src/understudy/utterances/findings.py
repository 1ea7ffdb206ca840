"""What is wrong with labelled utterances, as far as they can tell by themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from understudy.utterances.frame import Frame
from understudy.utterances.tags import LabelSet, Offsets, decode_slots, tag_pieces

Finding = dict[str, Any]
"""``kind``, ``id``, ``locale`` and ``text`` of an utterance, and what is wrong with it."""


def contradictions(frames: Iterable[Frame]) -> list[list[Frame]]:
    """Groups of utterances of one text and locale whose labels differ, in the order of their first ones."""
    groups: defaultdict[tuple[str, str], list[Frame]] = defaultdict(list)
    for frame in frames:
        groups[frame.locale, frame.text].append(frame)
    return [group for group in groups.values() if len({(f.domain, f.intent, f.slots) for f in group}) > 1]


def unseen(frames: Iterable[Frame], labels: LabelSet) -> dict[str, list[str]]:
    """Intents and slots that the labels lack: utterances with them cannot be answered right."""
    intents: set[str] = set()
    slots: set[str] = set()
    for frame in frames:
        intents.add(frame.intent)
        slots.update(slot.name for slot in frame.slots)
    known = {tag[2:] for tag in labels.tags if tag != "O"}
    return {"intents": sorted(intents - set(labels.intents)), "slots": sorted(slots - known)}


def misaligned(frames: Sequence[Frame], offsets: Iterable[Offsets], labels: LabelSet) -> list[Finding]:
    """Utterances whose slots do not come back from their tags, and what comes back instead.

    A slot that begins or ends inside of a unit, or behind the last piece, cannot be told by any model. Slots
    with names that the labels lack are left out of the comparison.
    """
    known = set(labels.tags)
    findings = []
    for frame, pieces in zip(frames, offsets, strict=True):
        due = tuple(slot for slot in frame.slots if f"B-{slot.name}" in known)
        if not due:
            continue
        found = decode_slots(frame.text, pieces, tag_pieces(frame, pieces, labels), labels)
        if found != due:
            findings.append(
                _finding(
                    "misaligned", frame, slots=[s.to_json() for s in due], told=[s.to_json() for s in found]
                )
            )
    return findings


def one_class(frames: Sequence[Frame], heads: Iterable[str]) -> dict[str, str]:
    """Head -> the only class there is, where it has nothing to learn."""
    of: dict[str, Callable[[Frame], Iterable[str]]] = {
        "intent": lambda frame: [frame.intent],
        "domain": lambda frame: [frame.domain],
        "slots": lambda frame: [slot.name for slot in frame.slots],
    }
    classes = {head: {name for frame in frames for name in of[head](frame)} for head in heads}
    return {
        head: next(iter(names), "none")
        for head, names in classes.items()
        if len(names) <= (0 if head == "slots" else 1)
    }


def contradiction_findings(groups: Iterable[Sequence[Frame]]) -> list[Finding]:
    """A finding an utterance."""
    return [
        _finding("contradiction", f, domain=f.domain, intent=f.intent, slots=[s.to_json() for s in f.slots])
        for group in groups
        for f in group
    ]


def _finding(kind: str, frame: Frame, **more: Any) -> Finding:
    return {"kind": kind, "id": frame.id, "locale": frame.locale, "text": frame.text, **more}

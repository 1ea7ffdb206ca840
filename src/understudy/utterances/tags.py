"""Frames to tag ids over subword pieces, and model outputs back to frames.

Only the first piece of a labelling unit (a word; a character in scripts without spaces, see
:func:`understudy.text.words.starts_unit`) carries a tag, so training and serving read the same pieces.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.text.words import is_blank, starts_unit
from understudy.utterances.chain import Transitions
from understudy.utterances.frame import Frame, Slot

IGNORED = -100
"""Tag id of pieces that begin no unit; the loss passes over it."""

FORMAT_VERSION = 1

Offsets = Sequence[tuple[int, int]]
UnitSpan = tuple[int, int, int]
"""The piece that begins a unit, and the unit's characters, end exclusive."""


@dataclass(frozen=True)
class LabelSet:
    """The labels a model knows. Index = class id; tag 0 is ``O``."""

    intents: tuple[str, ...]
    domains: tuple[str, ...]
    domain_of: dict[str, str]
    tags: tuple[str, ...]

    @classmethod
    def of(cls, frames: Iterable[Frame]) -> LabelSet:
        """Collect the labels of the *training* frames; an intent's domain is its most frequent one."""
        domains: defaultdict[str, Counter[str]] = defaultdict(Counter)
        names: set[str] = set()
        for frame in frames:
            domains[frame.intent][frame.domain] += 1
            names.update(slot.name for slot in frame.slots)
        domain_of = {
            intent: min(counts, key=lambda domain: (-counts[domain], domain))
            for intent, counts in sorted(domains.items())
        }
        tags = ("O", *(f"{mark}-{name}" for name in sorted(names) for mark in "BI"))
        return cls(tuple(domain_of), tuple(sorted(set(domain_of.values()))), domain_of, tags)

    @cached_property
    def _intent_ids(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.intents)}

    @cached_property
    def _domain_ids(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.domains)}

    @cached_property
    def bio(self) -> Transitions:
        """Which tags may follow each other."""
        return Transitions.of_bio(self.tags)

    @cached_property
    def _tag_ids(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.tags)}

    def intent_id(self, intent: str) -> int | None:
        """Class id; None for an intent that training never saw (it counts as an error, it does not crash)."""
        return self._intent_ids.get(intent)

    def domain_id(self, domain: str) -> int | None:
        """Class id; None for a domain that is no intent's in training."""
        return self._domain_ids.get(domain)

    def tag_id(self, tag: str) -> int:
        """Tag id; ``O`` for a slot that training never saw."""
        return self._tag_ids.get(tag, 0)

    def save(self, path: Path) -> None:
        """Write the labels as JSON."""
        value = {
            "format_version": FORMAT_VERSION,
            "intents": self.intents,
            "domains": self.domains,
            "domain_of": self.domain_of,
            "tags": self.tags,
        }
        write_json(path, value)

    @classmethod
    def load(cls, path: Path) -> LabelSet:
        """Read what :meth:`save` wrote.

        Raises:
            UserError: missing, damaged, or of another format version.
        """
        value: Any = read_json(path)
        version = value.get("format_version") if isinstance(value, dict) else None
        if version != FORMAT_VERSION:
            raise UserError(
                f"labels of format version {version}; this understudy reads version {FORMAT_VERSION}",
                file=path,
            )
        try:
            labels = cls(
                tuple(value["intents"]),
                tuple(value["domains"]),
                dict(value["domain_of"]),
                tuple(value["tags"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(f"not a whole label file ({error}); write it again", file=path) from None
        if labels.tags[:1] != ("O",) or set(labels.domain_of) != set(labels.intents):
            raise UserError("the labels contradict each other; write the file again", file=path)
        return labels


def units(text: str, offsets: Offsets) -> list[int]:
    """Indices of the pieces that begin a labelling unit; special and empty pieces never do."""
    return [piece for piece, _, _ in unit_spans(text, offsets)]


def tag_pieces(frame: Frame, offsets: Offsets, labels: LabelSet) -> list[int]:
    """One tag id a piece, -100 for pieces that begin no unit.

    A unit that a slot covers only in part gets that slot's tag: the model then learns at least where it is.
    """
    tags = [IGNORED] * len(offsets)
    slots = list(frame.slots)
    at, previous = 0, -1
    for piece, start, end in unit_spans(frame.text, offsets):
        while at < len(slots) and slots[at].end <= start:
            at += 1
        if at < len(slots) and slots[at].start < end:
            tags[piece] = labels.tag_id(f"{'I' if at == previous else 'B'}-{slots[at].name}")
            previous = at
        else:
            tags[piece] = 0
    return tags


def decode_slots(text: str, offsets: Offsets, tag_ids: Sequence[int], labels: LabelSet) -> tuple[Slot, ...]:
    """Slots from one tag id a piece (ids of pieces that begin no unit are not read)."""
    spans = unit_spans(text, offsets)
    return tuple(
        slot_of(text, name, spans[first:stop])
        for name, first, stop in runs([tag_ids[piece] for piece, _, _ in spans], labels)
    )


def runs(tag_ids: Sequence[int], labels: LabelSet) -> list[tuple[str, int, int]]:
    """(slot, first unit, unit behind the last) of the slots in one tag id a unit.

    ``I-x`` that continues no ``x`` begins a slot.
    """
    found: list[tuple[str, int, int]] = []
    open_name = ""
    for unit, tag in enumerate(tag_ids):
        mark, _, name = labels.tags[tag].partition("-")
        if mark == "I" and name == open_name:
            found[-1] = (name, found[-1][1], unit + 1)
        elif mark != "O":
            found.append((name, unit, unit + 1))
        open_name = name
    return found


def slot_of(text: str, name: str, spans: Sequence[UnitSpan], confidence: float | None = None) -> Slot:
    """The slot that runs from the first unit to the end of the last."""
    start, end = spans[0][1], spans[-1][2]
    return Slot(name, text[start:end], start, end, confidence)


def unit_spans(text: str, offsets: Offsets) -> list[UnitSpan]:
    """Every unit: the characters from its first piece to the next unit's, stripped."""
    starts: list[tuple[int, int]] = []
    last = -1
    covered = 0
    for piece, (start, end) in enumerate(offsets):
        # Some tokenizers count the space before a word to its first piece.
        while start < end and is_blank(text[start]):
            start += 1
        # Several pieces of one character share its offsets: only the first begins the unit.
        if last < start < end and starts_unit(text, start):
            starts.append((piece, start))
            last = start
        covered = max(covered, end)
    # A text cut at the maximum length may end inside a word, whose rest still belongs to its unit.
    while covered < len(text) and not is_blank(text[covered]) and not starts_unit(text, covered):
        covered += 1
    spans = []
    for (piece, start), end in zip(starts, [*(start for _, start in starts[1:]), covered], strict=False):
        while is_blank(text[end - 1]):  # the unit itself begins with something else
            end -= 1
        spans.append((piece, start, end))
    return spans

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

import numpy as np
from numpy.typing import NDArray

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.text.words import starts_unit
from understudy.utterances.frame import Frame, Slot

IGNORED = -100
"""Tag id of pieces that begin no unit; the loss passes over it."""

FORMAT_VERSION = 1

Offsets = Sequence[tuple[int, int]]


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
    def _tag_ids(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.tags)}

    def intent_id(self, intent: str) -> int | None:
        """Class id; None for an intent that training never saw (it counts as an error, it does not crash)."""
        return self._intent_ids.get(intent)

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
    return [piece for piece, _, _ in _unit_spans(text, offsets)]


def tag_pieces(frame: Frame, offsets: Offsets, labels: LabelSet) -> list[int]:
    """One tag id a piece, -100 for pieces that begin no unit.

    A unit that a slot covers only in part gets that slot's tag: the model then learns at least where it is.
    """
    tags = [IGNORED] * len(offsets)
    slots = list(frame.slots)
    at, previous = 0, -1
    for piece, start, end in _unit_spans(frame.text, offsets):
        while at < len(slots) and slots[at].end <= start:
            at += 1
        if at < len(slots) and slots[at].start < end:
            tags[piece] = labels.tag_id(f"{'I' if at == previous else 'B'}-{slots[at].name}")
            previous = at
        else:
            tags[piece] = 0
    return tags


def decode_slots(text: str, offsets: Offsets, tag_ids: Sequence[int], labels: LabelSet) -> tuple[Slot, ...]:
    """Slots from one tag id a piece (ids of pieces that begin no unit are not read).

    A span runs from its first unit to the end of its last. ``I-x`` that continues no ``x`` begins a slot.
    """
    spans: list[tuple[str, int, int]] = []
    open_name = ""
    for piece, start, end in _unit_spans(text, offsets):
        mark, _, name = labels.tags[tag_ids[piece]].partition("-")
        if mark == "I" and name == open_name:
            spans[-1] = (name, spans[-1][1], end)
        elif mark != "O":
            spans.append((name, start, end))
        open_name = name
    return tuple(Slot(name, text[start:end], start, end) for name, start, end in spans)


def decode_frames(
    sources: Sequence[Frame],
    offsets: Sequence[Offsets],
    intent_logits: NDArray[np.floating[Any]],
    slot_logits: Sequence[NDArray[np.floating[Any]]],
    labels: LabelSet,
    *,
    temperature: float = 1.0,
    rejection_threshold: float | None = None,
) -> list[Frame]:
    """Predicted frames for ``sources``, of which only id, locale and text are read.

    Args:
        sources: N frames, for example ``Frame(id, locale, text)``.
        offsets: N lists of character offsets, a pair a piece.
        intent_logits: (N, I).
        slot_logits: N arrays (L, T), or one (N, L, T); L at least the number of pieces.
        labels: the labels the logits are over.
        temperature: divides the intent logits before the softmax that gives ``confidence``.
        rejection_threshold: below this confidence a frame is ``rejected``; None leaves it unset.
    """
    scaled = np.asarray(intent_logits, dtype=np.float64) / temperature
    exponents = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    probabilities = exponents / exponents.sum(axis=-1, keepdims=True)
    frames = []
    for source, pieces, row, tag_scores in zip(sources, offsets, probabilities, slot_logits, strict=True):
        best = int(row.argmax())
        confidence = float(row[best])
        intent = labels.intents[best]
        tag_ids: list[int] = np.asarray(tag_scores)[: len(pieces)].argmax(axis=-1).tolist()
        frames.append(
            Frame(
                id=source.id,
                locale=source.locale,
                text=source.text,
                domain=labels.domain_of[intent],
                intent=intent,
                slots=decode_slots(source.text, pieces, tag_ids, labels),
                confidence=confidence,
                rejected=None if rejection_threshold is None else confidence < rejection_threshold,
            )
        )
    return frames


def _unit_spans(text: str, offsets: Offsets) -> list[tuple[int, int, int]]:
    """(piece, start, end) of each unit: the characters from its first piece to the next unit's, stripped."""
    starts: list[tuple[int, int]] = []
    last = -1
    covered = 0
    for piece, (start, end) in enumerate(offsets):
        # Some tokenizers count the space before a word to its first piece.
        while start < end and text[start].isspace():
            start += 1
        # Several pieces of one character share its offsets: only the first begins the unit.
        if last < start < end and starts_unit(text, start):
            starts.append((piece, start))
            last = start
        covered = max(covered, end)
    # A text cut at the maximum length may end inside a word, whose rest still belongs to its unit.
    while covered < len(text) and not text[covered].isspace() and not starts_unit(text, covered):
        covered += 1
    ends = [start for _, start in starts[1:]] + [covered]
    return [
        (piece, start, start + len(text[start:end].rstrip()))
        for (piece, start), end in zip(starts, ends, strict=False)
    ]

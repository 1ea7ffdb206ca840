"""A frame: what an utterance means. The one form in which every room passes labels on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from understudy.core.errors import UserError

Partition = Literal["train", "dev", "test"]
PARTITIONS: tuple[Partition, ...] = ("train", "dev", "test")

OUT_OF_SCOPE = "out_of_scope"
"""The intent of utterances that the assistant has no business with."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A labelled span: ``start`` and ``end`` (exclusive) are character offsets into the text.

    ``confidence`` (0 to 1) is set on predictions only; slots are equal whatever it says.
    """

    name: str
    value: str
    start: int
    end: int
    confidence: float | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The slot as one JSON object; ``confidence`` only where set."""
        row: dict[str, Any] = {"name": self.name, "value": self.value, "start": self.start, "end": self.end}
        return row if self.confidence is None else row | {"confidence": self.confidence}


@dataclass(frozen=True)
class Tail:
    """Whether an utterance is of the tail, by either paper's measure."""

    rare: bool
    """Its text was seen at most 3 times (paper B, ``tail_test``)."""
    outside_top: bool
    """Its text is not among the 500 most frequent of its locale (paper A 3.4)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One utterance and its reading; ``slots`` are in text order and do not overlap.

    ``confidence`` (that the whole frame is right, 0 to 1), ``rejected``, ``intent_confidence`` and
    ``domain_confidence`` are set on predictions only, ``tail`` only on labelled utterances whose frequency is
    known.
    """

    id: str
    locale: str
    text: str
    domain: str = ""
    intent: str = ""
    slots: tuple[Slot, ...] = ()
    confidence: float | None = None
    rejected: bool | None = None
    tail: Tail | None = None
    intent_confidence: float | None = None
    domain_confidence: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The frame as one JSON object; confidences, ``rejected`` and ``tail`` only where set."""
        row: dict[str, Any] = {
            "id": self.id,
            "locale": self.locale,
            "text": self.text,
            "domain": self.domain,
            "intent": self.intent,
            "slots": [slot.to_json() for slot in self.slots],
        }
        for key in ("confidence", "intent_confidence", "domain_confidence", "rejected"):
            if (value := getattr(self, key)) is not None:
                row[key] = value
        if self.tail is not None:
            row["tail"] = asdict(self.tail)
        return row

    @classmethod
    def from_json(cls, row: dict[str, Any], file: Path | None = None, line: int | None = None) -> Frame:
        """Check and read one object; keys a frame does not have are passed over.

        Raises:
            UserError: a key is missing or of the wrong type, the text is empty, a slot does not spell its
                value or overlaps another.
        """
        try:
            texts = {key: text_of(row, key) for key in ("id", "locale", "text", "domain", "intent")}
            if not texts["text"].strip():
                raise UserError("'text' is empty; an utterance needs at least one word")
            slots = row.get("slots")
            if not isinstance(slots, list):
                raise UserError("'slots' must be a list (empty where there is no slot)")
            return cls(
                **texts,
                slots=_slots(slots, texts["text"]),
                rejected=_rejected(row.get("rejected")),
                tail=_tail(row.get("tail")),
                confidence=_confidence(row, "confidence"),
                intent_confidence=_confidence(row, "intent_confidence"),
                domain_confidence=_confidence(row, "domain_confidence"),
            )
        except UserError as error:
            raise UserError(error.problem, file=file, place=line) from None


@dataclass(frozen=True, slots=True)
class Utterance:
    """A labelled utterance and the split it belongs to."""

    frame: Frame
    partition: Partition


def text_of(row: dict[str, Any], key: str) -> str:
    """The string under ``key``.

    Raises:
        UserError: the key is missing or holds something else.
    """
    value = row.get(key)
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise UserError(f"'{key}' holds half a character ({value!a}); write it whole") from None
        return value
    if key not in row:
        raise UserError(f"key '{key}' is missing; the line has: {', '.join(row) or 'no key'}")
    raise UserError(f"'{key}' must be a text in quotes, this is {value!r}")


def partition_of(row: dict[str, Any]) -> Partition:
    """The split named under ``partition``.

    Raises:
        UserError: missing or none of train, dev, test.
    """
    name = text_of(row, "partition")
    for partition in PARTITIONS:
        if name == partition:
            return partition
    raise UserError(f"unknown partition '{name}'; it must be one of {', '.join(PARTITIONS)}")


def _slots(rows: list[Any], text: str) -> tuple[Slot, ...]:
    slots = []
    for row in rows:
        if not isinstance(row, dict):
            raise UserError(f"a slot must be an object with name, value, start, end; this is {row!r}")
        name, value = text_of(row, "name"), text_of(row, "value")
        start, end = row.get("start"), row.get("end")
        if type(start) is not int or type(end) is not int:
            raise UserError(f"slot '{name}': 'start' and 'end' must be whole numbers")
        if not name:
            raise UserError("a slot has an empty name")
        if not 0 <= start < end <= len(text):
            raise UserError(f"slot '{name}': {start} to {end} is no span of a text of {len(text)} characters")
        if text[start:end] != value:
            raise UserError(
                f"slot '{name}': the text from {start} to {end} is {text[start:end]!r}, not {value!r}"
            )
        slots.append(Slot(name, value, start, end, _confidence(row, "confidence")))
    slots.sort(key=lambda slot: slot.start)
    for left, right in pairwise(slots):
        if right.start < left.end:
            raise UserError(f"slots '{left.name}' and '{right.name}' overlap; a character has one slot")
    return tuple(slots)


def _confidence(row: dict[str, Any], key: str) -> float | None:
    value = row.get(key)
    if value is None:
        return None
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise UserError(f"'{key}' must be a number from 0 to 1, this is {value!r}")
    return float(value)


def _rejected(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise UserError(f"'rejected' must be true or false, this is {value!r}")


def _tail(value: Any) -> Tail | None:
    if value is None:
        return None
    if isinstance(value, dict):
        rare, outside_top = value.get("rare"), value.get("outside_top")
        if isinstance(rare, bool) and isinstance(outside_top, bool):
            return Tail(rare, outside_top)
    raise UserError(
        f"'tail' must be an object of 'rare' and 'outside_top', each true or false; this is {value!r}"
    )

"""MASSIVE (FitzGerald et al. 2022): bracketed annotations to frames with character offsets, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_jsonl, write_jsonl
from understudy.text.locale import Locale
from understudy.text.words import UNSPACED_LANGUAGES
from understudy.utterances.frame import Frame, Slot, Utterance, partition_of, text_of
from understudy.utterances.given import Given

_SLOT = re.compile(r"\[([^\[\]:]*):([^\[\]]*)\]")


def read_massive(path: Path, given: Given) -> Iterator[Utterance]:
    """The utterances of one locale's file (``.jsonl`` or ``.jsonl.gz``), in file order.

    Without a given locale the first row's is every row's.

    Raises:
        UserError: names file and line of a row of another locale, an unknown partition, a missing key, an
            empty utterance or an annotation that does not spell it.
    """
    locale = given.locale
    for line, row in read_jsonl(path):
        try:
            locale = locale or text_of(row, "locale")
            yield utterance_of(row, locale)
        except UserError as error:
            raise UserError(error.problem, file=path, place=line) from None


def parse_annotation(annotation: str, text: str, *, spaced: bool) -> tuple[Slot, ...]:
    """Slots of ``[name : value]`` brackets, with offsets into ``text``.

    An annotation may space its words otherwise than the text does, so the two are laid side by side without
    spaces; in a ``spaced`` language the words must agree as well.

    Raises:
        UserError: a bracket is unclosed, nested, stray or lacks its colon, a slot has no name or no value, or
            the annotation spells another text.
    """
    parts = _SLOT.split(annotation)  # plain, name, value, plain, name, value, ..., plain
    if any("[" in plain or "]" in plain for plain in parts[::3]):
        raise UserError(_bracket_problem(annotation))
    del parts[1::3]
    plain = "".join(value if i % 2 == 0 else value.strip() for i, value in enumerate(parts))
    words, due = plain.split(), text.split()
    if (words if spaced else "".join(words)) != (due if spaced else "".join(due)):
        raise UserError(f"the annotation spells '{' '.join(words)}', the utterance is '{' '.join(due)}'")

    names = _SLOT.findall(annotation)
    if not names:
        return ()
    positions = [i for i, character in enumerate(text) if not character.isspace()]
    slots, seen = [], 0
    for before, (name, value) in zip(parts[::2], names, strict=False):
        first = seen + _length(before)
        seen = first + _length(value)
        if not name.strip():
            raise UserError(f"the slot of '{value.strip()}' has no name; write [name : value]")
        if seen == first:
            raise UserError(f"the slot '{name.strip()}' has no value; write [name : value]")
        start, end = positions[first], positions[seen - 1] + 1
        slots.append(Slot(name.strip(), text[start:end], start, end))
    return tuple(slots)


def annotate(frame: Frame) -> str:
    """The bracketed annotation of a frame: what :func:`parse_annotation` reads back.

    Raises:
        UserError: the text or a slot's name holds a character that the format uses as a mark.
    """
    if "[" in frame.text or "]" in frame.text:
        raise UserError(f"'{frame.text}' holds a bracket, which MASSIVE's annotations cannot express")
    # Without spaces between words the brackets are set off by them, as MASSIVE does.
    gap = " " if Locale.parse(frame.locale).language in UNSPACED_LANGUAGES else ""
    parts, at = [], 0
    for slot in frame.slots:
        if re.search(r"[\[\]:]", slot.name):
            raise UserError(f"slot name '{slot.name}' holds one of [ ] : which MASSIVE cannot express")
        parts += [frame.text[at : slot.start], f"[{slot.name} : {slot.value}]"]
        at = slot.end
    parts.append(frame.text[at:])
    return gap.join(parts).strip() if frame.slots else frame.text


def to_massive(utterance: Utterance) -> dict[str, Any]:
    """One utterance as a row of MASSIVE."""
    frame = utterance.frame
    return {
        "id": frame.id,
        "locale": frame.locale,
        "partition": utterance.partition,
        "scenario": frame.domain,
        "intent": frame.intent,
        "utt": frame.text,
        "annot_utt": annotate(frame),
    }


def write_massive(path: Path, utterances: Iterable[Utterance], given: Given) -> int:
    """Write rows of MASSIVE; returns their number. What its brackets cannot express is counted as lost."""

    def rows() -> Iterator[dict[str, Any]]:
        for utterance in utterances:
            try:
                row = to_massive(utterance)
            except UserError:
                given.lost["utterances whose text or slot names hold a bracket or colon"] += 1
            else:
                yield row

    return write_jsonl(path, rows())


def utterance_of(row: dict[str, Any], locale: str) -> Utterance:
    """One row of MASSIVE, which must be of ``locale``.

    Raises:
        UserError: as :func:`read_massive`, without file and line.
    """
    identifier, found, text = text_of(row, "id"), text_of(row, "locale"), text_of(row, "utt")
    if found != locale:
        raise UserError(f"the row is of locale '{found}'; this file was asked for '{locale}'")
    if not text.strip():
        raise UserError("'utt' is empty; an utterance needs at least one word")
    spaced = _language(locale) not in UNSPACED_LANGUAGES
    slots = parse_annotation(text_of(row, "annot_utt"), text, spaced=spaced)
    frame = Frame(identifier, locale, text, text_of(row, "scenario"), text_of(row, "intent"), slots)
    return Utterance(frame, partition_of(row))


@cache
def _language(locale: str) -> str:
    return Locale.parse(locale).language


def _length(text: str) -> int:
    return sum(map(len, text.split()))


def _bracket_problem(annotation: str) -> str:
    """What is wrong with the first bad bracket."""
    opened = None
    for i, character in enumerate(annotation):
        around = annotation[max(0, i - 15) : i + 15]
        if character == "[":
            if opened is not None:
                return f"a bracket opens inside another near '{around}'; close '[' with ']' first"
            opened = i
        elif character == "]":
            if opened is None:
                return f"a ']' without its '[' near '{around}'; write [name : value]"
            if ":" not in annotation[opened:i]:
                return f"'{annotation[opened : i + 1]}' has no colon; write [name : value]"
            opened = None
    return f"the bracket '{annotation[opened or 0 :][:30]}' is never closed; write [name : value]"

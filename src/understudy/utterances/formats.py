"""The formats of labelled data by name: how each is read and written, and what its files are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError, nearest
from understudy.core.files import read_jsonl, write_jsonl
from understudy.utterances.bio import read_bio, write_bio
from understudy.utterances.frame import Frame, Utterance, partition_of
from understudy.utterances.given import Given
from understudy.utterances.huggingface import read_huggingface, write_huggingface
from understudy.utterances.massive import read_massive, write_massive
from understudy.utterances.rasa import read_rasa, write_rasa
from understudy.utterances.snips import read_snips, write_snips


@dataclass(frozen=True)
class Format:
    """``read(path, given)`` streams utterances; ``write(path, utterances, given)`` returns their number."""

    suffixes: tuple[str, ...]
    """Files of a folder that are of this format; the first is what written ones get. None: a whole folder."""
    read: Callable[[Path, Given], Iterator[Utterance]]
    write: Callable[[Path, Iterable[Utterance], Given], int]


def read_frame_lines(path: Path, given: Given) -> Iterator[Utterance]:
    """Frames a line each, with ``partition``.

    Raises:
        UserError: as :meth:`Frame.from_json`; another locale than the given one; no partition is known.
    """
    for line, row in read_jsonl(path):
        frame = Frame.from_json(row, path, line)
        try:
            given.locale_of(frame.locale)
            named = partition_of(row) if "partition" in row else None
            yield Utterance(frame, given.partition_of(frame.text, named))
        except UserError as error:
            raise UserError(error.problem, file=path, place=line) from None


def write_frame_lines(path: Path, utterances: Iterable[Utterance], given: Given) -> int:
    """Write frames a line each, with their ``partition``; the format holds everything."""
    del given
    return write_jsonl(path, map(_frame_row, utterances))


def _frame_row(utterance: Utterance) -> dict[str, Any]:
    return {**utterance.frame.to_json(), "partition": utterance.partition}


_LINES = (".jsonl", ".jsonl.gz")
FORMATS = {
    "frames": Format(_LINES, read_frame_lines, write_frame_lines),
    "massive": Format(_LINES, read_massive, write_massive),
    "bio": Format((".conll", ".bio", ".iob", ".txt", ".tsv"), read_bio, write_bio),
    "snips": Format((".json",), read_snips, write_snips),
    "rasa": Format((".yml", ".yaml"), read_rasa, write_rasa),
    "huggingface": Format((), read_huggingface, write_huggingface),
}


def format_of(name: str) -> Format:
    """The format of a name.

    Raises:
        UserError: there is none; the message says the nearest.
    """
    if name not in FORMATS:
        raise UserError(f"unknown format '{name}'; {nearest(name, FORMATS)}")
    return FORMATS[name]

"""Label sets of a recipe to frames, and files of frames."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from understudy.core.errors import UserError
from understudy.core.files import read_jsonl, write_jsonl
from understudy.core.stage import LabelFiles
from understudy.corpus.draw import SPAN, draw
from understudy.utterances.formats import format_of
from understudy.utterances.frame import Frame, Partition
from understudy.utterances.given import Given


def read_split(files: LabelFiles, split: Partition) -> list[Frame]:
    """Every frame of a split, locale by locale, in file order; ``fraction`` thins out train only.

    Raises:
        UserError: a bad line, a locale without files or without a row of this split, an id twice in a locale.
    """
    if split not in files.splits:
        raise ValueError(f"this stage may not open the {split} split, only {', '.join(files.splits)}")
    frames: list[Frame] = []
    fraction = files.config.fraction if split == "train" else 1.0
    for locale, paths in files.files.items():
        if not paths:
            raise UserError(f"no file for locale '{locale}'; looked for '{files.config.path}'")
        kept = [
            utterance.frame
            for path in paths
            for utterance in format_of(files.config.format).read(path, Given(locale))
            if utterance.partition == split
        ]
        if not kept:
            raise UserError(f"locale '{locale}' has no '{split}' utterance here", file=paths[0])
        _refuse_repeats(kept, paths[0])
        chosen = [frame for frame in kept if in_fraction(frame.id, fraction)]
        if not chosen:
            raise UserError(
                f"fraction {fraction} leaves none of {len(kept)} utterances of '{locale}'; raise it",
                file=paths[0],
            )
        frames += chosen
    return frames


def in_fraction(identifier: str, fraction: float) -> bool:
    """A stable choice of about ``fraction`` of all ids; parallel ids are chosen together in every locale."""
    if fraction >= 1.0:
        return True
    return draw(identifier, b"") < fraction * SPAN


def read_frames(path: Path) -> list[Frame]:
    """A file of frames, references or predictions.

    Raises:
        UserError: as :meth:`Frame.from_json`, with file and line.
    """
    return [Frame.from_json(row, path, line) for line, row in read_jsonl(path)]


def write_frames(path: Path, frames: Iterable[Frame]) -> int:
    """Write frames a line each, whole or not at all; returns their number."""
    return write_jsonl(path, (frame.to_json() for frame in frames))


def _refuse_repeats(frames: list[Frame], path: Path) -> None:
    seen: set[str] = set()
    for frame in frames:
        if frame.id in seen:
            raise UserError(
                f"id '{frame.id}' occurs twice in locale '{frame.locale}'; ids must differ", file=path
            )
        seen.add(frame.id)

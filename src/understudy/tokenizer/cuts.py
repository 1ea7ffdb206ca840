"""Pieces that are cut in two because slots begin or end inside of them.

A tag belongs to a piece, so a border of a slot inside of a piece cannot be told. In scripts without spaces a
subword model joins a noun and the particle behind it; where labelled data draw a border there, that piece is
always cut there, in training and in serving alike, and the rest of the tokenizer stays what the encoder was
trained with. Everything else reads the same pieces as before.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.text.words import starts_unit
from understudy.tokenizer.normalize import Span
from understudy.tokenizer.protocol import Encoding, SpecialPieces, Tokenizer
from understudy.tokenizer.subwords import Subwords
from understudy.utterances.frame import Frame

CUTS_FILE = "tokenizer_cuts.json"
"""Beside a tokenizer whose pieces are cut; its name makes it one of the tokenizer's files."""
FORMAT_VERSION = 1

Cuts = Mapping[int, Sequence[tuple[int, int]]]
"""Piece -> (characters, piece) of each of its parts."""


class CutTokenizer:
    """A tokenizer some of whose pieces are always cut."""

    def __init__(self, whole: Tokenizer, cuts: Cuts) -> None:
        self.whole = whole
        self.cuts = {piece: [(length, part) for length, part in parts] for piece, parts in cuts.items()}
        self._lengths = {piece: sum(length for length, _ in parts) for piece, parts in self.cuts.items()}
        self.fingerprint = hashlib.sha256(
            json.dumps([whole.fingerprint, sorted(self.cuts.items())]).encode()
        ).hexdigest()

    @property
    def vocabulary_size(self) -> int:
        """Parts are pieces of the same vocabulary."""
        return self.whole.vocabulary_size

    @property
    def unk_id(self) -> int | None:
        """As of the whole."""
        return self.whole.unk_id

    @property
    def special(self) -> SpecialPieces:
        """As of the whole."""
        return self.whole.special

    @property
    def characters(self) -> NDArray[np.int64]:
        """As of the whole."""
        return self.whole.characters

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text, without special tokens, uncut."""
        return [self.encode(text).ids[1:-1] for text in texts]

    def encode(self, text: str, max_length: int | None = None) -> Encoding:
        """Ids and offsets, in which a cut piece is its parts."""
        encoding = self.whole.encode(text)
        if not self.cuts.keys().isdisjoint(encoding.ids):
            encoding = self._cut(encoding)
        if max_length is None or len(encoding.ids) <= max_length:
            return encoding
        last = slice(-1, None)
        return Encoding(
            encoding.ids[: max_length - 1] + encoding.ids[last],
            encoding.offsets[: max_length - 1] + encoding.offsets[last],
        )

    def encode_batch(self, texts: Sequence[str], max_length: int | None = None) -> list[Encoding]:
        """:meth:`encode` for each text."""
        return [self.encode(text, max_length) for text in texts]

    def _cut(self, encoding: Encoding) -> Encoding:
        ids: list[int] = []
        offsets: list[Span] = []
        for piece, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            # Where normalisation made it longer or shorter, it does not say where to cut.
            if self._lengths.get(piece) != end - start:
                ids.append(piece)
                offsets.append((start, end))
                continue
            for length, part in self.cuts[piece]:
                ids.append(part)
                offsets.append((start, start + length))
                start += length
        return Encoding(ids, offsets)


def with_cuts(tokenizer: Tokenizer, frames: Iterable[Frame]) -> Tokenizer:
    """The tokenizer with the cuts that these frames need, in place of those it has."""
    whole = tokenizer.whole if isinstance(tokenizer, CutTokenizer) else tokenizer
    cuts = find_cuts(whole, frames)
    return CutTokenizer(whole, cuts) if cuts else whole


def save_cuts(tokenizer: Tokenizer, folder: Path) -> None:
    """Write the cuts beside the tokenizer, and leave no others there."""
    file = folder / CUTS_FILE
    if isinstance(tokenizer, CutTokenizer):
        write_json(file, {"format_version": FORMAT_VERSION, "cuts": tokenizer.cuts})
    else:
        file.unlink(missing_ok=True)


def load_cuts(folder: Path) -> Cuts:
    """What :func:`save_cuts` wrote; empty where there is no such file.

    Raises:
        UserError: damaged, or of another version.
    """
    file = folder / CUTS_FILE
    if not file.exists():
        return {}
    value: Any = read_json(file)
    version = value.get("format_version") if isinstance(value, dict) else None
    if version != FORMAT_VERSION:
        raise UserError(
            f"cuts of format version {version}; this understudy reads version {FORMAT_VERSION}", file=file
        )
    try:
        return {
            int(piece): [(int(length), int(part)) for length, part in parts]
            for piece, parts in value["cuts"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(f"not a whole table of cuts ({error}); copy it again", file=file) from None


def find_cuts(tokenizer: Tokenizer, frames: Iterable[Frame]) -> Cuts:
    """The pieces inside of which slots of these frames begin or end, and their parts.

    Only where a labelling unit may begin (see :func:`.starts_unit`): a word of a spaced script stays whole.
    """
    found: defaultdict[int, set[int]] = defaultdict(set)
    texts: dict[int, str] = {}
    for frame in frames:
        borders = {border for slot in frame.slots for border in (slot.start, slot.end)}
        if not borders:
            continue
        encoding = tokenizer.encode(frame.text)
        for piece, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            for border in borders.intersection(range(start + 1, end)):
                text = texts.setdefault(piece, frame.text[start:end])
                if text == frame.text[start:end] and starts_unit(frame.text, border):
                    found[piece].add(border - start)
    cuts: dict[int, list[tuple[int, int]]] = {}
    for piece, places in sorted(found.items()):
        text = texts[piece]
        spans = list(pairwise([0, *sorted(places), len(text)]))
        cuts[piece] = [
            part
            for start, end in spans
            for part in _parts(tokenizer, text[start:end], begins=start == 0 and _spaced(tokenizer, piece))
        ]
    return cuts


def _spaced(tokenizer: Tokenizer, piece: int) -> bool:
    return isinstance(tokenizer, Subwords) and tokenizer.pieces[piece].startswith("\u2581")


def _parts(tokenizer: Tokenizer, text: str, *, begins: bool) -> list[tuple[int, int]]:
    """(characters, piece) of a part of a piece: one piece if there is such a one, else its characters'."""
    if not isinstance(tokenizer, Subwords):
        encoding = tokenizer.encode(text)
        return [
            (end - start, piece)
            for piece, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
            if start < end
        ]
    known = tokenizer.piece_ids
    lead = "\u2581" if begins else ""
    if (whole := known.get(lead + text)) is not None:
        return [(len(text), whole)]
    first = known.get(lead + text[0], known.get(text[0], tokenizer.unk_id))
    return [(1, first), *((1, known.get(character, tokenizer.unk_id)) for character in text[1:])]

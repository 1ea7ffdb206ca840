"""Text to piece ids with exact character offsets. No torch, no transformers: this runs in the server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from understudy.core.errors import UserError
from understudy.core.files import check_file, read_json
from understudy.tokenizer.normalize import Span, aligned, normalized
from understudy.tokenizer.protocol import Encoding, SpecialPieces

MODEL_FILE = "sentencepiece.model"
CONFIG_FILE = "tokenizer_config.json"
TOKENIZER_FILES = (MODEL_FILE, "tokenizer.json", CONFIG_FILE, "special_tokens_map.json")
"""What stands beside a model that uses this tokenizer."""

SPECIAL_TOKENS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
"""RoBERTa's, in the order of their ids."""
FINGERPRINT_KEY = "sentencepiece_sha256"
"""In ``tokenizer_config.json``: what the model file's digest must be."""


class Subwords:
    """A trained subword model (paper A 2.3). Safe to share between threads.

    A special token spelled out in a text, such as ``<mask>``, is ordinary characters here.
    """

    bos_id, pad_id, eos_id, unk_id, mask_id = range(5)

    def __init__(self, model: bytes) -> None:
        """Use a serialized SentencePiece model.

        Raises:
            ValueError: the bytes are not a model, or its special tokens are not :data:`SPECIAL_TOKENS`.
        """
        import sentencepiece  # here: who needs the special ids alone, as masking does, needs no library

        self._processor = sentencepiece.SentencePieceProcessor()
        try:
            self._processor.LoadFromSerializedProto(model)
        except (RuntimeError, ValueError) as error:
            raise ValueError("not a whole SentencePiece model") from error
        self.vocabulary_size: int = self._processor.GetPieceSize()
        self.fingerprint = hashlib.sha256(model).hexdigest()
        if self.vocabulary_size <= len(SPECIAL_TOKENS):
            raise ValueError("not a whole SentencePiece model")
        first = tuple(self._processor.IdToPiece(i) for i in range(len(SPECIAL_TOKENS)))
        if first != SPECIAL_TOKENS:
            raise ValueError(f"its first pieces are {' '.join(first)}; {' '.join(SPECIAL_TOKENS)} are due")

    @classmethod
    def load(cls, folder: Path) -> Subwords:
        """Read the model of a folder that holds :data:`TOKENIZER_FILES`; only two of them are needed.

        Raises:
            UserError: a file is missing, damaged, or the two do not belong together.
        """
        path, config_path = folder / MODEL_FILE, folder / CONFIG_FILE
        check_file(path)
        try:
            subwords = cls(path.read_bytes())
        except ValueError as error:
            raise UserError(f"{error}; copy the file again, or train the tokenizer anew", file=path) from None
        config = read_json(config_path)
        expected = config.get(FINGERPRINT_KEY) if isinstance(config, dict) else None
        if expected != subwords.fingerprint:
            raise UserError(
                f"is damaged, or belongs to another tokenizer: its SHA-256 is not the one in {CONFIG_FILE}; "
                "copy the whole folder again",
                file=path,
            )
        return subwords

    @cached_property
    def pieces(self) -> list[str]:
        """Every piece by id; U+2581 stands for the space before a word."""
        return [self._processor.IdToPiece(i) for i in range(self.vocabulary_size)]

    @cached_property
    def piece_ids(self) -> dict[str, int]:
        """The other way about."""
        return {piece: i for i, piece in enumerate(self.pieces)}

    @cached_property
    def special(self) -> SpecialPieces:
        """The ids of :data:`SPECIAL_TOKENS`, which come first."""
        return SpecialPieces.of_ours(self.vocabulary_size)

    @cached_property
    def characters(self) -> NDArray[np.int64]:
        """(V,) characters of each piece, the space before a word being one."""
        return np.array([len(piece) for piece in self.pieces])

    @property
    def scores(self) -> list[float]:
        """The log probability of every piece, by id."""
        return [self._processor.GetScore(i) for i in range(self.vocabulary_size)]

    def encode(self, text: str, max_length: int | None = None) -> Encoding:
        """Ids and offsets of one text with ``<s>`` and ``</s>``, cut to ``max_length`` pieces in all."""
        normal, spans = aligned(text)
        return self._encoding(self._processor.Encode(normal), normal, spans, max_length)

    def encode_batch(self, texts: Sequence[str], max_length: int | None = None) -> list[Encoding]:
        """:meth:`encode` for each text: SentencePiece's own batches wait for a thread and save nothing."""
        return [self.encode(text, max_length) for text in texts]

    def _encoding(
        self, ids: list[int], normal: str, spans: list[Span] | None, max_length: int | None
    ) -> Encoding:
        """Offsets in the text as it was given, between those of ``<s>`` and ``</s>``."""
        offsets = self._offsets(ids, normal)
        if max_length is not None and len(ids) > max_length - 2:
            ids, offsets = ids[: max_length - 2], offsets[: max_length - 2]
        if spans is not None:
            offsets = _projected(offsets, spans)
        return Encoding([self.bos_id, *ids, self.eos_id], [(0, 0), *offsets, (0, 0)])

    def _offsets(self, ids: list[int], normal: str) -> list[Span]:
        """Offsets in the normalised text: pieces stand side by side, so their lengths tell.

        SentencePiece's own offsets cost several times as much; only an unknown piece, whose length its id
        does not tell, needs them.
        """
        if self.unk_id in ids:
            raw = self._processor.Encode(normal, return_type="offset_mapping")["offsets"]
            return _without_blanks((start + (normal[start:end][:1] == " "), end) for start, end in raw)
        lengths, leads, blanks = self._shapes
        # The first piece begins with a space that SentencePiece adds and the text does not have.
        offsets, edge = [], -1
        for piece in ids:
            start, edge = edge + leads[piece], edge + lengths[piece]
            offsets.append((start, edge - blanks[piece]))
        if offsets and offsets[0][0] < 0:
            offsets[0] = (0, 0)
        return offsets

    @cached_property
    def _shapes(self) -> tuple[list[int], list[int], list[int]]:
        """By id: characters; 1 where the first of several is a space; 1 where there is only a space.

        A piece that is only a space is empty, where the piece before it ends.
        """
        spaced = [piece.startswith("\u2581") for piece in self.pieces]
        lengths = list(map(len, self.pieces))
        return (
            lengths,
            [int(space and length > 1) for space, length in zip(spaced, lengths, strict=True)],
            [int(space and length == 1) for space, length in zip(spaced, lengths, strict=True)],
        )

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids only, without special tokens, uncut, on all cores: the fast path for a corpus."""
        ids: list[list[int]] = self._processor.Encode([normalized(text) for text in texts])
        return ids


def _without_blanks(offsets: Iterable[Span]) -> list[Span]:
    """A piece that is only a space is empty, where the piece before it ends."""
    last, out = 0, []
    for start, end in offsets:
        out.append((start, end) if start < end else (last, last))
        last = out[-1][1]
    return out


def _projected(offsets: list[Span], spans: list[Span]) -> list[Span]:
    """Offsets in the normalised text to those in the text given, where each character came from a span."""
    last, out = 0, []
    for start, end in offsets:
        # The piece that touches a character first has it; a later one gets what is left.
        out.append((max(spans[start][0], last), spans[end - 1][1]) if start < end else (last, last))
        last = out[-1][1]
    return out

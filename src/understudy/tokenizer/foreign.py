"""Any ``tokenizer.json``, by the library that fast tokenizers are made with; no transformers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.core.errors import UserError
from understudy.core.files import read_json
from understudy.tokenizer.normalize import Span
from understudy.tokenizer.protocol import Encoding, SpecialPieces

RUST_FILE = "tokenizer.json"
NAME_FILES = ("special_tokens_map.json", "tokenizer_config.json")
"""Where the names of the special pieces stand; the later one wins."""

_SPACES = "\u2581\u0120"
"""What stands for a space in pieces: SentencePiece's sign, and that of byte-level BPE."""
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")


class ForeignTokenizer:
    """A tokenizer of Hugging Face's in the place of ours; safe to share between threads.

    As with ours, a special token spelled out in a text, such as ``[MASK]``, is ordinary characters.
    """

    def __init__(self, folder: Path) -> None:
        """Read ``tokenizer.json``, and the names of the special pieces beside it.

        Raises:
            UserError: a file is missing or damaged; a tokenizer that no masked language model could use; the
                library is not installed.
        """
        file = folder / RUST_FILE
        try:
            from tokenizers import Tokenizer
        except ImportError:
            raise UserError("needs the library tokenizers: pip install tokenizers", file=file) from None
        self._content = read_json(file)
        try:
            # Lengths are ours to say.
            self._content |= {"truncation": None, "padding": None}
            self._tokenizer = Tokenizer.from_str(json.dumps(self._content))
            self._tokenizer.encode_special_tokens = True
            self._pieces: dict[str, int] = self._tokenizer.get_vocab(with_added_tokens=True)
            model = self._content["model"]
        except Exception as error:  # the library raises nothing narrower
            raise UserError(f"is no tokenizer.json ({error!s:.200})", file=file) from None
        self.vocabulary_size: int = max(self._pieces.values(), default=-1) + 1
        names = special_names(folder)
        unknown = model.get("unk_token") or names.get("unk_token")
        self.unk_id: int | None = model.get("unk_id")
        if self.unk_id is None and unknown is not None:
            self.unk_id = self._pieces.get(unknown)
        begin, end = self._frame(file)
        never_masked = self._never_masked()
        spelled = (piece for piece, number in self._pieces.items() if number in set(never_masked))
        self._spelled = re.compile("|".join(map(re.escape, spelled)) or "(?!)")
        self._blank = {number for piece, number in self._pieces.items() if not piece.strip(_SPACES)}
        self.special = SpecialPieces(
            vocabulary=self.vocabulary_size,
            begin=begin,
            pad=self._special("pad_token", names, file),
            end=end,
            unknown=self.unk_id,
            mask=self._special("mask_token", names, file),
            never_masked=never_masked,
        )

    def _frame(self, file: Path) -> tuple[int, int]:
        framed = self._tokenizer.encode("a")
        marks = framed.special_tokens_mask
        if len(marks) < 2 or not (marks[0] and marks[-1]) or sum(marks) != 2:
            raise UserError(
                f"puts {sum(marks)} special pieces around a text; one before it and one after it are due",
                file=file,
                place="post_processor",
            )
        return framed.ids[0], framed.ids[-1]

    def _special(self, role: str, names: dict[str, str], file: Path) -> int:
        name = names.get(role)
        if name is None:
            raise UserError(
                f"no {role} is named in {' or '.join(NAME_FILES)}, which a masked language model needs",
                file=file.parent,
            )
        if name not in self._pieces:
            raise UserError(f"has no piece '{name}', the {role}", file=file)
        return self._pieces[name]

    def _never_masked(self) -> tuple[int, ...]:
        special = {token["id"] for token in self._content.get("added_tokens", ()) if token.get("special")}
        special |= set(range(self.vocabulary_size)) - set(self._pieces.values())
        if self.unk_id is not None:
            special.add(self.unk_id)
        return tuple(sorted(special))

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the rules and of the special pieces' ids, whatever the order and spacing of the file."""
        said = [self._content, self.special.as_dict()]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    @cached_property
    def characters(self) -> NDArray[np.int64]:
        """(V,) characters of each piece.

        Of pieces of bytes, the first byte of a character counts as the character. A space counts where the
        piece holds it, which WordPiece's do not.
        """
        counts = np.zeros(self.vocabulary_size, dtype=np.int64)
        prefix = self._content["model"].get("continuing_subword_prefix") or ""
        of_bytes = '"ByteLevel"' in json.dumps(
            [self._content.get("pre_tokenizer"), self._content.get("decoder")]
        )
        for piece, number in self._pieces.items():
            if of_bytes:
                counts[number] = sum(_begins_character(_byte_of(letter)) for letter in piece)
            elif match := _BYTE.fullmatch(piece):
                counts[number] = int(_begins_character(int(match[1], 16)))
            else:
                counts[number] = len(piece.removeprefix(prefix))
        return counts

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids only, without special tokens, uncut, on all cores."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [self._of_text(*pair) for pair in zip(texts, encodings, strict=True)]

    def encode(self, text: str, max_length: int | None = None) -> Encoding:
        """Ids and offsets of one text in its frame, cut to ``max_length`` pieces in all."""
        return self._encoding(text, self._tokenizer.encode(text, add_special_tokens=False), max_length)

    def encode_batch(self, texts: Sequence[str], max_length: int | None = None) -> list[Encoding]:
        """:meth:`encode` for each text."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [self._encoding(*pair, max_length) for pair in zip(texts, encodings, strict=True)]

    def _encoding(self, text: str, encoding: Any, max_length: int | None) -> Encoding:
        ids = self._of_text(text, encoding)
        room = len(ids) if max_length is None else max_length - 2
        ids = ids[:room]
        offsets = [
            (start, start) if piece in self._blank else _trimmed(text, start, end)
            for piece, (start, end) in zip(ids, encoding.offsets, strict=False)
        ]
        return Encoding([self.special.begin, *ids, self.special.end], [(0, 0), *offsets, (0, 0)])

    def _of_text(self, text: str, encoding: Any) -> list[int]:
        """Ids of which no text has become a special piece; Unigram's vocabulary holds their names too."""
        ids: list[int] = encoding.ids
        if self.unk_id is None or not self._spelled.search(text):
            return ids
        never = set(self.special.never_masked)
        return [self.unk_id if piece in never else piece for piece in ids]


def special_names(folder: Path) -> dict[str, str]:
    """``mask_token`` and its like -> the piece."""
    names: dict[str, str] = {}
    for file in NAME_FILES:
        if not (folder / file).exists():
            continue
        content = read_json(folder / file)
        for role, value in content.items() if isinstance(content, dict) else ():
            name = value.get("content") if isinstance(value, dict) else value
            if role.endswith("_token") and isinstance(name, str):
                names[role] = name
    return names


def _trimmed(text: str, start: int, end: int) -> Span:
    """The characters without the spaces around them, which some tokenizers count to a piece."""
    part = text[start:end]
    if not part.strip():
        return start, start
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


def _byte_of(letter: str) -> int:
    """The byte that a letter of the byte-level alphabet stands for (GPT-2's table).

    Printable bytes of Latin-1 stand for themselves, the others for the letters from 256 on, in order.
    """
    number = ord(letter)
    return number if number < 256 else _HIDDEN[(number - 256) % len(_HIDDEN)]


_HIDDEN = [b for b in range(256) if not (0x21 <= b <= 0x7E or 0xA1 <= b <= 0xAC or 0xAE <= b <= 0xFF)]


def _begins_character(byte: int) -> bool:
    return byte & 0xC0 != 0x80

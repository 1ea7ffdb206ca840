"""Any tokenizer by its folder, to be measured beside ours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_json
from understudy.tokenizer.measures import Splitter
from understudy.tokenizer.subwords import MODEL_FILE, Subwords

_RUST = "tokenizer.json"


def load_splitter(path: Path) -> Splitter:
    """Our tokenizer, a ``tokenizer.json`` or a folder with one, or what ``AutoTokenizer`` reads.

    A folder of an artifact or a model may hold ours in ``tokenizer/`` or ``model/``.

    Raises:
        UserError: there is none, it is damaged, or reading it needs a library that is not installed.
    """
    if not path.exists():
        raise UserError("no such file or folder; a tokenizer's folder is due", file=path)
    if path.is_file():
        return _Rust(path)
    for folder in (path, path / "tokenizer", path / "model"):
        if (folder / MODEL_FILE).exists():
            return Subwords.load(folder)
    if (path / _RUST).exists():
        return _Rust(path / _RUST)
    return _Slow(path)


class _Rust:
    """A ``tokenizer.json``, by the library that Hugging Face's fast tokenizers are made with."""

    def __init__(self, file: Path) -> None:
        try:
            from tokenizers import Tokenizer
        except ImportError:
            raise UserError(
                "needs the library tokenizers: pip install 'understudy[train]'", file=file
            ) from None
        content = read_json(file)
        try:
            self._tokenizer = Tokenizer.from_str(json.dumps(content))
            model = content["model"]
        except Exception as error:  # the library raises nothing narrower
            raise UserError(f"is no tokenizer.json ({error})", file=file) from None
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.vocabulary_size: int = self._tokenizer.get_vocab_size()
        self.unk_id: int | None = model.get("unk_id")
        if self.unk_id is None and (token := model.get("unk_token")) is not None:
            self.unk_id = self._tokenizer.token_to_id(token)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text, without special tokens."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]


class _Slow:
    """What only ``transformers`` can read."""

    def __init__(self, folder: Path) -> None:
        try:
            from transformers import AutoTokenizer
        except ImportError:
            raise UserError(
                f"holds neither {MODEL_FILE} nor {_RUST}; others need transformers: pip install transformers",
                file=folder,
            ) from None
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False
            )
        except Exception as error:  # whatever a stranger's files make it raise
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            raise UserError(
                f"holds no tokenizer that transformers can read ({reason})", file=folder
            ) from None
        self.vocabulary_size = len(self._tokenizer)
        self.unk_id: int | None = self._tokenizer.unk_token_id

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text, without special tokens."""
        encoded = self._tokenizer(list(texts), add_special_tokens=False, return_attention_mask=False)
        rows: list[list[int]] = encoded["input_ids"]
        return rows

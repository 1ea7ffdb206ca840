"""The tokenizer in a folder, ours or another."""

from __future__ import annotations

import shutil
from pathlib import Path

from understudy.core.errors import UserError
from understudy.core.files import read_json
from understudy.tokenizer.cuts import CutTokenizer, load_cuts
from understudy.tokenizer.foreign import RUST_FILE, ForeignTokenizer
from understudy.tokenizer.protocol import Tokenizer
from understudy.tokenizer.subwords import CONFIG_FILE, FINGERPRINT_KEY, MODEL_FILE, Subwords

TOKENIZER_PATTERNS = (
    "tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab*",
    "merges.txt",
    "*.model",
)
"""Files of any tokenizer of Hugging Face's, and of ours."""


def load_tokenizer(folder: Path) -> Tokenizer:
    """Ours, or what ``tokenizer.json`` describes; with the cuts that stand beside it.

    Raises:
        UserError: the folder holds neither; a file is missing or damaged.
    """
    whole = _whole_tokenizer(folder)
    cuts = load_cuts(folder)
    return CutTokenizer(whole, cuts) if cuts else whole


def _whole_tokenizer(folder: Path) -> Tokenizer:
    if _is_ours(folder):
        return Subwords.load(folder)
    if (folder / RUST_FILE).exists():
        return ForeignTokenizer(folder)
    raise UserError(f"holds no tokenizer; {MODEL_FILE} or {RUST_FILE} is due", file=folder)


def tokenizer_folder(artifact: Path) -> Path:
    """Where a step's artifact keeps its tokenizer: in itself, or beside its model."""
    return artifact / "model" if (artifact / "model").is_dir() else artifact


def copy_tokenizer(source: Path, folder: Path) -> None:
    """Put the files of a tokenizer, whosever it is, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in tokenizer_files(source):
        shutil.copyfile(file, folder / file.name)


def tokenizer_files(folder: Path) -> list[Path]:
    """The files that make up the folder's tokenizer."""
    return sorted({file for pattern in TOKENIZER_PATTERNS for file in folder.glob(pattern) if file.is_file()})


def _is_ours(folder: Path) -> bool:
    """Our ``tokenizer.json`` alone would do for others; that the model beside it is missing must be said."""
    if (folder / MODEL_FILE).exists():
        return True
    if not (folder / CONFIG_FILE).exists():
        return False
    config = read_json(folder / CONFIG_FILE)
    return isinstance(config, dict) and FINGERPRINT_KEY in config

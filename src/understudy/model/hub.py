"""Models from elsewhere: from the Hugging Face hub, and with tokenizers of before ``tokenizer.json``."""

from __future__ import annotations

from pathlib import Path

from understudy.core.errors import UserError
from understudy.core.files import write_json
from understudy.model.adapters import MISSING, quietly
from understudy.tokenizer.foreign import NAME_FILES, RUST_FILE, special_names
from understudy.tokenizer.load import TOKENIZER_PATTERNS
from understudy.tokenizer.subwords import MODEL_FILE


def complete_tokenizer(source: Path, folder: Path) -> None:
    """Write what a copied tokenizer lacks: ``tokenizer.json``, or the names of its special pieces.

    Old checkpoints leave both to the code of their class.

    Args:
        source: a model's folder.
        folder: where the files of its tokenizer have been copied to.

    Raises:
        UserError: no ``transformers``; nothing that it could make a fast tokenizer of.
    """
    whole = (folder / RUST_FILE).exists() and {"mask_token", "pad_token"} <= special_names(folder).keys()
    if whole or (folder / MODEL_FILE).exists():  # the latter is ours
        return
    try:
        import transformers
    except ImportError:
        raise UserError(MISSING, file=source) from None
    try:
        with quietly():
            made = transformers.AutoTokenizer.from_pretrained(
                source, local_files_only=True, trust_remote_code=False
            )
        write_json(folder / NAME_FILES[0], made.special_tokens_map)
        if not (folder / RUST_FILE).exists():
            (folder / RUST_FILE).write_text(made.backend_tokenizer.to_str(), encoding="utf-8")
    except AttributeError:
        raise UserError(
            f"its tokenizer exists in Python only ({type(made).__name__}); one with {RUST_FILE} is due",
            file=source,
        ) from None
    except Exception as error:  # whatever a stranger's files make it raise
        raise UserError(
            f"holds no tokenizer that transformers can read ({error!s:.200})", file=source
        ) from None


def fetch(name: str, revision: str | None) -> tuple[Path, str]:
    """A model of the hub, safetensors only, in the library's cache; and the commit it is of.

    Raises:
        UserError: no library; no network, and nothing in the cache; no such model or revision.
    """
    try:
        from huggingface_hub import snapshot_download
    except ImportError:
        raise UserError(MISSING, place="path") from None
    weights = ["model.safetensors", "model-*.safetensors", "model.safetensors.index.json"]
    wanted, unwanted = ["config.json", *weights, *TOKENIZER_PATTERNS], ["*/*"]
    try:
        folder = snapshot_download(name, revision=revision, allow_patterns=wanted, ignore_patterns=unwanted)
    except Exception as error:  # no such name, no network, no permission: each a kind of its own
        reason = str(error).strip().split("\n")[0]
        raise UserError(
            f"'{name}' is no folder here, and cannot be had from the hub ({type(error).__name__}: "
            f"{reason:.200}); without a network, give a folder",
            place="path",
        ) from None
    return Path(folder), Path(folder).name

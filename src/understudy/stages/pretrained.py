"""A masked language model from elsewhere, checked and kept as any other encoder is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_json
from understudy.core.recipe.hub_steps import Pretrained
from understudy.core.stage import Inputs
from understudy.model.hub import complete_tokenizer, fetch
from understudy.model.huggingface import load_model
from understudy.tokenizer.load import copy_tokenizer, load_tokenizer

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")


def run(config: Pretrained, inputs: Inputs, out: Path) -> dict[str, Any]:
    """The payload is ``model/``, a Hugging Face folder with safetensors as they came and ``tokenizer.json``.

    Returns:
        ``architecture``; ``parameters``; ``vocabulary``, rows of the model's table; ``pieces`` and
        ``tokenizer``, the tokenizer's size and fingerprint; ``max_length``; ``commit``, of the hub.

    Raises:
        UserError: no such folder or model; no network; no safetensors; no masked language model; a tokenizer
            that does not fit it.
    """
    del inputs
    source, commit = Path(config.path), None
    if not source.exists():
        if not _HUB_NAME.fullmatch(config.path):
            raise UserError(
                f"no folder '{config.path}' here; a model's folder is due, or owner/name on the hub",
                place="path",
            )
        source, commit = fetch(config.path, config.revision)
    elif config.revision is not None:
        raise UserError("only models of the hub have revisions; a folder is what it is", place="revision")
    folder = out / "model"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(_config(source), folder / "config.json")
    for file in _weights(source):
        shutil.copyfile(file, folder / file.name)
    copy_tokenizer(source, folder)
    complete_tokenizer(source, folder)
    model, tokenizer = load_model(folder), load_tokenizer(folder)
    sizes = model.config
    if tokenizer.vocabulary_size > sizes.vocabulary:
        raise UserError(
            f"the tokenizer has {tokenizer.vocabulary_size} pieces and the model a table of "
            f"{sizes.vocabulary}; they do not belong together",
            file=source,
        )
    raw = read_json(folder / "config.json")
    padding = raw.get("pad_token_id")
    if padding not in (None, tokenizer.special.pad):
        raise UserError(
            f"is {padding}, and the tokenizer's padding piece is {tokenizer.special.pad}; one is wrong",
            file=source / "config.json",
            place="pad_token_id",
        )
    return {
        "architecture": raw.get("model_type"),
        "parameters": sizes.parameters,
        "vocabulary": sizes.vocabulary,
        "pieces": tokenizer.vocabulary_size,
        "tokenizer": tokenizer.fingerprint,
        "max_length": sizes.max_length,
        "commit": commit,
    }


def _config(source: Path) -> Path:
    file = source / "config.json"
    if not file.is_file():
        raise UserError("is missing; the folder of a Hugging Face model is due", file=file)
    return file


def _weights(source: Path) -> list[Path]:
    """The safetensors files and, where there are several, their index.

    Raises:
        UserError: there are none, or only pickled ones.
    """
    index = source / "model.safetensors.index.json"
    if (source / "model.safetensors").is_file():
        return [source / "model.safetensors"]
    if index.is_file():
        table = read_json(index)
        names = set(table.get("weight_map", {}).values()) if isinstance(table, dict) else set()
        if not names or any(Path(str(name)).name != name for name in names):
            raise UserError("names no weight files", file=index)
        for name in sorted(names):
            if not (source / name).is_file():
                raise UserError(f"is missing, and {index.name} names it", file=source / name)
        return [index, *(source / name for name in sorted(names))]
    pickled = sorted(file.name for file in source.glob("*.bin")) or sorted(
        f.name for f in source.glob("*.pt")
    )
    if pickled:
        raise UserError(
            f"holds its weights pickled only ({pickled[0]}), which are never loaded since they can run code; "
            "save it as safetensors (save_pretrained does)",
            file=source,
        )
    raise UserError("holds no model.safetensors", file=source)

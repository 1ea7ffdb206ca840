"""Data sets that the library ``datasets`` reads: of the Hugging Face hub, or of a local folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from understudy.core.errors import UserError

HUB = "huggingface://"
"""Begins the address of a data set: ``huggingface://owner/name/config``."""

MISSING = "needs the package datasets; pip install 'understudy[huggingface]'"


def name_and_config(address: str) -> tuple[str, str | None]:
    """``owner/name/config``, or a folder with a config after it, apart.

    Raises:
        UserError: a name that leads out of the hub or of the folder.
    """
    path = address.removeprefix(HUB)
    parts = path.split("/")
    if ".." in parts:
        raise UserError("a data set is named owner/name or owner/name/config, without '..'", file=address)
    folder = Path(path)
    if folder.is_dir():
        return path, None
    if folder.parent.is_dir() and folder.parent != Path():
        return str(folder.parent), folder.name
    return ("/".join(parts[:2]), parts[2]) if len(parts) == 3 else (path, None)


def data_set_fingerprint(address: str) -> str:
    """A digest of the commit that the hub has now, or of every file of the folder; and of the config.

    Raises:
        UserError: no such data set; the hub cannot be reached.
    """
    name, config = name_and_config(address)
    if Path(name).is_dir():
        files = [path for path in sorted(Path(name).rglob("*")) if path.is_file()]
        stand: object = [(str(path.relative_to(name)), _digest(path)) for path in files]
    else:
        stand = _commit(address, name)
    return hashlib.sha256(json.dumps([stand, config]).encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _commit(address: str, name: str) -> str:
    try:
        from huggingface_hub import HfApi
    except ImportError:
        raise UserError(MISSING, file=address) from None
    try:
        return str(HfApi().dataset_info(name).sha)
    except Exception as error:  # no such name, no network, no permission: each a kind of its own
        raise UserError(f"cannot be found on the hub ({error!s:.300})", file=address) from None

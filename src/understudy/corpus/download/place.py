"""A collection into a data folder, skipping what is there."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.core.progress import Bar, progress
from understudy.corpus.download.catalogue import COLLECTIONS, Name, remote_files
from understudy.corpus.download.transfer import fetch

SOURCE_FILE = "SOURCE.json"
"""Beside the files: address, licence, size, SHA-256 and date of each."""

_TIMEOUT = httpx.Timeout(30.0)


def download(
    name: Name, languages: Sequence[str], folder: Path, server: str | None = None
) -> list[dict[str, Any]]:
    """Bring a collection to ``folder/<name>``, in the layout that recipes read.

    Args:
        server: another server with the same layout, a mirror.

    Returns:
        A row a file: ``address, path, bytes, sha256, checked, licence, date, new``.

    Raises:
        UserError: an unknown language, a failing server, no room, or damaged bytes.
    """
    collection = COLLECTIONS[name]
    rows: list[dict[str, Any]] = []
    with httpx.Client(timeout=_TIMEOUT) as client:
        files = remote_files(name, languages, (server or collection.server).rstrip("/"), client)
        for number, file in enumerate(files, start=1):
            target = folder / file.target
            source = target.parent / SOURCE_FILE
            known = read_json(source) if source.exists() else {}
            there = known.get(target.name)
            if there and (target.exists() or file.unpack) and there["address"] == file.address:
                rows.append(there | {"new": False})
                continue
            with progress(f"{target.name} ({number}/{len(files)})", total=None, unit="MB") as bar:
                seen = 0

                def advance(done: int, total: int | None, bar: Bar = bar) -> None:
                    nonlocal seen
                    if total is not None and not seen:
                        bar.expect(-(-total // 1_000_000))
                    bar.advance(done // 1_000_000 - seen)
                    seen = done // 1_000_000

                arrived = fetch(client, file.address, target, file.sha256, advance)
            if file.unpack:
                _unpack(target)
            row = {
                "address": file.address,
                "path": str(target),
                "bytes": arrived.bytes,
                "sha256": arrived.sha256,
                "checked": arrived.checked,
                "licence": collection.licence,
                "date": datetime.now(UTC).date().isoformat(),
            }
            write_json(source, {**known, target.name: row})
            rows.append(row | {"new": True})
    return rows


def _unpack(archive: Path) -> None:
    """Unpack beside the archive, and delete it: what it held is there."""
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(archive.parent, filter="data")  # refuses names that lead out of the folder
    except tarfile.FilterError as error:
        raise UserError(f"the archive is not safe to unpack: {error}", file=archive) from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UserError(f"the archive cannot be unpacked ({error})", file=archive) from None
    archive.unlink()

"""One file from a server: picked up where it was dropped, and whole and right when it gets its name."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from understudy.core.errors import UserError
from understudy.core.files import write_json

Advance = Callable[[int, int | None], None]
"""Told how many bytes are there, and of how many, where the server says so."""

BLOCK = 1 << 20
TRIES = 6
"""Attempts without a byte gained before giving up; waits double from half a second."""


@dataclass(frozen=True)
class Arrived:
    """A file in place."""

    bytes: int
    sha256: str
    checked: str
    """What it was checked against: ``sha256`` or ``md5`` of the server, or ``size``."""


class DroppedError(Exception):
    """The connection ended before the file did."""


def fetch(
    client: httpx.Client,
    address: str,
    target: Path,
    sha256: str | None = None,
    advance: Advance | None = None,
    pause: float = 0.5,
) -> Arrived:
    """Download a file to ``target``, unless it is there; a rerun goes on from what ``target.part`` holds.

    Args:
        sha256: what the file must hash to; none: the checksum that the server sends, if any.
        pause: seconds before the first new try.

    Raises:
        UserError: no such address, no room, the server keeps failing, or the bytes are not what they should
            be (the part is then thrown away).
    """
    if target.exists():
        return _checked(target, address, {})
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    failures, before = 0, -1
    while True:
        try:
            expected = _receive(client, address, part, advance)
            break
        except (httpx.TransportError, DroppedError) as error:
            there = part.stat().st_size if part.exists() else 0
            failures = 1 if there > before else failures + 1
            before = there
            if failures >= TRIES:
                raise UserError(
                    f"the server dropped the connection {TRIES} times in a row"
                    f" ({str(error) or type(error).__name__}); run the same command to go on",
                    file=address,
                ) from None
            time.sleep(pause * 2 ** (failures - 1))
    arrived = _checked(part, address, expected | ({"sha256": sha256} if sha256 else {}))
    part.replace(target)
    _note(part).unlink(missing_ok=True)
    return arrived


def _receive(client: httpx.Client, address: str, part: Path, advance: Advance | None) -> dict[str, str]:
    """Append to ``part`` until the file is whole; returns the server's checksums."""
    there, mark = _resumable(part)
    headers = {"Range": f"bytes={there}-", "If-Range": mark} if there and mark else {}
    with client.stream("GET", address, headers=headers, follow_redirects=True) as answer:
        if answer.status_code in (429, 500, 502, 503, 504):
            raise DroppedError(f"status {answer.status_code}")
        if answer.status_code == 416:  # the part is as long as the file, or longer than a new one
            total = re.search(r"/(\d+)$", answer.headers.get("Content-Range", ""))
            if total and int(total[1]) == there:
                return _checksums(answer)
            part.unlink()
            raise DroppedError("the file on the server has changed")
        if answer.status_code not in (200, 206):
            raise UserError(f"the server says {answer.status_code} {answer.reason_phrase}", file=address)
        start = there if answer.status_code == 206 else 0
        length = answer.headers.get("Content-Length")
        whole = start + int(length) if length and "Content-Encoding" not in answer.headers else None
        _room(part, (whole or 0) - start, address)
        mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        write_json(_note(part), {"address": address, "mark": mark})
        done = start
        with part.open("r+b" if start else "wb") as handle:
            handle.seek(start)
            for block in answer.iter_raw():  # as they come: nothing waits in memory to be lost
                handle.write(block)
                done += len(block)
                if advance is not None:
                    advance(done, whole)
    if whole is not None and done < whole:
        raise DroppedError(f"after {done:,} of {whole:,} bytes")
    return _checksums(answer)


def _note(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _resumable(part: Path) -> tuple[int, str | None]:
    """Bytes that are there, and the mark by which the server knows the version they are of."""
    try:
        mark = json.loads(_note(part).read_text(encoding="utf-8"))["mark"]
        # A weak mark does not promise equal bytes.
        return part.stat().st_size, None if mark.startswith("W/") else mark
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0, None


def _room(part: Path, due: int, address: str) -> None:
    free = shutil.disk_usage(part.parent).free
    if due > free:
        raise UserError(
            f"{due / 1e9:.1f} GB are still due, and {part.parent} has {free / 1e9:.1f} GB free", file=address
        )


def _checksums(answer: httpx.Response) -> dict[str, str]:
    """What servers say: the hub's linked ETag, S3's (an MD5 of what went up in one piece), digests."""
    found: dict[str, str] = {}
    for each in (*answer.history, answer):
        for header in ("X-Linked-ETag", "ETag"):
            value = each.headers.get(header, "").strip('"').lower()
            if re.fullmatch("[0-9a-f]{64}", value):
                found["sha256"] = value
            elif re.fullmatch("[0-9a-f]{32}", value) and "amz" in " ".join(each.headers).lower():
                found["md5"] = value
        digest = re.search(r"sha-256=:?([A-Za-z0-9+/=]+):?", each.headers.get("Repr-Digest", ""))
        if digest:
            found["sha256"] = base64.b64decode(digest[1]).hex()
    return found


def _checked(part: Path, address: str, expected: dict[str, str]) -> Arrived:
    sums = {"sha256": hashlib.sha256(), "md5": hashlib.md5(usedforsecurity=False)}
    with part.open("rb") as handle:
        while block := handle.read(BLOCK):
            for each in sums.values():
                each.update(block)
    for name in ("sha256", "md5"):
        if name in expected and sums[name].hexdigest() != expected[name]:
            part.unlink()
            _note(part).unlink(missing_ok=True)
            raise UserError(
                f"{name} is {sums[name].hexdigest()}, not {expected[name]}: damaged on the way; run again",
                file=address,
            )
    checked = next((name for name in ("sha256", "md5") if name in expected), "size")
    return Arrived(part.stat().st_size, sums["sha256"].hexdigest(), checked)

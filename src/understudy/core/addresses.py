"""Where bytes lie: a file of this machine (a ``Path``), or anything fsspec opens (a ``str`` such as ``s3://...``).

Remote addresses need the extra ``corpus`` and, for most protocols, one package more, which the error names.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import IO, Any, cast

from understudy.core.errors import UserError

Address = Path | str
"""A local file, or a remote address."""

# What stores call the hash of an object's bytes.
_CONTENT_KEYS = ("sha256", "ETag", "etag", "md5Hash", "md5", "content_md5", "checksum", "blob_id", "sha")


def is_remote(address: Address) -> bool:
    """Whether ``address`` is not a file of this machine."""
    return isinstance(address, str)


def parse(text: str) -> Address:
    """``file:///a`` and plain paths become a ``Path``; every other ``protocol://`` stays as it is written."""
    if text.startswith("file://"):
        return Path(text.removeprefix("file://"))
    return text if "://" in text else Path(text)


def open_remote(address: str) -> IO[bytes]:
    """The bytes at ``address`` as they are stored, as a seekable file where the protocol allows.

    Raises:
        UserError: a missing package, an unknown protocol, or whatever the store says.
    """
    files, path = _file_system(address)
    try:
        return cast(IO[bytes], files.open(path, "rb"))
    except Exception as error:
        raise _refused(address, error) from None


def size_of(address: Address) -> int | None:
    """Bytes of the file as it is stored; None where that is not known (a pipe, a stream)."""
    if isinstance(address, Path):
        return address.stat().st_size if address.is_file() else None
    files, path = _file_system(address)
    try:
        size = files.info(path).get("size")
    except Exception as error:
        raise _refused(address, error) from None
    return size if isinstance(size, int) else None


def expand(address: str) -> list[str]:
    """The addresses a remote glob stands for, sorted; an address without a glob is returned if it exists.

    Raises:
        UserError: as :func:`open_remote`.
    """
    files, path = _file_system(address)
    try:
        found = [path] if files.isfile(path) else [match for match in files.glob(path) if files.isfile(match)]
    except Exception as error:
        raise _refused(address, error) from None
    return sorted(files.unstrip_protocol(match) for match in found)


def remote_fingerprint(address: str) -> str:
    """A digest that changes when the bytes do: the store's own hash of them, or else its size and date.

    Nothing is downloaded. Where the store knows none of these (some web servers) the name alone counts.

    Raises:
        UserError: as :func:`open_remote`.
    """
    files, path = _file_system(address)
    try:
        files.invalidate_cache()
        info = files.info(path)
        hashes = {key: str(info[key]) for key in _CONTENT_KEYS if info.get(key)}
        known = {"size": info.get("size"), **hashes} if hashes else {"ukey": files.ukey(path)}
    except Exception as error:
        raise _refused(address, error) from None
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _file_system(address: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise UserError(
            "remote addresses need fsspec; pip install 'understudy[corpus]'", file=address
        ) from None
    try:
        files, path = url_to_fs(address)
    except ImportError as error:  # "Install s3fs to access S3"
        raise UserError(f"needs one package more: {error}", file=address) from None
    except Exception as error:
        raise _refused(address, error) from None
    return files, str(path)


def _refused(address: str, error: Exception) -> UserError:
    """One line for whatever a store raises; each library has kinds of its own."""
    if isinstance(error, UserError):
        return error
    if isinstance(error, FileNotFoundError):
        return UserError("no such file", file=address)
    said = str(error).strip() or type(error).__name__
    return UserError(f"cannot be reached ({said[:300]})", file=address)

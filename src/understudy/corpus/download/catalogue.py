"""Where public data lies, under which licence, and where the recipes look for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

import httpx

from understudy.core.errors import UserError, nearest
from understudy.text.locale import LANGUAGES

Name = Literal["massive", "cc100", "wikipedia"]

_WIKIPEDIA = "20231101"
"""The dump that the hub's data set was made of."""


@dataclass(frozen=True)
class Remote:
    """One file: its address below the server, its place below the data folder, and what is known of it."""

    address: str
    target: PurePosixPath
    sha256: str | None = None
    unpack: bool = False
    """A ``.tar.gz`` whose files go where it lies."""


@dataclass(frozen=True)
class Collection:
    """A public data set."""

    title: str
    server: str
    licence: str


COLLECTIONS: dict[Name, Collection] = {
    "massive": Collection(
        "MASSIVE 1.1, labelled utterances in 51 locales (FitzGerald et al. 2022)",
        "https://amazon-massive-nlu-dataset.s3.amazonaws.com",
        "CC BY 4.0",
    ),
    "cc100": Collection(
        "CC-100, monolingual text from Common Crawl (Conneau et al. 2020, Wenzek et al. 2020)",
        "https://data.statmt.org",
        "Common Crawl's terms of use; its makers claim no rights of their own",
    ),
    "wikipedia": Collection(
        f"Wikipedia, plain text of the dump of {_WIKIPEDIA}",
        "https://huggingface.co",
        "CC BY-SA 3.0 and GFDL",
    ),
}


def remote_files(name: Name, languages: Sequence[str], server: str, client: httpx.Client) -> list[Remote]:
    """The files of a collection for some languages; MASSIVE is one archive of all of its locales.

    Raises:
        UserError: a language that is none of the twelve; the server's list cannot be had.
    """
    for language in languages:
        if language not in LANGUAGES:
            raise UserError(f"unknown language '{language}'; {nearest(language, LANGUAGES)}")
    if name == "massive":
        archive = "amazon-massive-dataset-1.1.tar.gz"
        return [Remote(f"{server}/{archive}", PurePosixPath("massive", archive), unpack=True)]
    if name == "cc100":
        return [
            Remote(f"{server}/cc-100/{language}.txt.xz", PurePosixPath("cc100", f"{language}.txt.xz"))
            for language in languages
        ]
    return [file for language in languages for file in _wikipedia(language, server, client)]


def _wikipedia(language: str, server: str, client: httpx.Client) -> list[Remote]:
    folder = f"{_WIKIPEDIA}.{language}"
    listing = f"{server}/api/datasets/wikimedia/wikipedia/tree/main/{folder}"
    try:
        answer = client.get(listing).raise_for_status().json()
        found = [(entry["path"], entry.get("lfs", {}).get("oid")) for entry in answer]
    except (httpx.HTTPError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(f"the list of files cannot be read ({error}); try again", file=listing) from None
    return [
        Remote(
            f"{server}/datasets/wikimedia/wikipedia/resolve/main/{path}",
            PurePosixPath("wikipedia", language, PurePosixPath(path).name),
            sha256,
        )
        for path, sha256 in found
        if path.endswith(".parquet")
    ]

"""From an address with placeholders to files, by locale."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path

from understudy.core.addresses import Address, expand, parse
from understudy.core.compression import SUFFIXES
from understudy.core.errors import UserError
from understudy.core.hub import HUB
from understudy.core.recipe.entries import Corpus, Labels

# Where a folder is given: one file a locale, as MASSIVE's archive unpacks or as one folder of files.
_IN_A_FOLDER = (
    "{locale}.jsonl.gz",
    "{locale}.jsonl",
    "1.1/data/{locale}.jsonl",
    "data/{locale}.jsonl",
    "{language}.jsonl.gz",
    "{language}.jsonl",
)
# XNLI's public files: those of all languages, those of one, and Hugging Face's folder of one.
_XNLI = (
    "**/xnli.dev.tsv*",
    "**/xnli.test.tsv*",
    "**/multinli.train.{language}.tsv*",
    "{language}/*.parquet",
    "{language}/*.jsonl*",
)
_ENDINGS = {"csv": ".csv", "jsonl": ".jsonl", "parquet": ".parquet", "text": ".txt", "tsv": ".tsv"}


def _in_a_folder(source: Corpus | Labels) -> tuple[str, ...]:
    """What the files of a folder may be called, the likeliest first."""
    ending = _ENDINGS.get(source.format, ".jsonl")
    named = tuple(
        f"{{{name}}}{ending}{packed}" for name in ("locale", "language") for packed in (*SUFFIXES, "")
    )
    return (_IN_A_FOLDER if ending == ".jsonl" else ()) + (named if isinstance(source, Corpus) else ())


def find_files(source: Labels, root: Path, place: str, recipe: Path) -> dict[str, tuple[Path, ...]]:
    """The files of each locale of a label set.

    Args:
        source: the entry of the recipe.
        root: what ``{data}`` stands for, or the artifact's folder when the entry names a ``source`` step.
        place: the entry's place in the recipe, for errors.
        recipe: the recipe's file, for errors.

    Raises:
        UserError: an unknown placeholder, a remote address, or a locale without a file.
    """
    found = {}
    for locale in source.locales:
        addresses = _Search(source, root, locale, f"{place}.path", recipe).found()
        found[locale] = tuple(address for address in addresses if isinstance(address, Path))
        if len(found[locale]) != len(addresses):
            raise UserError("labels are read from local files only", file=recipe, place=f"{place}.path")
    return found


def find_addresses(source: Corpus, root: Path, place: str, recipe: Path) -> dict[str, tuple[Address, ...]]:
    """The local and remote files, or the data set, of each locale of a corpus; see :func:`find_files`.

    Raises:
        UserError: an unknown placeholder, a locale without a file, a store that cannot be reached.
    """
    return {
        locale: _Search(source, root, locale, f"{place}.path", recipe).found() for locale in source.locales
    }


@dataclass(frozen=True)
class _Search:
    """For the files of one locale."""

    source: Corpus | Labels
    root: Path
    locale: str
    place: str
    recipe: Path

    @property
    def _values(self) -> dict[str, str]:
        return {"data": str(self.root), "locale": self.locale, "language": self.locale.split("-")[0]}

    def _refused(self, problem: str) -> UserError:
        return UserError(problem, file=self.recipe, place=self.place)

    def found(self) -> tuple[Address, ...]:
        written = self._written()
        if isinstance(self.source, Corpus) and self.source.format == "huggingface":
            return (written if written.startswith(HUB) else HUB + written,)
        address = parse(written)
        if isinstance(address, str):
            return self._remote(address)
        if self.source.source is not None:
            address = self.root / address
        return self._local(address)

    def _written(self) -> str:
        try:
            return self.source.path.format_map(self._values)
        except (KeyError, ValueError, IndexError, AttributeError, TypeError) as error:
            known = "known: {data}, {language}, {locale}"
            raise self._refused(f"cannot read the address '{self.source.path}' ({error}); {known}") from None

    def _remote(self, address: str) -> tuple[Address, ...]:
        if self.source.source is not None:
            raise self._refused("a path within a step's artifact is due, not a remote address; drop 'source'")
        matches = expand(address)
        if not matches:
            raise self._refused(f"no file for locale '{self.locale}': {address} does not exist")
        return tuple(matches)

    def _local(self, address: Path) -> tuple[Address, ...]:
        if address.is_dir() and self.source.format == "xnli":
            patterns = [pattern.format_map(self._values) for pattern in _XNLI]
            every = {file for pattern in patterns for file in address.glob(pattern) if file.is_file()}
            if not every:
                raise self._refused(f"no file for locale '{self.locale}' in {address}; due: {patterns[2]}")
            return tuple(sorted(every))
        if address.is_dir():
            candidates = [address / pattern.format_map(self._values) for pattern in _in_a_folder(self.source)]
            found = next((file for file in candidates if file.exists()), None)
            if found is None:
                raise self._refused(
                    f"no file for locale '{self.locale}' in {address};"
                    f" due: {candidates[0].name} or {candidates[2]}"
                )
            return (found,)
        if address.is_file():  # as it is written, even where it holds characters of a glob
            return (address,)
        matches = [Path(match) for match in sorted(glob.glob(str(address), recursive=True))]  # noqa: PTH207
        matches = [match for match in matches if not match.is_dir()]  # a pipe is fine
        if not matches:
            raise self._refused(f"no file for locale '{self.locale}': {address} does not exist")
        return tuple(matches)

"""From an address with placeholders to files, by locale."""

from __future__ import annotations

import glob
from pathlib import Path

from understudy.core.errors import UserError
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


def find_files(source: Corpus | Labels, root: Path, place: str, recipe: Path) -> dict[str, tuple[Path, ...]]:
    """The files of each locale of a corpus or label set.

    Args:
        source: the entry of the recipe.
        root: what ``{data}`` stands for, or the artifact's folder when the entry names a ``source`` step.
        place: the entry's place in the recipe, for errors.
        recipe: the recipe's file, for errors.

    Raises:
        UserError: an unknown placeholder, or a locale without a file.
    """
    return {locale: _locale_files(source, root, locale, place, recipe) for locale in source.locales}


def _locale_files(
    source: Corpus | Labels, root: Path, locale: str, place: str, recipe: Path
) -> tuple[Path, ...]:
    values = {"data": str(root), "locale": locale, "language": locale.split("-")[0]}
    try:
        address = Path(source.path.format_map(values))
    except (KeyError, ValueError, IndexError, AttributeError, TypeError) as error:
        raise UserError(
            f"cannot read the address '{source.path}' ({error}); known: {{data}}, {{language}}, {{locale}}",
            file=recipe,
            place=f"{place}.path",
        ) from None
    if source.source is not None:
        address = root / address
    if address.is_dir():
        candidates = [address / pattern.format_map(values) for pattern in _IN_A_FOLDER]
        found = next((file for file in candidates if file.exists()), None)
        if found is None:
            raise UserError(
                f"no file for locale '{locale}' in {address}; due: {candidates[0].name} or {candidates[2]}",
                file=recipe,
                place=f"{place}.path",
            )
        return (found,)
    if address.is_file():  # as it is written, even where it holds characters of a glob
        return (address,)
    matches = [Path(match) for match in sorted(glob.glob(str(address), recursive=True))]  # noqa: PTH207
    if not matches:
        raise UserError(
            f"no file for locale '{locale}': {address} does not exist", file=recipe, place=f"{place}.path"
        )
    return tuple(matches)

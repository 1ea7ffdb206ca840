"""Labelled files from one format to another, with a report of what the other could not hold."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import check_file
from understudy.utterances.formats import Format, format_of
from understudy.utterances.frame import Utterance
from understudy.utterances.given import Given

_ARCHIVES = (".tar.gz", ".tgz", ".tar")


def convert(
    source_format: str, target_format: str, source: Path, target: Path, given: Given | None = None
) -> dict[str, Any]:
    """Convert a file, a folder of files, an archive of them, or a Hugging Face data set.

    A file becomes the file ``target``; a folder's files (also MASSIVE's download, as the archive or unpacked
    with its ``1.1/data``) become files of the same names in ``target``. Every file is written whole or not at
    all.

    Args:
        given: locale and partition of utterances that name none; collects what is lost.

    Returns:
        ``{"files", "utterances", "locales": {locale: {partition: count}}, "lost": {what: count}}``.

    Raises:
        UserError: an unknown format, nothing to convert, or bad input (with file and line).
    """
    reads, writes = format_of(source_format), format_of(target_format)
    given = given or Given()
    counts: dict[str, dict[str, int]] = {}
    total = 0
    with _unpacked(source) as folder:
        pairs = _pairs(folder, target, reads, writes)
        for paths, result in pairs:
            if any(path.resolve() == result.resolve() for path in paths):
                raise UserError("would be overwritten by its own conversion; name another", file=result)
            utterances = _counted(chain.from_iterable(reads.read(path, given) for path in paths), counts)
            total += writes.write(result, utterances, given)
    if not total and not given.lost:
        for _, result in pairs:
            if result.is_file():
                result.unlink()
        raise UserError("holds no utterance", file=source)
    lost = {what: count for what, count in sorted(given.lost.items()) if count}
    return {
        "files": sum(len(paths) for paths, _ in pairs),
        "utterances": total,
        "locales": counts,
        "lost": lost,
    }


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    """The folder an archive holds, for as long as it is needed; anything else as it is."""
    if not source.name.endswith(_ARCHIVES) or source.is_dir():
        yield source
        return
    check_file(source)
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")  # refuses names that lead out of the folder
        except tarfile.FilterError as error:
            raise UserError(f"the archive is not safe to unpack: {error}", file=source) from None
        except (tarfile.TarError, EOFError, OSError) as error:
            raise UserError(f"the archive is cut or damaged ({error}); copy it again", file=source) from None
        yield Path(folder)


def _pairs(source: Path, target: Path, reads: Format, writes: Format) -> list[tuple[list[Path], Path]]:
    """Source files, and the file or (where the format is one) the folder they go to."""
    files = [source]
    if reads.suffixes and source.is_dir():
        files = _files(source, reads.suffixes)
    elif reads.suffixes:
        check_file(source)
    if not writes.suffixes:
        if target.is_file():
            raise UserError("is a file; a directory is due: the format is a folder of files", file=target)
        return [(files, target)]
    if files == [source]:
        if target.is_dir():
            raise UserError("is a directory; a file name is due, since the source is a file", file=target)
        return [(files, target)]
    if target.is_file():
        raise UserError("is a file; a directory is due, since the source is a directory", file=target)
    return [([path], target / _renamed(path.name, reads.suffixes, writes.suffixes)) for path in files]


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    candidates = (folder, folder / "data", folder / "1.1" / "data", *sorted(folder.glob("*/1.1/data")))
    for place in candidates:
        paths = sorted(
            path for path in place.glob("*") if path.name.endswith(suffixes) and path.name[0] not in "._"
        )
        if paths:
            return paths
    raise UserError(f"holds no file that ends in {' or '.join(suffixes)}", file=folder)


def _renamed(name: str, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    suffix = next(suffix for suffix in sorted(old, key=len, reverse=True) if name.endswith(suffix))
    return name if suffix in new else name.removesuffix(suffix) + new[0]


def _counted(utterances: Iterable[Utterance], counts: dict[str, dict[str, int]]) -> Iterator[Utterance]:
    for utterance in utterances:
        of_locale = counts.setdefault(utterance.frame.locale, {})
        of_locale[utterance.partition] = of_locale.get(utterance.partition, 0) + 1
        yield utterance

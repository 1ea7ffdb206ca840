"""Labelled files from one format to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

from understudy.core.errors import UserError, nearest
from understudy.core.files import check_file, read_jsonl, write_jsonl
from understudy.text.locale import Locale
from understudy.utterances.frame import Utterance, text_of
from understudy.utterances.massive import to_massive
from understudy.utterances.read import LabelFormat, read_utterances

_SUFFIXES = (".jsonl.gz", ".jsonl")


def convert(source_format: str, target_format: str, source: Path, target: Path) -> dict[str, Any]:
    """Convert a file, or a folder of files named by locale (also MASSIVE's download with its ``1.1/data``).

    A file becomes the file ``target``; a folder's files become files of the same name in ``target``. Every
    file is written whole or not at all. ``frames`` rows are frame keys and ``partition``.

    Returns:
        ``{"files", "utterances", "locales": {locale: {partition: count}}}``.

    Raises:
        UserError: an unknown format, nothing to convert, or a bad line (with file and line).
    """
    reads, writes = _format(source_format), _format(target_format)
    pairs = _pairs(source, target)
    counts: dict[str, dict[str, int]] = {}
    for path, result in pairs:
        if path.resolve() == result.resolve():
            raise UserError("would be overwritten by its own conversion; name another target", file=path)
        utterances = _counted(_read(path, reads), counts)
        rows = map(to_massive if writes == "massive" else _frame_row, utterances)
        write_jsonl(result, rows)
    total = sum(sum(partitions.values()) for partitions in counts.values())
    return {"files": len(pairs), "utterances": total, "locales": counts}


def _format(name: str) -> LabelFormat:
    for known in get_args(LabelFormat):
        if name == known:
            return name  # type: ignore[return-value]
    raise UserError(f"unknown format '{name}'; {nearest(name, get_args(LabelFormat))}")


def _pairs(source: Path, target: Path) -> list[tuple[Path, Path]]:
    if not source.is_dir():
        check_file(source)
        if target.is_dir():
            raise UserError("is a directory; a file name is due, since the source is a file", file=target)
        return [(source, target)]
    # The download unpacks to 1.1/data; any folder above the files will do.
    for folder in (source, source / "data", source / "1.1" / "data"):
        paths = sorted(path for path in folder.glob("*.jsonl*") if path.name.endswith(_SUFFIXES))
        if paths:
            break
    else:
        raise UserError(f"holds no file named <locale>{' or <locale>'.join(_SUFFIXES)}", file=source)
    if target.is_file():
        raise UserError("is a file; a directory is due, since the source is a directory", file=target)
    return [(path, target / path.name) for path in paths]


def _read(path: Path, source: LabelFormat) -> Iterator[Utterance]:
    """A file's utterances; its locale is the one its first row names."""
    for line, row in read_jsonl(path):
        try:
            locale = str(Locale.parse(text_of(row, "locale")))
        except UserError as error:
            raise UserError(error.problem, file=path, place=line) from None
        return read_utterances(path, locale, source)
    raise UserError("holds only blank lines; at least one utterance is due", file=path)


def _counted(utterances: Iterable[Utterance], counts: dict[str, dict[str, int]]) -> Iterator[Utterance]:
    for utterance in utterances:
        of_locale = counts.setdefault(utterance.frame.locale, {})
        of_locale[utterance.partition] = of_locale.get(utterance.partition, 0) + 1
        yield utterance


def _frame_row(utterance: Utterance) -> dict[str, Any]:
    return {**utterance.frame.to_json(), "partition": utterance.partition}

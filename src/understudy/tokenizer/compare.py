"""Languages against tokenizers: the two measures of several vocabularies on the same text (paper A 2.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from understudy.core.artifact import MANIFEST, Artifact
from understudy.core.errors import UserError, nearest
from understudy.core.files import read_jsonl, read_lines
from understudy.text.locale import LANGUAGES, Locale
from understudy.tokenizer.measures import PieceCounts, count_by_language, numbers
from understudy.tokenizer.prepared import BATCH_ROWS, PreparedText
from understudy.tokenizer.reference import load_splitter

Row = dict[str, Any]
"""A tokenizer: ``name``, ``vocabulary``, ``split_ratio``, ``unk_portion``, ``words``, ``by_language``."""


def compare(tokenizers: Sequence[Path], texts: Sequence[Path], language: str | None, field: str) -> list[Row]:
    """Measure every tokenizer on all of the text, which is read once and held a batch at a time.

    Args:
        tokenizers: as :func:`load_splitter`.
        texts: JSON Lines, plain text, or folders of prepared text.
        language: of rows that do not say theirs; none: the one that the file is named for.
        field: the key of a JSON Lines row that holds its text.

    Raises:
        UserError: a tokenizer or a file that cannot be read; a row without text or language.
    """
    loaded = [load_splitter(path) for path in tokenizers]
    totals: list[dict[str, PieceCounts]] = [{} for _ in loaded]
    for batch in _batches(texts, language, field):
        for total, splitter in zip(totals, loaded, strict=True):
            for name, counts in count_by_language(splitter, [batch]).items():
                total[name] = total.get(name, PieceCounts()) + counts
    return [
        {"name": str(path), "vocabulary": splitter.vocabulary_size, **numbers(dict(sorted(total.items())))}
        for path, splitter, total in zip(tokenizers, loaded, totals, strict=True)
    ]


def of_manifest(folder: Path) -> list[Row]:
    """What a tokenizer step measured: every size of its search, and the reference; or its one size.

    Raises:
        UserError: the folder is no artifact of such a step.
    """
    found = Artifact.load(folder).numbers if (folder / MANIFEST).is_file() else {}
    if "split_ratio" not in found:
        raise UserError(
            "is no artifact of a tokenizer step; name files of text to measure it on", file=folder
        )
    if "curve" not in found:
        return [{"name": str(folder), **found}]
    sizes = [{"name": f"{row['vocabulary']:,} pieces", **row} for row in found["curve"]]
    return [*sizes, {"name": found["reference"]["path"], **found["reference"]}]


def table(rows: Sequence[Row]) -> str:
    """Split ratio and, in percent, unk portion; a line a language, two columns a tokenizer."""
    names = [Path(row["name"]).name[-18:] for row in rows]
    languages = list(rows[0]["by_language"])
    lines = [
        f"{'':<10}" + "".join(f"{name:>19}" for name in names),
        f"{'pieces':<10}" + "".join(f"{row['vocabulary']:>19,}" for row in rows) + f"{'words':>12}",
    ]
    for language in [*languages, "all"]:
        cells = [row if language == "all" else row["by_language"][language] for row in rows]
        values = (f"{cell['split_ratio']:>10.3f}{100 * cell['unk_portion']:>7.3f} %" for cell in cells)
        lines.append(f"{language:<10}" + "".join(values) + f"{cells[0]['words']:>12,}")
    return "\n".join(lines)


def _batches(
    texts: Sequence[Path], language: str | None, field: str
) -> Iterator[tuple[list[str], list[str]]]:
    for path in texts:
        if path.is_dir():
            yield from _prepared(path).batches()
            continue
        rows = _rows(path, _language(language) if language else _language_in_name(path), field)
        while batch := list(islice(rows, BATCH_ROWS)):
            yield [text for text, _ in batch], [its for _, its in batch]


def _prepared(folder: Path) -> PreparedText:
    """The validation rows of a prepare step, or the parts that lie in the folder itself."""
    return PreparedText([folder / "validation" if (folder / "validation").is_dir() else folder])


def _language_in_name(path: Path) -> str | None:
    """``de.txt.gz`` and ``de-DE.jsonl`` are German; other names say nothing."""
    try:
        found = _language(path.name.split(".")[0])
    except UserError:
        return None
    return found if found in LANGUAGES else None


def _language(locale: str) -> str:
    return Locale.parse(locale).language


def _rows(path: Path, default: str | None, field: str) -> Iterator[tuple[str, str]]:
    if ".jsonl" not in path.suffixes:
        if default is None:
            raise UserError("plain text does not say its language; give --language", file=path)
        yield from ((line, default) for _, line in read_lines(path))
        return
    for number, row in read_jsonl(path):
        text = row.get(field)
        if not isinstance(text, str):
            raise UserError(f"no text under '{field}'; {nearest(field, row)}", file=path, place=number)
        its = row.get("language") or row.get("locale") or default
        if not isinstance(its, str):
            raise UserError("says neither 'language' nor 'locale'; give --language", file=path, place=number)
        try:
            yield text, _language(its)
        except UserError as error:
            raise UserError(error.problem, file=path, place=number) from None

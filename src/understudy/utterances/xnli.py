"""XNLI (Conneau et al. 2018) in its public layouts.

Three are known by their columns, whatever they are called:

- ``xnli.dev.tsv`` and ``xnli.test.tsv``: all languages in one file, ``language``, ``gold_label``,
  ``sentence1``, ``sentence2``, and ``pairID``, the same in every language;
- ``multinli.train.<language>.tsv``: ``premise``, ``hypo``, ``label``, where ``contradiction`` is spelled
  ``contradictory``;
- Hugging Face's: Parquet or JSON Lines of ``premise``, ``hypothesis`` and ``label``, a number or a name.

The partition stands in the file's name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_jsonl, read_lines
from understudy.text.locale import Locale
from understudy.utterances.frame import Partition

LABELS = ("entailment", "neutral", "contradiction")
"""By their numbers in Hugging Face's files that do not name them."""

_SPELLINGS = {"contradictory": "contradiction"}
_PARTITIONS: dict[str, Partition] = {"train": "train", "validation": "dev", "dev": "dev", "test": "test"}
_NAMED = re.compile(r"(?<![a-z])(train|validation|dev|test)(?![a-z])")
_SECOND = ("sentence2", "hypothesis", "hypo")
_FIRST = ("sentence1", "premise")
_LABEL = ("gold_label", "label")


@dataclass(frozen=True, slots=True)
class Row:
    """An example as a file has it."""

    id: str
    partition: Partition
    text: str
    pair: str | None
    label: str | None
    """None where the annotators did not agree: ``-`` in a table, -1 as a number."""


def read_xnli(path: Path, locale: str) -> Iterator[Row]:
    """The rows of one language, in file order.

    Args:
        path: ``.tsv``, ``.jsonl`` or ``.parquet``; the first two perhaps compressed.
        locale: whose rows are kept where the file holds several languages.

    Raises:
        UserError: the name tells no partition, the columns are of no known layout, or a row is bad.
    """
    partition = _partition(path)
    language = Locale.parse(locale).language
    for place, row in _rows(path):
        try:
            if row.get("language", language) != language:
                continue
            texts = [_value(row, names) for names in (_FIRST, _SECOND)]
            for name, text in zip(("premise", "hypothesis"), texts, strict=True):
                if not isinstance(text, str) or not text.strip():
                    raise UserError(f"the {name} is empty")
            yield Row(
                str(row.get("pairID") or place), partition, texts[0], texts[1], _label(_value(row, _LABEL))
            )
        except UserError as error:
            raise UserError(error.problem, file=path, place=place) from None


def _partition(path: Path) -> Partition:
    found = _NAMED.search(path.name.lower())
    if found is None:
        raise UserError("the name must hold train, validation, dev or test, which says the split", file=path)
    return _PARTITIONS[found[1]]


def _rows(path: Path) -> Iterable[tuple[int, Mapping[str, Any]]]:
    if path.suffix == ".parquet":
        return _parquet(path)
    return read_jsonl(path) if ".jsonl" in path.suffixes else _table(path)


def _table(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Tab-separated values, which know no quotes: a tab ends a value, a line end a row."""
    header: Sequence[str] = ()
    for number, line in read_lines(path):
        cells = line.split("\t")
        if not header:
            header = cells
            continue
        if len(cells) != len(header):
            problem = f"{len(cells)} values in a row, the header has {len(header)}"
            raise UserError(problem, file=path, place=number)
        yield number, dict(zip(header, cells, strict=True))


def _parquet(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    import pyarrow.parquet as pq  # of an extra, and only this layout needs it

    try:
        table = pq.read_table(path)
        rows = table.to_pylist()
    except Exception as error:
        raise UserError(
            f"cannot be read as Parquet, it may be cut short ({error!s:.200})", file=path
        ) from None
    names = _class_names(table.schema.metadata or {})
    for number, row in enumerate(rows, start=1):
        label = row.get("label")
        named = names and isinstance(label, int) and 0 <= label < len(names)
        yield number, {**row, "label": names[label]} if named else row


def _class_names(metadata: Mapping[bytes, bytes]) -> Sequence[str]:
    """What ``datasets`` writes of a ClassLabel column into the file's schema."""
    try:
        return [
            str(name) for name in json.loads(metadata[b"huggingface"])["info"]["features"]["label"]["names"]
        ]
    except (KeyError, TypeError, ValueError):
        return ()


def _value(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    found = next((name for name in names if name in row), None)
    if found is None:
        raise UserError(f"none of the columns {', '.join(names)}; there are: {', '.join(map(str, row))}")
    return row[found]


def _label(value: Any) -> str | None:
    """The label's name; None where there is none."""
    if value in ("-", -1, None):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(LABELS):
        return LABELS[value]
    name = _SPELLINGS.get(value, value) if isinstance(value, str) else None
    if name not in LABELS:
        raise UserError(f"unknown label {value!r}; it must be one of {', '.join(LABELS)}")
    return name

"""Texts and pairs of texts with one label each, from the recipe's label sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError, nearest
from understudy.core.files import read_jsonl
from understudy.core.stage import LabelFiles
from understudy.text.locale import Locale
from understudy.utterances.frame import Partition, partition_of, text_of
from understudy.utterances.given import Given
from understudy.utterances.read import in_fraction, read_split
from understudy.utterances.xnli import Row, read_xnli

UNLABELLED = "without a gold label"
"""Why rows of XNLI are dropped."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text, or a pair of texts, and its label."""

    id: str
    """Translations of one example have the same."""
    locale: str
    text: str
    pair: str | None
    """The second text; none where one text has the label."""
    label: str


@dataclass(frozen=True)
class Examples:
    """What was read of a split, and what was passed over."""

    rows: list[Example]
    dropped: Counter[str] = field(default_factory=Counter)
    """Rows left out, by reason."""


def read_examples(files: LabelFiles, split: Partition, locales: Collection[str] | None = None) -> Examples:
    """Every example of a split, locale by locale, in file order; ``fraction`` thins out train only.

    Of utterances with intents (``massive``, ``frames``, ``bio``) the intent is the label.

    Args:
        files: the label set.
        split: which part of it.
        locales: only these, by locale or bare language; none: all.

    Raises:
        UserError: a bad row, a locale that the label set lacks or that has no row of this split.
    """
    if split not in files.splits:
        raise ValueError(f"this stage may not open the {split} split, only {', '.join(files.splits)}")
    chosen = chosen_locales(files, locales)
    read = _READERS.get(files.config.format)
    if read is None:
        only = LabelFiles(files.config, {locale: files.files[locale] for locale in chosen}, files.splits)
        frames = read_split(only, split)
        return Examples([Example(each.id, each.locale, each.text, None, each.intent) for each in frames])
    found = Examples([])
    fraction = files.config.fraction if split == "train" else 1.0
    for locale in chosen:
        rows = [row for path in files.files[locale] for row in read(path, locale) if row.partition == split]
        if not rows:
            raise UserError(
                f"locale '{locale}' has no '{split}' example here; looked in "
                f"{', '.join(path.name for path in files.files[locale])}",
                file=files.files[locale][0].parent,
            )
        kept = [row for row in rows if in_fraction(row.id, fraction)]
        if not kept:
            raise UserError(
                f"fraction {fraction} leaves none of {len(rows)} examples of '{locale}'; raise it"
            )
        for row in kept:
            if row.label is None:
                found.dropped[UNLABELLED] += 1
            else:
                found.rows.append(Example(row.id, locale, row.text, row.pair, row.label))
    return found


def chosen_locales(files: LabelFiles, named: Collection[str] | None) -> list[str]:
    """The locales of a label set that are named, each by itself or by its language.

    Raises:
        UserError: a name that none of them has.
    """
    known = list(files.files)
    if named is None:
        return known
    for name in named:
        if not any(_is(locale, name) for locale in known):
            raise UserError(f"no locale '{name}' in this label set; {nearest(name, known)}")
    return [locale for locale in known if any(_is(locale, name) for name in named)]


def _is(locale: str, name: str) -> bool:
    return name in (locale, Locale.parse(locale).language)


def _read_lines(path: Path, locale: str) -> Iterator[Row]:
    """JSON Lines of ``text``, ``label`` and ``partition``; ``pair``, ``id`` and ``locale`` at will."""
    given = Given(locale)
    for line, row in read_jsonl(path):
        try:
            given.locale_of(text_of(row, "locale") if "locale" in row else None)
            yield _row(row, line)
        except UserError as error:
            raise UserError(error.problem, file=path, place=line) from None


def _row(row: dict[str, Any], line: int) -> Row:
    text, label = text_of(row, "text"), text_of(row, "label")
    if not text.strip():
        raise UserError("'text' is empty; an example needs at least one word")
    if not label:
        raise UserError("'label' is empty; leave rows without a label out")
    pair = text_of(row, "pair") if row.get("pair") is not None else None
    name = text_of(row, "id") if "id" in row else str(line)
    return Row(name, partition_of(row), text, pair, label)


_READERS: dict[str, Callable[[Path, str], Iterator[Row]]] = {
    "pairs": _read_lines,
    "xnli": read_xnli,
}

"""What every reader shares: a source, a document, and a row of any format turned into documents."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from understudy.core.addresses import Address
from understudy.core.errors import UserError, nearest
from understudy.core.lines import LINE_LIMIT, TOO_LONG, Span, lines_before
from understudy.core.recipe.entries import Corpus
from understudy.text.normalize import fold

DAMAGE = ("encoding", "malformed", "textless", "too_long")
"""Why a reader drops a row: not UTF-8; not a row of its format; no text where it is due; over 16 MiB."""

SHOWN = 200
"""Characters of a damaged row that are kept to be looked at."""


class Document(NamedTuple):
    """One row as it was read."""

    text: str
    """White space folded; when dropped, the beginning of what was there, for whoever looks into it."""
    confidence: float | None = None
    """The recogniser's; None: the corpus names no key for it; NaN: this row lacks it."""
    dropped: str = ""
    """One of :data:`DAMAGE`, or empty."""


@dataclass(frozen=True)
class Source:
    """One file or data set, or a part of it, and what its rows are."""

    path: Address
    locale: str
    corpus: Corpus
    span: Span | None = None
    """``text`` and ``jsonl``, not compressed: bytes ``[start, end)``, of which the lines that begin there are
    read. ``parquet``: row groups ``[first, end)``. None: everything."""


@dataclass(frozen=True)
class Rows:
    """Rows of a source, as mappings, into documents; and what to do with one that cannot be read."""

    source: Source

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys that are read, the text's first."""
        corpus = self.source.corpus
        return tuple(dict.fromkeys((corpus.field, *corpus.where, *filter(None, (corpus.confidence,)))))

    def chosen(self, row: Mapping[str, Any]) -> bool:
        """Whether ``where`` takes the row."""
        return all(str(row.get(name)) == value for name, value in self.source.corpus.where.items())

    def documents(self, row: Mapping[str, Any], place: int | str) -> Iterator[Document]:
        """The documents of one row: one, or with ``unit: line`` one a line; none where ``where`` says so."""
        if self.source.corpus.where and not self.chosen(row):
            return
        corpus = self.source.corpus
        text = row.get(corpus.field)
        if not isinstance(text, str):
            known = corpus.field in row
            wrong = (
                f"holds no text but {text!r:.100}" if known else f"is missing; {nearest(corpus.field, row)}"
            )
            yield self.damaged("textless", f"the key '{corpus.field}' {wrong}", place, str(row))
            return
        if len(text) > LINE_LIMIT:
            yield self.damaged("too_long", TOO_LONG, place, text)
            return
        confidence = None
        if corpus.confidence is not None:
            value = row.get(corpus.confidence)
            try:
                confidence = _number(value)
            except (TypeError, ValueError):
                problem = f"the key '{corpus.confidence}' holds no number but {value!r:.100}"
                yield self.damaged("malformed", problem, place, text)
                return
        for part in text.split("\n") if corpus.unit == "line" else (text,):
            yield Document(fold(part), confidence)

    def damaged(self, reason: str, problem: str, place: int | str, raw: bytes | str = "") -> Document:
        """A dropped document, or the error, as the corpus says; ``raw`` is what cannot be read.

        Raises:
            UserError: ``damaged: stop``; a line's number within a span becomes the one in the file.
        """
        if self.source.corpus.damaged == "drop":
            shown = raw[:SHOWN]
            return Document(
                fold(shown if isinstance(shown, str) else shown.decode(errors="replace")), None, reason
            )
        if self.source.span is not None and isinstance(place, int):
            place += lines_before(self.source.path, self.source.span[0])
        raise UserError(problem, file=self.source.path, place=place)

    def check_found(self, found: bool) -> None:
        """Refuse a file of which nothing was read; of a span that is no mistake.

        Raises:
            UserError: naming ``where`` and the locale.
        """
        if found or self.source.span is not None:
            return
        chosen = ", ".join(f"{name}: {value}" for name, value in self.source.corpus.where.items())
        asked = f" with {{{chosen}}} ('where')" if chosen else ""
        raise UserError(f"no row{asked} for locale '{self.source.locale}'", file=self.source.path)


def _number(value: Any) -> float:
    """A confidence; NaN where there is none."""
    if value is None or value == "":
        return math.nan
    if isinstance(value, bool):
        raise TypeError
    return float(value)

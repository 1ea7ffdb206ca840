"""One file of a corpus to its documents: a reader a format, and one way to say what is wrong with a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from understudy.corpus.readers.hub import read_hub
from understudy.corpus.readers.json_lines import read_json_lines
from understudy.corpus.readers.parquet import read_parquet
from understudy.corpus.readers.plain import read_plain
from understudy.corpus.readers.rows import DAMAGE, Document, Source
from understudy.corpus.readers.tables import read_csv, read_tsv

__all__ = ["DAMAGE", "Document", "Source", "documents"]

Format = Literal["jsonl", "text", "csv", "tsv", "parquet", "huggingface"]

_READERS: dict[Format, Callable[[Source], Iterator[Document]]] = {
    "csv": read_csv,
    "huggingface": read_hub,
    "jsonl": read_json_lines,
    "parquet": read_parquet,
    "text": read_plain,
    "tsv": read_tsv,
}


def documents(source: Source) -> Iterator[Document]:
    """The rows of one source, white space folded; rows that ``where`` turns away are passed over.

    A row that cannot be read comes out with its reason in ``dropped`` where the corpus says
    ``damaged: drop``.

    Raises:
        UserError: the file is missing, empty or damaged, or a row is (``damaged: stop``), with file and line;
            a column is missing; no row is left after ``where`` (only told of a whole file, not of a span).
    """
    return _READERS[source.corpus.format](source)

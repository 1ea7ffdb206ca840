"""A large source in parts that can be read apart, without reading it."""

from __future__ import annotations

from itertools import pairwise

from understudy.core.addresses import size_of
from understudy.core.compression import is_compressed
from understudy.corpus.readers.parquet import parquet_file
from understudy.corpus.readers.rows import Source


def parts(source: Source, size: int) -> list[Source]:
    """The source in parts of about ``size`` stored bytes, which together hold every row once, in order.

    Plain text and JSON Lines are cut between lines, Parquet between row groups. What is compressed, quoted
    over lines (CSV), joined over lines (``unit: document`` of plain text) or streamed stays whole.

    Raises:
        UserError: a Parquet file that cannot be opened; a remote address that cannot be reached.
    """
    corpus = source.corpus
    if corpus.format == "parquet":
        return _row_groups(source, size)
    lines = corpus.format == "jsonl" or (corpus.format == "text" and corpus.unit != "document")
    if not lines or is_compressed(source.path):
        return [source]
    total = size_of(source.path)
    if total is None or total <= size:
        return [source]
    count = -(-total // size)
    bounds = [total * i // count for i in range(count + 1)]
    return [_part(source, start, end) for start, end in pairwise(bounds)]


def _row_groups(source: Source, size: int) -> list[Source]:
    with parquet_file(source) as file:
        sizes = [file.metadata.row_group(group).total_byte_size for group in range(file.num_row_groups)]
    found: list[Source] = []
    begins = held = 0
    for group, bytes_here in enumerate(sizes):
        if held and held + bytes_here > size:
            found.append(_part(source, begins, group))
            begins, held = group, 0
        held += bytes_here
    if not found:
        return [source]
    return [*found, _part(source, begins, len(sizes))]


def _part(source: Source, start: int, end: int) -> Source:
    return Source(source.path, source.locale, source.corpus, (start, end))

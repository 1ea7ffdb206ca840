"""Public sentences of one language joined to rows of about 700 words (paper A 2.1).

Sentences are taken in the order of a seeded shuffle, not of their files: a row then says nothing about how
the text was stored, and comes out the same whatever the order of reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from understudy.corpus.draw import SPAN
from understudy.corpus.engine import daft

ROWS_A_BUCKET = 512
"""Packed rows that one worker joins at a time; each bucket ends in one short row a language."""


class Piece(NamedTuple):
    """A sentence, or a row of joined ones, with its place in the shuffle."""

    draw: int
    text: str
    words: int


def pack(sentences: Iterable[Piece], limit: int) -> Iterator[Piece]:
    """Join sentences in order, with spaces, to rows of at most ``limit`` words.

    None is split: a sentence longer than the limit is a row by itself. A row takes the place of its first
    sentence.
    """
    row: list[Piece] = []
    words = 0
    for sentence in sentences:
        if row and words + sentence.words > limit:
            yield _joined(row, words)
            row, words = [], 0
        row.append(sentence)
        words += sentence.words
    if row:
        yield _joined(row, words)


def _joined(row: list[Piece], words: int) -> Piece:
    return Piece(row[0].draw, " ".join(sentence.text for sentence in row), words)


_PIECE = daft.DataType.struct(
    {"draw": daft.DataType.uint64(), "text": daft.DataType.string(), "words": daft.DataType.int64()}
)


@daft.func.batch(return_dtype=daft.DataType.list(_PIECE))
def _pack(buckets: daft.Series, limit: Any) -> Any:
    return [
        [row._asdict() for row in pack(sorted(Piece(**sentence) for sentence in bucket), limit)]
        for bucket in buckets.to_pylist()
    ]


def pack_rows(rows: daft.DataFrame, limit: int, words: int) -> daft.DataFrame:
    """Pack the public rows of ``text, language, kind, words, draw``; in-domain rows stay as they are.

    Args:
        rows: the table.
        limit: words a packed row; 0 packs nothing.
        words: public words in the table, roughly; with ``limit`` it sets the number of buckets.
    """
    columns = ("text", "language", "kind", "words", "draw")
    rows = rows.select(*columns)
    if not limit:
        return rows
    col = daft.col
    # A bucket is a range of draws: the same sentences meet however the table is partitioned.
    buckets = max(1, words // (limit * ROWS_A_BUCKET))
    width = min(SPAN // buckets + 1, SPAN - 1)  # a draw and its divisor are 64 bits
    bucket = (col("draw") // daft.lit(width).cast(daft.DataType.uint64())).alias("bucket")
    piece = daft.functions.to_struct(col("draw"), col("text"), col("words")).alias("sentences")
    public = rows.where("kind = 'public'")
    packed = (
        public.select("language", "kind", bucket, piece)
        .groupby("language", "kind", "bucket")
        .agg(col("sentences").list_agg())
        .select("language", "kind", _pack(col("sentences"), limit).alias("row"))
        .explode("row")
        .select("language", "kind", col("row").unnest())
    )
    return packed.select(*columns).concat(rows.where("kind <> 'public'"))

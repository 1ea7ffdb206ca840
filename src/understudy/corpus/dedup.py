"""De-duplication with counts: public text once, an utterance seen n times sqrt(n) times (paper A 2.1)."""

from __future__ import annotations

from understudy.corpus.engine import daft


def copies(n: int, kind: str) -> int:
    """How often a text seen ``n`` times is kept: once, or for in-domain sqrt(n) to the nearest (at least 1).

    The square root of a whole number is never halfway between two, so rounding has no ties.
    """
    return 1 if kind == "public" else round(n**0.5)


def deduplicate(rows: daft.DataFrame) -> daft.DataFrame:
    """One row per (kind, language, dropped, text), with ``seen`` and ``copies`` (0 for dropped rows).

    Dropped rows hold no text, so they come out as one row of counts per reason.
    """
    col = daft.col
    unique = rows.groupby("kind", "language", "dropped", "text").agg(
        daft.lit(1).count().cast(daft.DataType.int64()).alias("seen"),
        col("words").max(),
        col("spoken").cast(daft.DataType.int64()).max(),
    )
    root = col("seen").cast(daft.DataType.float64()).sqrt().round().cast(daft.DataType.int64())
    number = daft.functions.when(col("kind") == "public", 1).otherwise(root)
    return unique.with_column("copies", daft.functions.when(col("dropped") == "", number).otherwise(0))

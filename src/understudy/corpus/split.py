"""Training and validation, split by text before anything is repeated or joined.

The side hangs on the text alone, so copies of one sentence never straddle the split, not even between public
and in-domain text. Every language of every kind holds out at least one text: the one with the smallest draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from understudy.core.errors import UserError
from understudy.corpus.draw import below, draw, key
from understudy.corpus.engine import daft


def held_out(text: str, seed: int, share: float, smallest: frozenset[int]) -> bool:
    """Whether ``text`` is for validation; ``smallest`` holds the smallest draw of each kind and language."""
    mine = draw(text, key(seed, "split"))
    return mine < below(share) or mine in smallest


@daft.func.batch(return_dtype=daft.DataType.uint64())
def _draws(text: daft.Series, seed: Any) -> Any:
    own = key(seed, "split")
    return pa.array([draw(one, own) for one in text.to_pylist()], pa.uint64())


def split(unique: daft.DataFrame, seed: int, share: float) -> daft.DataFrame:
    """Add ``held_out`` (boolean) to a table of unique texts; false for dropped rows."""
    col = daft.col
    drawn = unique.with_column("split", _draws(col("text"), seed)).collect()
    kept = drawn.where("dropped = ''")
    smallest = kept.groupby("kind", "language").agg(col("split").min()).to_pydict()["split"]
    chosen = (col("split") < daft.lit(below(share)).cast(daft.DataType.uint64())) | col("split").is_in(
        daft.lit(value).cast(daft.DataType.uint64()) for value in smallest
    )
    return drawn.with_column("held_out", chosen & daft.sql_expr("dropped = ''")).exclude("split")


def check_left(train: Mapping[tuple[str, str], int], read: Mapping[tuple[str, str], int]) -> None:
    """Refuse a language that lost all of its training text; keys are (kind, language), values rows.

    Raises:
        UserError: naming the kind, the language and how many rows had been read.
    """
    for (kind, language), rows in sorted(read.items()):
        if not train.get((kind, language)):
            raise UserError(
                f"no training text is left of {rows} {kind.replace('_', '-')} rows in '{language}': all were"
                " dropped (too short, empty, repeated) or held out for validation; give more text or lower"
                " 'minimum_words'"
            )

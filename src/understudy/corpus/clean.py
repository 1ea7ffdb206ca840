"""Each row on its own: drop it for a named reason, or keep it, in spoken or written form (paper A 2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from understudy.corpus.draw import below, draw, key
from understudy.corpus.engine import daft
from understudy.corpus.read import raise_problem
from understudy.text.locale import Locale
from understudy.text.spoken import spoken
from understudy.text.words import count_words

Kind = Literal["public", "in_domain"]


class Cleaned(NamedTuple):
    """A row after cleaning; a dropped one has no text."""

    text: str
    words: int
    spoken: bool
    """It was put into spoken form here; in-domain text arrives in it."""
    dropped: str
    """Why it was dropped (``empty``, ``short``); empty when kept."""


@cache
def language_of(locale: str) -> str:
    """The language of a locale: rows are sampled and counted by it."""
    return Locale.parse(locale).language


@dataclass(frozen=True)
class Rules:
    """What decides a row's fate: see the fields of the same names in the recipe."""

    seed: int
    spoken_share: float
    minimum_words: int

    def clean(self, text: str, locale: str, kind: Kind) -> Cleaned:
        """Clean one text whose white space is folded."""
        # The choice hangs on the text alone, so a sentence takes the same form wherever it is met.
        to_spoken = kind == "public" and draw(text, key(self.seed, "spoken")) < below(self.spoken_share)
        if to_spoken:
            text = spoken(text, locale)
        if not text:
            return Cleaned("", 0, False, "empty")
        words = count_words(text, language_of(locale))
        if kind == "in_domain" and words < self.minimum_words:
            return Cleaned("", 0, False, "short")
        return Cleaned(text, words, to_spoken, "")


_TYPES = {
    "text": pa.large_string(),
    "words": pa.int64(),
    "spoken": pa.bool_(),
    "dropped": pa.large_string(),
    "language": pa.large_string(),
}


@daft.func.batch(
    return_dtype=daft.DataType.struct({name: daft.DataType.from_arrow_type(t) for name, t in _TYPES.items()}),
    unnest=True,
)
def _clean(
    text: daft.Series, locale: daft.Series, kind: daft.Series, problem: daft.Series, rules: Any
) -> Any:
    rows = []
    for one, place, sort, wrong in zip(*(c.to_pylist() for c in (text, locale, kind, problem)), strict=True):
        if wrong is not None:
            raise_problem(wrong)
        rows.append((*rules.clean(one, place, sort), language_of(place)))
    columns = zip(*rows, strict=True) if rows else [()] * len(_TYPES)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, _TYPES.values(), strict=True)]
    return pa.StructArray.from_arrays(arrays, names=list(_TYPES))


def clean(rows: daft.DataFrame, rules: Rules) -> daft.DataFrame:
    """``text, locale, kind, problem`` -> ``kind, text, words, spoken, dropped, language``, a row each.

    Raises (when it runs):
        UserError: the first ``problem`` met.
    """
    col = daft.col
    return rows.select("kind", _clean(col("text"), col("locale"), col("kind"), col("problem"), rules))

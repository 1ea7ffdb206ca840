"""Training and validation, split by text before anything is repeated or joined.

The side hangs on the text alone, so copies of one sentence never straddle the split, not even between public
and in-domain text. Every language of every kind holds out at least one text: the one with the smallest draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from understudy.core.errors import UserError
from understudy.corpus.draw import SPAN, Draws, below, draw, key
from understudy.corpus.groups import Group


def held_out(text: str, seed: int, share: float, smallest: frozenset[int]) -> bool:
    """Whether ``text`` is for validation; ``smallest`` holds the smallest draw of each kind and language."""
    mine = draw(text, key(seed, "split"))
    return mine < below(share) or mine in smallest


def under(split: Draws, bound: int) -> NDArray[np.bool_]:
    """Which draws are below ``bound``, that may be one more than a draw can be."""
    return split < np.uint64(bound) if bound < SPAN else np.ones(len(split), np.bool_)


def for_validation(split: Draws, bound: int, smallest: Iterable[int]) -> NDArray[np.bool_]:
    """:func:`held_out` of many texts by their draws, ``[n]``; ``bound`` is ``below(share)``."""
    return under(split, bound) | np.isin(split, np.array(sorted(smallest), np.uint64))


def check_left(train: Mapping[Group, int], read: Mapping[Group, int]) -> None:
    """Refuse a language that lost all of its training text; values are rows.

    Raises:
        UserError: naming the kind or corpus, the language and how many rows had been read.
    """
    for group, rows in sorted(read.items()):
        if not train.get(group):
            raise UserError(
                f"no training text is left of {rows} {group.name.replace('_', '-')} rows in"
                f" '{group.language}': all were"
                " dropped (too short, empty, repeated) or held out for validation; give more text or lower"
                " 'minimum_words'"
            )

"""What the caller says of labelled files whose format does not hold it, and what is lost on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from understudy.core.errors import UserError
from understudy.corpus.draw import SPAN, draw
from understudy.utterances.frame import PARTITIONS, Partition

Shares = tuple[float, float, float]
"""Shares of train, dev and test."""


@dataclass(frozen=True)
class Given:
    """Locale and partition of utterances that do not name their own.

    ``split`` shares unmarked utterances out by their text: equal texts go to the same side, at every run.
    ``lost`` counts, in words for the user, what one format holds and another cannot; readers and writers add
    to it.
    """

    locale: str | None = None
    partition: Partition | None = None
    split: Shares | None = None
    lost: Counter[str] = field(default_factory=Counter)

    def locale_of(self, named: str | None) -> str:
        """The locale an utterance names, or the given one; both must agree where both are there.

        Raises:
            UserError: they differ, or there is neither.
        """
        if named and self.locale and named != self.locale:
            raise UserError(f"the row is of locale '{named}'; this file was asked for '{self.locale}'")
        locale = named or self.locale
        if not locale:
            raise UserError("no locale is named here; give --locale, such as en-US")
        return locale

    def partition_of(self, text: str, named: Partition | None = None) -> Partition:
        """The partition an utterance names, or the given one, or its side of the split.

        Raises:
            UserError: there is none of them.
        """
        if named or self.partition:
            return named or self.partition or "train"
        if self.split is None:
            raise UserError("no partition is named here; give --partition train, dev or test, or --split")
        return side(text, self.split)


def shares_of(written: str) -> Shares:
    """``80:10:10`` -> shares of train, dev and test.

    Raises:
        UserError: not three numbers, a negative one, or nothing but zeros.
    """
    try:
        train, dev, test = map(float, written.split(":"))
    except ValueError:
        train = dev = test = -1.0
    if min(train, dev, test) < 0 or not 0 < train + dev + test < float("inf"):
        raise UserError(f"'{written}' is no split; write train:dev:test, such as 80:10:10")
    return train, dev, test


def side(text: str, shares: Shares) -> Partition:
    """The side of a split that a text falls on, by a hash of it."""
    drawn = draw(text, b"split") / SPAN
    bound = 0.0
    for partition, share in zip(PARTITIONS, shares, strict=True):
        bound += share / sum(shares)
        if drawn < bound:
            return partition
    return PARTITIONS[-1]

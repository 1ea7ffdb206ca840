"""What decides that a row of a corpus is dropped; every reason is counted, by kind and language."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from understudy.core.recipe.entries import Names, Strict


class NearDuplicates(Strict):
    """Of texts that are nearly the same one is kept: MinHash over n-grams, compared band by band.

    Two texts whose n-grams have the Jaccard similarity s are taken for near duplicates with probability
    1 - (1 - s^rows)^bands: with 16 bands of 10 rows 9 % at 0.6, 37 % at 0.7, 84 % at 0.8 and 99.9 % at 0.9.
    """

    bands: int = Field(default=16, ge=1, le=128)
    """More bands find more pairs, and cost time and memory in proportion."""
    rows: int = Field(default=10, ge=1, le=64)
    """Hashes a band; more of them ask for more similarity."""
    ngram: int = Field(default=5, ge=1, le=32)
    """Words an n-gram; characters in languages written without spaces."""

    @property
    def threshold(self) -> float:
        """The similarity at which a pair is found with about even odds."""
        return float((1 - 0.5 ** (1 / self.bands)) ** (1 / self.rows))


class Contamination(Strict):
    """Texts of test sets, kept out of the training text (paper A 2.7).

    A text goes when it equals a test text, or shares ``ngram`` words in a row with one. Case, punctuation and
    white space do not count. Of a test text shorter than ``ngram`` words only equal texts go.
    """

    labels: Annotated[tuple[str, ...], Names("labels")] = ()
    """Label sets whose dev and test utterances are kept out."""
    corpora: Annotated[tuple[str, ...], Names("corpora")] = ()
    """Corpora all of whose rows are kept out."""
    ngram: int = Field(default=13, ge=2, le=64)
    """Words in a row; two characters stand for a word in languages written without spaces."""


class Filters(Strict):
    """Each filter is off unless it is asked for."""

    script_share: float | None = Field(default=None, ge=0, le=1)
    """``script``: at least this share of a text's letters is of the scripts its language is written in."""
    minimum_characters: int = Field(default=0, ge=0)
    """``few_characters``: shorter texts go."""
    maximum_characters: int | None = Field(default=None, ge=1)
    """``many_characters``: longer texts go."""
    confidence: float | None = Field(default=None, ge=0, le=1)
    """``low_confidence``: utterances of which the recogniser was less sure go (paper B 3.1), and as
    ``no_confidence`` those that lack a value. It asks only corpora that name the key (``confidence``)."""
    near_duplicates: NearDuplicates | None = None
    """``near_duplicate``: texts of one language and kind that are nearly the same as another."""
    contamination: Contamination | None = None
    """``contamination``: texts of test sets."""

    @model_validator(mode="after")
    def _lengths_in_order(self) -> Self:
        if self.maximum_characters is not None and self.maximum_characters < self.minimum_characters:
            raise ValueError("maximum_characters is less than minimum_characters; nothing would be kept")
        return self

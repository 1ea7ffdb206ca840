"""Each row on its own: drop it for a named reason, or keep it, in spoken or written form (paper A 2.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from understudy.corpus.draw import below, draw, key
from understudy.corpus.readers import Document
from understudy.text.locale import Locale
from understudy.text.spoken import spoken
from understudy.text.words import UNSPACED_LANGUAGES, count_words

Kind = Literal["public", "in_domain"]


class Cleaned(NamedTuple):
    """A row after cleaning; a dropped one has no text."""

    text: str
    words: int
    spoken: bool
    """It was put into spoken form here; in-domain text arrives in it."""
    dropped: str
    """Why it was dropped (``empty``, ``short``, or what a reader or filter says); empty when kept."""


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

    def cleaner(self, locale: str, kind: Kind) -> Callable[[Document], Cleaned]:
        """What cleans a document of this locale and kind."""
        language = language_of(locale)
        spaced = language not in UNSPACED_LANGUAGES
        spoken_key, bound = key(self.seed, "spoken"), below(self.spoken_share)
        minimum = self.minimum_words if kind == "in_domain" else 0
        share = self.spoken_share if kind == "public" else 0.0

        def clean(document: Document) -> Cleaned:
            if document.dropped:
                return Cleaned("", 0, False, document.dropped)
            text = document.text
            # The choice hangs on the text alone, so a sentence takes the same form wherever it is met.
            to_spoken = share > 0 and draw(text, spoken_key) < bound
            if to_spoken:
                text = spoken(text, locale)
            if not text:
                return Cleaned("", 0, False, "empty")
            # White space is folded: where spaces part words, counting them is faster, and the same.
            words = text.count(" ") + 1 if spaced else count_words(text, language)
            if words < minimum:
                return Cleaned("", 0, False, "short")
            return Cleaned(text, words, to_spoken, "")

        return clean

"""Each row on its own: drop it for a named reason, or keep it, in spoken or written form (paper A 2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from understudy.core.recipe.deidentify import Deidentify
from understudy.core.recipe.text_filters import Filters
from understudy.corpus.draw import below, draw, key
from understudy.corpus.filters import reason
from understudy.corpus.presidio import presidio_replace
from understudy.corpus.readers import Document
from understudy.text.deidentify import deidentify
from understudy.text.locale import Locale
from understudy.text.noise import NoiseRates, noisy
from understudy.text.spoken import spoken
from understudy.text.words import UNSPACED_LANGUAGES, count_words

Kind = Literal["public", "in_domain"]


class Cleaned(NamedTuple):
    """A row after cleaning; a dropped one keeps the text it had."""

    text: str
    words: int
    spoken: bool
    """It was put into spoken form here; in-domain text arrives in it."""
    dropped: str
    """Why it was dropped: ``empty``, ``short``, or what a reader or filter says; empty when kept."""


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
    filters: Filters = field(default_factory=Filters)
    """Those that look at a row alone are heeded here."""
    personal: Deidentify | None = None
    noise: NoiseRates | None = None

    def cleaner(self, locale: str, kind: Kind, replaced: Counter[str]) -> Callable[[Document], Cleaned]:
        """What cleans a document of this locale and kind; placeholders are counted in ``replaced``."""
        language = language_of(locale)
        spaced = language not in UNSPACED_LANGUAGES
        spoken_key, bound = key(self.seed, "spoken"), below(self.spoken_share)
        noise, noise_key = self.noise, key(self.seed, "noise")
        minimum = self.minimum_words if kind == "in_domain" else 0
        share = self.spoken_share if kind == "public" else 0.0
        filters = self.filters if self.filters != Filters() else None
        anonymous = self._anonymous(locale, kind, replaced)

        def clean(document: Document) -> Cleaned:
            text = document.text
            dropped = document.dropped or ("" if text else "empty")
            if (
                anonymous and not dropped
            ):  # before all else: what is written aside holds no personal data either
                text = anonymous(text)
            if filters and not dropped:
                dropped = reason(filters, text, language, document.confidence)
            if dropped:
                return Cleaned(text, 0, False, dropped)
            # The choice hangs on the text alone, so a sentence takes the same form wherever it is met.
            to_spoken = share > 0 and draw(text, spoken_key) < bound
            if to_spoken:
                text = spoken(text, locale)
                if noise:
                    text = noisy(text, language, noise, noise_key)
            if not text:
                return Cleaned("", 0, False, "empty")
            # White space is folded: where spaces part words, counting them is faster, and the same.
            words = text.count(" ") + 1 if spaced else count_words(text, language)
            if words < minimum:
                return Cleaned(text, words, to_spoken, "short")
            return Cleaned(text, words, to_spoken, "")

        return clean

    def _anonymous(self, locale: str, kind: Kind, replaced: Counter[str]) -> Callable[[str], str] | None:
        config, language = self.personal, language_of(locale)
        if config is None or not getattr(config, kind):
            return None

        def anonymous(text: str) -> str:
            text, found = deidentify(text, locale, config.digits)
            replaced.update(found)
            if language in config.presidio:
                text, found = presidio_replace(text, language, config.presidio)
                replaced.update(found)
            return text

        return anonymous

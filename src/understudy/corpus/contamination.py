"""Texts of test sets, kept out of training text: equal ones, and those with a long run of words in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from understudy.core.recipe.text_filters import Contamination
from understudy.corpus.ngrams import Hashes, grams, plain
from understudy.text.words import UNSPACED_LANGUAGES

REASON = "contamination"

_BATCH = 4096


@dataclass(frozen=True)
class TestTexts:
    """What training texts are compared with; small, and fit to be sent to workers.

    A training text is looked up among the test texts of its own language.
    """

    __test__ = False  # pytest takes it for tests by its name

    ngram: int
    equal: Mapping[str, frozenset[str]]
    """By language: the texts, as :func:`plain` makes them."""
    runs: Mapping[str, Hashes]
    """By language: the n-grams of the texts that are that long, sorted."""

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]], config: Contamination) -> TestTexts:
        """From pairs of language and text."""
        found: dict[str, set[str]] = {}
        for language, text in texts:
            if compared := plain(text, language):
                found.setdefault(language, set()).add(compared)
        runs = {}
        for language, known in found.items():
            ordered = sorted(known)
            parts = []
            for begin in range(0, len(ordered), _BATCH):
                some = grams(ordered[begin : begin + _BATCH], language, _window(config.ngram, language))
                parts.append(some.hashes[np.repeat(some.whole, some.counts)])
            runs[language] = np.unique(np.concatenate(parts))
        return cls(config.ngram, {language: frozenset(known) for language, known in found.items()}, runs)

    def found(self, texts: Sequence[str], language: str) -> NDArray[np.bool_]:
        """[texts]: whether each text is to be kept out; one call a batch, a batch a language."""
        equal, runs = self.equal.get(language), self.runs.get(language)
        if equal is None or runs is None:
            return np.zeros(len(texts), np.bool_)
        compared = [plain(text, language) for text in texts]
        met = np.fromiter((text in equal for text in compared), np.bool_, len(texts))
        if not len(runs):
            return met
        for begin in range(0, len(texts), _BATCH):
            some = grams(compared[begin : begin + _BATCH], language, _window(self.ngram, language))
            hits = runs[np.minimum(np.searchsorted(runs, some.hashes), len(runs) - 1)] == some.hashes
            hits &= np.repeat(some.whole, some.counts)
            owners = np.repeat(np.arange(len(some.counts)), some.counts)
            met[begin + owners[hits]] = True
        return met


def _window(ngram: int, language: str) -> int:
    """Words, or twice as many characters: two stand for a word here as they do when words are counted.

    As many characters as words would take a phrase for a sentence: with 13 of them one in 20 of MASSIVE's
    Japanese training utterances goes, for "the best rated delivery option" and the like.
    """
    return 2 * ngram if language in UNSPACED_LANGUAGES else ngram

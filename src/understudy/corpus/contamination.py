"""Texts of test sets, kept out of training text: equal ones, and those with a long run of words in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    A training text is looked up among the test texts of its own language. A text of fewer words than a run is
    one run by itself, so of a short test text only equal texts are found.
    """

    __test__ = False  # pytest takes it for tests by its name

    ngram: int
    runs: Mapping[str, Hashes]
    """By language: the runs of all test texts, sorted. Two that differ have one hash once in 2**64."""

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]], config: Contamination) -> TestTexts:
        """From pairs of language and text."""
        found: dict[str, set[str]] = {}
        for language, text in texts:
            found.setdefault(language, set()).add(plain(text, language))
        runs = {}
        for language, known in found.items():
            parts = [
                grams(some, language, _window(config.ngram, language)).hashes for some in _batches([*known])
            ]
            runs[language] = np.unique(np.concatenate(parts))
        return cls(config.ngram, runs)

    def found(self, texts: Sequence[str], language: str) -> NDArray[np.bool_]:
        """[texts]: whether each text is to be kept out; one call a batch, a batch a language."""
        runs = self.runs.get(language)
        if runs is None or not len(runs):
            return np.zeros(len(texts), np.bool_)
        met = [np.zeros(0, np.bool_)]
        for some in _batches(texts):
            compared = [plain(text, language) for text in some]
            own = grams(compared, language, _window(self.ngram, language))
            hits = runs[np.minimum(np.searchsorted(runs, own.hashes), len(runs) - 1)] == own.hashes
            owners = np.repeat(np.arange(len(some)), own.counts)
            met.append(np.bincount(owners[hits], minlength=len(some)) > 0)
        return np.concatenate(met)


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(texts), _BATCH):
        yield texts[begin : begin + _BATCH]


def _window(ngram: int, language: str) -> int:
    """Words, or twice as many characters: two stand for a word here as they do when words are counted.

    As many characters as words would take a phrase for a sentence: with 13 of them one in 20 of MASSIVE's
    Japanese training utterances goes, for "the best rated delivery option" and the like.
    """
    return 2 * ngram if language in UNSPACED_LANGUAGES else ngram

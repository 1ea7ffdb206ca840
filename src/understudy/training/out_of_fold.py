"""What linear models on words and letters say of labels that they did not see; scikit-learn, no torch."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.core.errors import UserError
from understudy.corpus.draw import draw, key
from understudy.text.normalize import fold

_HASHES = 1 << 18
"""Columns of word features: few of a locale's share one."""


def check_installed() -> None:
    """Raise a :class:`UserError` unless scikit-learn is there."""
    if importlib.util.find_spec("sklearn") is None:
        raise UserError("looking for suspect labels needs: pip install 'understudy[suspects]'")


def folds_of(texts: Sequence[str], folds: int, seed: int) -> NDArray[np.int64]:
    """The part that each text belongs to, by a hash of it: equal texts are in one."""
    secret = key(seed, "fold")
    return np.array([draw(text, secret) % folds for text in texts], dtype=np.int64)


def word_and_letter_features(
    texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
) -> tuple[Any, Any]:
    """Features of each text, and of each word, whose characters ``spans`` names text by text."""
    words = [[normal(text[start:end]) for start, end in of] for text, of in zip(texts, spans, strict=True)]
    return text_features([normal(text) for text in texts]), word_features(words) if any(words) else None


def normal(text: str) -> str:
    """Case and runs of spaces make no difference."""
    return fold(text).casefold()


def text_features(texts: Sequence[str]) -> Any:
    """(N, features) tf-idf of words, pairs of words, and two to four letters within words; sparse."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+")
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    return make_union(words, letters).fit_transform(texts).tocsr()


def word_features(texts: Sequence[Sequence[str]]) -> Any:
    """(words of all texts, features) a word, its letters and its neighbours, hashed; sparse."""
    from sklearn.feature_extraction import FeatureHasher

    hasher = FeatureHasher(_HASHES, input_type="string", alternate_sign=False)
    return hasher.transform(feature for words in texts for feature in _around(words)).tocsr()


def _around(words: Sequence[str]) -> Iterator[list[str]]:
    padded = ["<", "<", *words, ">", ">"]
    for at, word in enumerate(words, start=2):
        before, after = padded[at - 1], padded[at + 1]
        yield [
            f"0 {word}",
            f"-1 {before}",
            f"+1 {after}",
            f"-2 {padded[at - 2]}",
            f"+2 {padded[at + 2]}",
            f"-1 0 {before} {word}",
            f"0 +1 {word} {after}",
            f"-1 +1 {before} {after}",
            f"-2 -1 {padded[at - 2]} {before}",
            f"+1 +2 {after} {padded[at + 2]}",
            f"^ {word[:3]}",
            f"$ {word[-3:]}",
            f"# {any(letter.isdigit() for letter in word)}",
        ]


def out_of_fold(
    features: Any,
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    classes: int,
    seed: int,
    done: Callable[[int], None] = lambda _: None,
) -> NDArray[np.float64]:
    """(N, classes) the probability of every class, by logistic regression on the rows of other folds.

    A class that no other fold has gets 0.

    Args:
        features: (N, features), sparse or not, their rows about 1 long.
        labels: (N,) class numbers.
        folds: (N,).
        classes: how many there are.
        seed: of the solver.
        done: called with 1 after each fold.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    probabilities = np.zeros((len(labels), classes))
    for part in np.unique(folds):
        inside, outside = np.flatnonzero(folds == part), np.flatnonzero(folds != part)
        present = np.unique(labels[outside])
        if len(present) == 1:
            probabilities[inside, present[0]] = 1.0
        elif len(present):
            # A loose solution, found in seconds, judges held-out labels as well as an exact one.
            model = LogisticRegression(C=10.0, solver="saga", tol=1e-2, max_iter=20, random_state=seed)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                model.fit(features[outside], labels[outside])
            probabilities[np.ix_(inside, model.classes_)] = model.predict_proba(features[inside])
        done(1)
    return probabilities

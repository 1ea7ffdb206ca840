"""Of texts that are nearly the same, one: MinHash signatures, compared band by band.

After Broder, "On the resemblance and containment of documents" (1997), and Leskovec, Rajaraman and Ullman,
"Mining of Massive Datasets", chapter 3. Why not a library: of two that are kept, datasketch did 4 thousand
sentences a second where these lines did 71 thousand, and rensa (105 thousand) keeps of a group the text that
comes first. Here the choice hangs on the texts alone, and no new release changes a corpus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from understudy.core.recipe.text_filters import NearDuplicates
from understudy.corpus.ngrams import Hashes, constants, grams, mix, plain

REASON = "near_duplicate"

_BATCH = 2048
"""Texts that are hashed at a time: their n-grams stay in the processor's cache."""


def band_keys(texts: Sequence[str], language: str, config: NearDuplicates) -> Hashes:
    """[texts, bands]: near duplicates have a key in common, other texts have none (save once in 2**64).

    Texts that are all punctuation are alike. Ten seconds a million sentences of 65 characters on one core.
    """
    parts = [
        _keys([plain(text, language) for text in texts[begin : begin + _BATCH]], language, config)
        for begin in range(0, len(texts), _BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, config.bands), np.uint64)


def _keys(compared: list[str], language: str, config: NearDuplicates) -> Hashes:
    found = grams([text or "\x00" for text in compared], language, config.ngram)
    starts = np.cumsum(found.counts) - found.counts
    hashes = constants("minhash", config.bands * config.rows)
    weights = constants("band row", config.rows)
    keys = np.empty((len(compared), config.bands), np.uint64)
    for band in range(config.bands):
        key = np.zeros(len(compared), np.uint64)
        for row in range(config.rows):
            # n-grams are mixed already: an odd factor makes one more permutation of all 64-bit numbers, and
            # its high bits, which decide on the smallest, hang on every bit.
            least = np.minimum.reduceat(found.hashes * hashes[band * config.rows + row], starts)
            key += least * weights[row]
        keys[:, band] = mix(key)
    return keys


def repeated(batches: Iterable[tuple[Hashes, Hashes]], bands: int) -> Hashes:
    """The draws of the texts to drop, sorted: those that share a key with a text of a smaller draw.

    So each text that goes is like one before it in the order of draws, of every group the text with the
    smallest draw stays, and neither the order of the texts nor their batches change anything.

    Keys wait in a temporary file a band, a band is looked at at a time: 70 bytes of memory a text, and
    8 a band on the disk for temporary files.

    Args:
        batches: keys [texts, bands] and draws [texts], all draws different.
        bands: the number of bands, which is also what tells where nothing comes.
    """
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in range(bands + 1)]
        for keys, drawn in batches:
            for file, column in zip(files, (*keys.T, drawn), strict=True):
                file.write(column.tobytes())
        drawn = _read(files.pop())
        order = np.argsort(drawn)
        goes = np.zeros(len(drawn), np.bool_)
        for file in files:
            goes |= _not_first(_read(file)[order])
    return drawn[order[goes]]


def _read(file: IO[bytes]) -> Hashes:
    file.seek(0)
    return np.fromfile(file, np.uint64)


def _not_first(keys: Hashes) -> NDArray[np.bool_]:
    """[texts]: whether a key was there before."""
    _, first = np.unique(keys, return_index=True)
    again = np.ones(len(keys), np.bool_)
    again[first] = False
    return again

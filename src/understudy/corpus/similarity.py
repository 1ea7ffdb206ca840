"""How alike two corpora are: the cosine of their tf-idf vectors (paper B 5.2)."""

from __future__ import annotations

import heapq
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from understudy.core.errors import UserError
from understudy.corpus.draw import draw, key
from understudy.text.spoken.plain import plain
from understudy.text.words import UNSPACED_LANGUAGES


@dataclass(frozen=True)
class Similarity:
    """Cosine (0: no word in common, 1: the same words equally often) over resamplings."""

    mean: float
    deviation: float
    """Of a sample, divided by n - 1; 0 with one resampling, or where all rows are used."""
    values: tuple[float, ...]
    rows: tuple[int, int]
    """Rows of either corpus in each sample."""

    def to_json(self) -> dict[str, object]:
        """The fields as one JSON object."""
        return asdict(self)


def words_of(language: str) -> Callable[[str], list[str]]:
    """Lower-cased words without punctuation; pairs of characters where a language puts no spaces."""

    def pairs(text: str) -> list[str]:
        return [word[i : i + 2] for word in plain(text).split() for i in range(max(1, len(word) - 1))]

    return pairs if language in UNSPACED_LANGUAGES else lambda text: plain(text).split()


@dataclass(frozen=True)
class Profile:
    """What tf-idf needs of a corpus: how often each word stands in it, and in how many of its rows."""

    rows: int
    total: Counter[str]
    containing: Counter[str]

    @classmethod
    def of(cls, texts: Sequence[str], language: str) -> Profile:
        """Count the words of texts in one language."""
        words = words_of(language)
        total: Counter[str] = Counter()
        containing: Counter[str] = Counter()
        for text in texts:
            its = words(text)
            total.update(its)
            containing.update(set(its))
        return cls(len(texts), total, containing)


def cosine(a: Profile, b: Profile) -> float:
    """The cosine of two corpora's tf-idf vectors.

    A row is a document: idf(w) = ln((1 + n) / (1 + df(w))) + 1 over the rows of both corpora, as scikit-learn
    has it. A corpus's vector is the sum over its rows of tf x idf, so idf tells words that stand in every row
    from words that name a subject; with the two corpora as the only documents it could not.

    Raises:
        UserError: one of the corpora holds no word.
    """
    if not a.total or not b.total:
        raise UserError("nothing to compare: one of the corpora holds no word")
    rows = 1 + a.rows + b.rows

    def idf(word: str) -> float:
        return math.log(rows / (1 + a.containing[word] + b.containing[word])) + 1

    def square(profile: Profile) -> float:
        return math.fsum((count * idf(word)) ** 2 for word, count in profile.total.items())

    product = math.fsum(a.total[word] * b.total[word] * idf(word) ** 2 for word in a.total.keys() & b.total)
    return product / math.sqrt(square(a) * square(b))


def samples(texts: Iterable[str], size: int, resamplings: int, seed: int) -> list[list[str]]:
    """``resamplings`` samples of at most ``size`` rows each, in one pass, without replacement.

    Memory holds the samples alone. Equal rows are told apart by their number, so frequent ones stay frequent.
    """
    heaps: list[list[tuple[int, int, str]]] = [[] for _ in range(resamplings)]
    keys = [key(seed, f"similarity {i}") for i in range(resamplings)]
    for number, text in enumerate(texts):
        for heap, own in zip(heaps, keys, strict=True):
            entry = (-draw(f"{number}\n{text}", own), number, text)
            if len(heap) < size:
                heapq.heappush(heap, entry)
            elif entry > heap[0]:
                heapq.heapreplace(heap, entry)
    return [[text for _, _, text in sorted(heap, key=lambda entry: entry[1])] for heap in heaps]


def profiles(
    sources: Sequence[Iterable[str]], language: str, size: int, resamplings: int, seed: int
) -> list[Profile]:
    """A profile a resampling, of ``size`` rows in all, as many from each source (50k + 50k in the paper)."""
    share = -(-size // len(sources))
    drawn = [samples(texts, share, resamplings, seed) for texts in sources]
    return [Profile.of([text for its in drawn for text in its[i]], language) for i in range(resamplings)]


def similarity(first: Sequence[Profile], second: Sequence[Profile]) -> Similarity:
    """Compare two corpora, resampling by resampling.

    Raises:
        UserError: a side without a word.
    """
    values = tuple(map(cosine, first, second))
    deviation = statistics.stdev(values) if len(values) > 1 else 0.0
    return Similarity(statistics.fmean(values), deviation, values, (first[0].rows, second[0].rows))

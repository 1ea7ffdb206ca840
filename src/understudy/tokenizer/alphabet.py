"""Which characters must be pieces so that little of a text is unknown: by counting, not by training."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from understudy.tokenizer.normalize import normalized


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Characters beyond those that the coverage gives, and what is left unknown with them."""

    added: str
    unknown: int
    """Runs of characters, each one unknown piece, in the text that is looked at."""


def count_characters(lines: Iterable[str]) -> Counter[str]:
    """How often each character stands in normalised lines; spaces and line ends left out."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(line)
    del counts[" "], counts["\n"]
    return counts


def choose(
    counts: Counter[str], coverage: float, given: str, texts: Iterable[str], allowed: float
) -> Alphabet:
    """The smallest alphabet with which at most ``allowed`` pieces of the texts are unknown, or all there is.

    Characters join in the order of their number in the training text; those that it does not have cannot.

    Args:
        counts: of the training text.
        coverage: share of it that is covered in any case.
        given: characters that are pieces in any case.
        texts: the held-out text.
        allowed: how many unknown pieces it may have.
    """
    ranked = [c for c, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    first = covered(counts, ranked, coverage)
    certain = set(ranked[:first]) | set(given)
    # Only a word with a rare character can hold an unknown piece.
    rare = [word for text in texts for word in normalized(text).split(" ") if not certain.issuperset(word)]

    def unknown(size: int) -> int:
        return unknown_runs(rare, certain.union(ranked[first:size]))

    low, high = first, len(ranked)
    if unknown(first) <= allowed:
        high = first
    elif unknown(high) <= allowed:
        while high - low > 1:  # unknown(low) is too many, unknown(high) is not
            middle = (low + high) // 2
            low, high = (low, middle) if unknown(middle) <= allowed else (middle, high)
    return Alphabet("".join(c for c in ranked[first:high] if c not in certain), unknown(high))


def covered(counts: Counter[str], ranked: Sequence[str], coverage: float) -> int:
    """How many of the most frequent characters make up this share of all, as SentencePiece counts them."""
    total, so_far = sum(counts.values()), 0
    for number, character in enumerate(ranked):
        if so_far / total >= coverage:
            return number
        so_far += counts[character]
    return len(ranked)


def unknown_runs(words: Iterable[str], known: set[str]) -> int:
    """Unknown pieces: neighbouring unknown characters of a word make one."""
    known_class = "".join(map(re.escape, known))
    runs = re.compile(f"[^{known_class}]+" if known else ".+")
    return sum(len(runs.findall(word)) for word in words)

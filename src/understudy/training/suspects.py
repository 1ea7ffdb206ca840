"""Utterances that are likely labelled wrong, in intents or slots, and texts that contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.metrics.confident import doubts
from understudy.text.words import starts_unit
from understudy.training.out_of_fold import folds_of, normal, out_of_fold, word_and_letter_features
from understudy.utterances.frame import Frame

Features = Callable[[Sequence[str], Sequence[Sequence[tuple[int, int]]]], tuple[Any, Any]]
"""Texts, and the characters of the words of each, to (texts, features) and (words of all, features)."""

Reason = dict[str, Any]
"""``kind`` (``intent``, ``slot`` or ``contradiction``), ``given``, and of the first two ``likely``, and
``score``: the probability of the likely label less that of the given one. Of a slot ``start``, ``end`` and
``text`` of the words in question; no slot is an empty name. Of a contradiction ``others``: ids."""


@dataclass(frozen=True)
class Judged:
    """What came of the utterances of one locale."""

    reasons: dict[int, list[Reason]]
    """Of utterances with any, by their place."""
    intents_right: float | None
    """Share of intents that the models agree with; none: nothing to judge."""
    words_right: float | None
    """Share of words whose slot they agree with."""
    unjudged: dict[str, int]
    """Utterances, or words, whose label no other part has: nothing could be said of it."""


def judge_labels(
    frames: Sequence[Frame],
    *,
    folds: int,
    seed: int,
    slots: bool = True,
    features: Features = word_and_letter_features,
    done: Callable[[int], None] = lambda _: None,
) -> Judged:
    """Judge the labels of one locale's utterances by models that did not see them.

    Args:
        frames: N of one locale.
        folds: parts; each is judged by a model of the others.
        seed: of the parts and the models.
        slots: judge slots too.
        features: what the models read.
        done: called with 1 after each part, of intents and of slots.
    """
    parts = folds_of([normal(frame.text) for frame in frames], folds, seed)
    names = ["", *sorted({slot.name for frame in frames for slot in frame.slots})]
    slots = slots and len(names) > 1
    spans = [units(frame.text) if slots else [] for frame in frames]
    of_texts, of_words = features([frame.text for frame in frames], spans)
    reasons: defaultdict[int, list[Reason]] = defaultdict(list)
    unjudged: dict[str, int] = {}

    intents = sorted({frame.intent for frame in frames})
    given = np.array([intents.index(frame.intent) for frame in frames])
    found = _Found.of(of_texts, given, parts, len(intents), seed, done)
    for row in np.flatnonzero(found.likely != given).tolist():
        told = {"given": intents[given[row]], "likely": intents[found.likely[row]]}
        reasons[row].append({"kind": "intent", **told, "score": round(float(found.margin[row]), 4)})
    unjudged["intent"] = found.unjudged

    words_right = None
    if slots:
        sizes = [len(of) for of in spans]
        tags = [name for f, of in zip(frames, spans, strict=True) for name in slot_names(f, of)]
        given = np.array([names.index(name) for name in tags])
        words = _Found.of(of_words, given, np.repeat(parts, sizes), len(names), seed, done)
        words_right, unjudged["slot"] = words.right, words.unjudged
        for row, reason in _slot_reasons(frames, spans, names, given, words):
            reasons[row].append(reason)
    for group in contradicting(frames):
        for row in group:
            others = [frames[other].id for other in group if other != row]
            reasons[row].append({"kind": "contradiction", "given": frames[row].intent, "others": others})
    return Judged(dict(reasons), found.right, words_right, unjudged)


@dataclass(frozen=True)
class _Found:
    likely: NDArray[np.int64]
    margin: NDArray[np.float64]
    right: float | None
    unjudged: int

    @classmethod
    def of(
        cls,
        features: Any,
        given: NDArray[np.int64],
        parts: NDArray[np.int64],
        classes: int,
        seed: int,
        done: Callable[[int], None],
    ) -> _Found:
        """A label that no other part has is left alone: a model that never met it cannot tell."""
        spread = np.array([len(np.unique(parts[given == label])) for label in range(classes)])
        judged = spread[given] > 1
        likely, margin, right = given.copy(), np.zeros(len(given)), None
        probabilities = out_of_fold(features, given, parts, classes, seed, done)
        if judged.any():
            found = doubts(probabilities[judged], given[judged])
            likely[judged], margin[judged] = found.likely, found.margin
            right = float((probabilities[judged].argmax(axis=1) == given[judged]).mean())
        return cls(likely, margin, right, int((~judged).sum()))


def _slot_reasons(
    frames: Sequence[Frame],
    spans: Sequence[Sequence[tuple[int, int]]],
    names: Sequence[str],
    given: NDArray[np.int64],
    found: _Found,
) -> Iterator[tuple[int, Reason]]:
    """The place of an utterance, and a reason for each run of its words that likely has another slot."""
    first = 0
    for row, (frame, of) in enumerate(zip(frames, spans, strict=True)):
        pairs = [(int(given[at]), int(found.likely[at])) for at in range(first, first + len(of))]
        for (label, likely), run in groupby(range(len(of)), key=pairs.__getitem__):
            places = list(run)
            if label == likely:
                continue
            start, end = of[places[0]][0], of[places[-1]][1]
            score = max(float(found.margin[first + place]) for place in places)
            told = {"given": names[label], "likely": names[likely], "score": round(score, 4)}
            yield row, {"kind": "slot", **told, "start": start, "end": end, "text": frame.text[start:end]}
        first += len(of)


def units(text: str) -> list[tuple[int, int]]:
    """Characters of each word, or of each character in scripts without spaces."""
    starts = [at for at in range(len(text)) if starts_unit(text, at)]
    return [
        (start, start + len(text[start:end].rstrip()))
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]


def slot_names(frame: Frame, spans: Iterable[tuple[int, int]]) -> list[str]:
    """The slot of each word, empty where it has none."""
    return [
        next((slot.name for slot in frame.slots if slot.start < end and start < slot.end), "")
        for start, end in spans
    ]


def contradicting(frames: Sequence[Frame]) -> list[list[int]]:
    """Places of utterances whose text is the same, but for case and spaces, and whose labels differ."""
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row, frame in enumerate(frames):
        groups[frame.locale, normal(frame.text)].append(row)
    return [
        rows for rows in groups.values() if len(rows) > 1 and len({_labels(frames[row]) for row in rows}) > 1
    ]


def _labels(frame: Frame) -> tuple[Any, ...]:
    slots = tuple((slot.name, normal(slot.value)) for slot in frame.slots)
    return frame.domain, frame.intent, slots

"""Scores of a model to frames. Numpy only: training and serving read them with the same function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.utterances.chain import FORBIDDEN, Lattice, Transitions, best_path
from understudy.utterances.frame import OUT_OF_SCOPE, Frame, Slot
from understudy.utterances.tags import LabelSet, Offsets, runs, slot_of, unit_spans

Scores = NDArray[np.floating[Any]]


def decode_frames(
    sources: Sequence[Frame],
    offsets: Sequence[Offsets],
    scores: Mapping[str, Scores | Sequence[Scores]],
    labels: LabelSet,
    *,
    transitions: Transitions | None = None,
    temperatures: Mapping[str, float] | None = None,
    rejection_threshold: float | None = None,
    confidences: bool = True,
) -> list[Frame]:
    """Predicted frames for ``sources``, of which only id, locale and text are read.

    What no head gives scores for stays empty, but a domain follows from the intent where it has no head of
    its own. ``confidence``, that the frame is right as a whole, is the probability of the intent (else of the
    domain) times that of the least sure tag: tags of one text go wrong together, so the product of all of
    them would be too low.

    Args:
        sources: N frames, for example ``Frame(id, locale, text)``.
        offsets: N lists of character offsets, a pair a piece.
        scores: by head: ``intent`` (N, I), ``domain`` (N, D), ``slots`` N arrays (L, T) or one (N, L, T),
            L at least the number of pieces.
        labels: the labels the scores are over.
        transitions: of the model's CRF; none: what BIO allows, nothing else counts.
        temperatures: by head: scores are divided by it before they become probabilities.
        rejection_threshold: a frame whose confidence is not above it is ``rejected``, and so is one that says
            ``out_of_scope``; at 0 nothing else is, None leaves it unset.
        confidences: of slots too; without them decoding is several times faster.
    """
    cool = temperatures or {}
    intents = _classified(scores.get("intent"), labels.intents, cool.get("intent", 1.0), len(sources))
    domains = _classified(scores.get("domain"), labels.domains, cool.get("domain", 1.0), len(sources))
    tags = scores.get("slots")
    frames = []
    for row, (source, pieces, (intent, intent_p), (domain, domain_p)) in enumerate(
        zip(sources, offsets, intents, domains, strict=True)
    ):
        slots: tuple[Slot, ...] = ()
        weakest: float | None = None
        if tags is not None:
            slots, weakest = decode_slots_of(
                source.text,
                pieces,
                tags[row],
                labels,
                transitions,
                temperature=cool.get("slots", 1.0),
                confidences=confidences,
            )
        of_class = domain_p if intent_p is None else intent_p
        parts = [part for part in (of_class, weakest) if part is not None]
        confidence = prod(parts) if parts else None
        frames.append(
            Frame(
                id=source.id,
                locale=source.locale,
                text=source.text,
                domain=domain or labels.domain_of.get(intent, ""),
                intent=intent,
                slots=slots,
                confidence=confidence,
                rejected=_rejected(intent, confidence, rejection_threshold),
                intent_confidence=intent_p,
                domain_confidence=domain_p,
            )
        )
    return frames


def decode_slots_of(
    text: str,
    offsets: Offsets,
    scores: Scores,
    labels: LabelSet,
    transitions: Transitions | None = None,
    *,
    temperature: float = 1.0,
    confidences: bool = True,
) -> tuple[tuple[Slot, ...], float | None]:
    """The slots of the best path through a text's (L, T) scores, each with its confidence.

    A slot's confidence is the probability that just its units are one slot of its name: of all paths with
    these tags there, without those in which the slot goes on.

    Returns:
        The slots, and the probability of the least sure tag of the path, 1 where there is none. Without
        ``confidences`` neither has one.
    """
    spans = unit_spans(text, offsets)
    if not spans:
        return (), 1.0
    of_units = np.asarray(scores, dtype=np.float64)[[piece for piece, _, _ in spans]] / temperature
    allowed = labels.bio if transitions is None else transitions.scaled(1 / temperature)
    path = of_units.argmax(axis=-1).tolist()
    # Without a CRF the best tags are the best path, unless one cannot follow another.
    if transitions is not None or not _possible(path, allowed):
        path = best_path(of_units, allowed)
    found = runs(path, labels)
    if not confidences:
        return tuple(slot_of(text, name, spans[first:stop]) for name, first, stop in found), None
    lattice = Lattice(of_units, allowed)
    slots = []
    for name, first, stop in found:
        whole = lattice.probability(first, path[first:stop])
        inside = labels.tag_id(f"I-{name}")
        if stop < len(path) and inside:
            whole -= lattice.probability(first, [*path[first:stop], inside])
        slots.append(slot_of(text, name, spans[first:stop], min(1.0, max(0.0, whole))))
    of_path = lattice.marginals()[np.arange(len(path)), path]
    return tuple(slots), min(1.0, float(of_path.min()))


def _rejected(intent: str, confidence: float | None, threshold: float | None) -> bool | None:
    if threshold is None or confidence is None:
        return None
    return intent == OUT_OF_SCOPE or confidence <= threshold > 0


def _possible(path: Sequence[int], allowed: Transitions) -> bool:
    scores = allowed.between[path[:-1], path[1:]]
    return bool(allowed.start[path[0]] > FORBIDDEN / 2 and scores.min(initial=0.0) > FORBIDDEN / 2)


def _classified(
    scores: Scores | Sequence[Scores] | None, names: Sequence[str], temperature: float, rows: int
) -> Iterator[tuple[str, float | None]]:
    """The best class of each row and its probability; an empty name and none where there is no head."""
    if scores is None:
        yield from [("", None)] * rows
        return
    scaled = np.asarray(scores, dtype=np.float64) / temperature
    exponents = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    probabilities = exponents / exponents.sum(axis=-1, keepdims=True)
    best = probabilities.argmax(axis=-1)
    for row, index in enumerate(best.tolist()):
        yield names[index], float(probabilities[row, index])

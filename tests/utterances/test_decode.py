"""Scores of heads to frames."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from understudy.utterances.chain import Transitions
from understudy.utterances.decode import _rejected, decode_frames, decode_slots_of
from understudy.utterances.frame import OUT_OF_SCOPE, Frame, Slot
from understudy.utterances.tags import LabelSet

TEXT = "wake me up tomorrow"
SLOTS = (Slot("who", "me", 5, 7), Slot("date", "up tomorrow", 8, 19))
FRAME = Frame("0", "en-US", TEXT, "alarm", "alarm_set", SLOTS)
LABELS = LabelSet.of([FRAME, Frame("1", "en-US", "x", "news", "query")])
# <s> _wa ke _me _up _tomo rrow </s>
OFFSETS = [(0, 0), (0, 2), (2, 4), (4, 7), (7, 10), (10, 15), (15, 19), (0, 0)]
UNITS = [1, 3, 4, 5]
SOURCES = [Frame("a", "en-US", TEXT), Frame("b", "en-US", "x")]
BOTH = [OFFSETS, [(0, 0), (0, 1), (0, 0)]]
INTENTS = np.array([[0.0, np.log(3.0)], [2.0, 0.0]])


def slot_scores() -> np.ndarray:
    scores = np.zeros((2, len(OFFSETS), len(LABELS.tags)), dtype=np.float32)
    scores[..., 0] = 1
    scores[0, 3, LABELS.tags.index("B-who")] = 2
    return scores


def test_scores_become_frames() -> None:
    scores = {"intent": INTENTS, "slots": slot_scores()}
    first, second = decode_frames(SOURCES, BOTH, scores, LABELS, rejection_threshold=0.5)
    assert (first.id, first.intent, first.domain) == ("a", "query", "news")
    assert first.intent_confidence == pytest.approx(0.75)
    _, weakest = decode_slots_of(TEXT, OFFSETS, scores["slots"][0], LABELS)
    assert weakest is not None
    assert first.confidence == pytest.approx(0.75 * weakest)
    assert first.domain_confidence is None
    assert first.rejected is True
    assert first.slots == (Slot("who", "me", 5, 7),)
    assert (second.intent, second.slots, second.rejected) == ("alarm_set", (), False)
    # One unit, which no I- may begin: e / (e + 2) for O beside two B-.
    assert second.confidence == pytest.approx(1 / (1 + np.exp(-2)) * np.e / (np.e + 2))
    (cooler,) = decode_frames(
        SOURCES[:1],
        BOTH[:1],
        {name: each[:1] for name, each in scores.items()},
        LABELS,
        temperatures={"intent": 0.5},
    )
    assert cooler.intent_confidence == pytest.approx(0.9)
    assert cooler.rejected is None


def test_what_is_not_above_the_threshold_or_says_out_of_scope_is_rejected() -> None:
    scores = {"intent": np.array([[0.0, np.log(3.0)]])}
    for threshold, rejected in ((0.7, False), (0.75, True), (0.8, True), (None, None)):
        (frame,) = decode_frames(SOURCES[:1], BOTH[:1], scores, LABELS, rejection_threshold=threshold)
        assert frame.rejected is rejected
    assert [_rejected("x", p, t) for p, t in ((0.0, 0.0), (0.0, 1e-9), (0.5, 0.5))] == [False, True, True]
    beyond = LabelSet.of([FRAME, Frame("1", "en-US", "x", "", OUT_OF_SCOPE)])
    (frame,) = decode_frames(SOURCES[:1], BOTH[:1], scores, beyond, rejection_threshold=0.0)
    assert (frame.intent, frame.domain, frame.rejected) == (OUT_OF_SCOPE, "", True)


def test_a_domain_head_speaks_for_itself() -> None:
    domains = np.array([[np.log(4.0), 0.0], [0.0, 0.0]])
    frame = decode_frames(SOURCES, BOTH, {"intent": INTENTS, "domain": domains}, LABELS)[0]
    assert (frame.intent, frame.domain) == ("query", "alarm")
    assert frame.domain_confidence == pytest.approx(0.8)


@pytest.mark.parametrize("heads", [["domain"], ["intent"], ["slots"]])
def test_what_no_head_tells_stays_empty(heads: list[str]) -> None:
    scores = {"intent": INTENTS, "domain": INTENTS, "slots": slot_scores()}
    frame = decode_frames(SOURCES, BOTH, {name: scores[name] for name in heads}, LABELS)[0]
    assert frame.intent == ("query" if heads == ["intent"] else "")
    assert frame.domain == ("" if heads == ["slots"] else "news")
    assert bool(frame.slots) == (heads == ["slots"])
    assert frame.confidence is not None


def random_scores(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(len(OFFSETS), len(LABELS.tags))) * 2


def all_paths(scores: np.ndarray, transitions: Transitions) -> dict[tuple[int, ...], float]:
    """Probability of every path over the four units."""
    found = {}
    for path in itertools.product(range(len(LABELS.tags)), repeat=4):
        total = transitions.start[path[0]] + transitions.end[path[-1]]
        total += sum(scores[unit, tag] for unit, tag in zip(UNITS, path, strict=True))
        total += sum(transitions.between[pair] for pair in itertools.pairwise(path))
        found[path] = float(np.exp(total))
    whole = sum(found.values())
    return {path: value / whole for path, value in found.items()}


def slots_of(path: tuple[int, ...]) -> set[tuple[str, int, int]]:
    """(name, first unit, behind the last) by the letter of BIO."""
    found, begun = [], None
    for unit, tag in enumerate([*(LABELS.tags[tag] for tag in path), "O"]):
        if begun is not None and tag != f"I-{begun[0]}":
            found.append((begun[0], begun[1], unit))
            begun = None
        if tag.startswith("B-"):
            begun = (tag[2:], unit)
    return set(found)


@pytest.mark.parametrize("with_crf", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_slots_are_those_of_the_best_path_and_as_sure_as_all_paths_say(with_crf: bool, seed: int) -> None:
    scores = random_scores(seed)
    transitions = LABELS.bio
    if with_crf:
        random = np.random.default_rng(seed + 100)
        size = len(LABELS.tags)
        transitions = transitions + Transitions(
            random.normal(size=size), random.normal(size=size), random.normal(size=(size, size))
        )
    slots, weakest = decode_slots_of(TEXT, OFFSETS, scores, LABELS, transitions if with_crf else None)
    paths = all_paths(scores, transitions)
    best = max(paths, key=lambda path: paths[path])
    of_best = [sum(p for path, p in paths.items() if path[unit] == tag) for unit, tag in enumerate(best)]
    assert weakest == pytest.approx(min(of_best))
    borders = [0, 5, 8, 11]
    ends = [4, 7, 10, 19]
    due = sorted(slots_of(best), key=lambda each: each[1])
    assert [(s.name, s.start, s.end) for s in slots] == [
        (name, borders[first], ends[stop - 1]) for name, first, stop in due
    ]
    for slot, one in zip(slots, due, strict=True):
        assert slot.confidence == pytest.approx(sum(p for path, p in paths.items() if one in slots_of(path)))


def test_tags_that_cannot_follow_are_not_read() -> None:
    """The best tags by themselves are O I-date; the best that BIO allows are B-date I-date."""
    scores = np.full((len(OFFSETS), len(LABELS.tags)), -9.0)
    scores[:, 0] = 0.0
    scores[4, LABELS.tags.index("B-date")] = -0.1
    scores[5, [0, LABELS.tags.index("I-date")]] = [0.0, 3.0]
    for confidences in (True, False):
        slots, _ = decode_slots_of(TEXT, OFFSETS, scores, LABELS, confidences=confidences)
        assert slots == (SLOTS[1],)


def test_a_temperature_makes_slots_less_sure() -> None:
    scores = slot_scores()[0]
    sure, unsure = (
        decode_slots_of(TEXT, OFFSETS, scores, LABELS, temperature=t)[0][0].confidence for t in (0.5, 5.0)
    )
    assert sure is not None and unsure is not None
    assert sure > 0.5 > unsure


def test_a_temperature_is_of_whole_paths() -> None:
    """Scores and transitions divided by 2: every path's probability to the power of 1/2, summing to 1."""
    scores, size = random_scores(3), len(LABELS.tags)
    crf = LABELS.bio + Transitions(
        np.ones(size), np.zeros(size), np.arange(size * size).reshape(size, size) / 9
    )
    _, whole = decode_slots_of(TEXT, OFFSETS, scores, LABELS, crf, temperature=2.0)
    cooled = {path: p**0.5 for path, p in all_paths(scores, crf).items()}
    best, total = max(cooled, key=lambda path: cooled[path]), sum(cooled.values())
    of_tags = [sum(p for path, p in cooled.items() if path[i] == best[i]) / total for i in range(4)]
    assert whole == pytest.approx(min(of_tags), rel=1e-6)


def test_a_text_without_a_word_has_no_slot() -> None:
    assert decode_slots_of(" ", [(0, 0), (0, 0)], np.zeros((2, 5)), LABELS) == ((), 1.0)

"""Suspect labels: labels made wrong at a known rate are found, and what cannot be judged is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from understudy.demo import world
from understudy.training.out_of_fold import folds_of, normal, out_of_fold, text_features
from understudy.training.suspects import contradicting, judge_labels, slot_names, units
from understudy.utterances.frame import Frame, Slot

RATE = 0.06


def frames_of(locale: str, count: int = 700) -> list[Frame]:
    """Each text once: where a text stands several times, one wrong label is outvoted too easily."""
    drawn = world.labelled(locale, "train", 2 * count, 3)
    return list({frame.text: frame for frame in drawn}.values())[:count]


def chosen(frames: list[Frame], purpose: int) -> set[int]:
    return set(np.flatnonzero(np.random.default_rng(purpose).random(len(frames)) < RATE).tolist())


def other(name: str, names: list[str]) -> str:
    return names[(names.index(name) + 5) % len(names)]


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
def test_wrong_intents_are_found(locale: str) -> None:
    frames = frames_of(locale)
    intents = sorted({frame.intent for frame in frames})
    wrong = chosen(frames, 1)
    made = [replace(f, intent=other(f.intent, intents)) if i in wrong else f for i, f in enumerate(frames)]
    judged = judge_labels(made, folds=5, seed=0, slots=False)
    likely = {row: each for row, of in judged.reasons.items() for each in of if each["kind"] == "intent"}
    hits = wrong & set(likely)
    assert len(hits) / len(likely) > 0.7, "by chance it is the rate, 0.06"
    assert len(hits) / len(wrong) > 0.45
    named = [likely[row]["likely"] == frames[row].intent for row in hits]
    assert sum(named) / len(named) > 0.9, "and the right one is named"
    assert judged.intents_right is not None
    assert judged.intents_right > 0.85


@pytest.mark.parametrize("locale", ["en-US", "ja-JP"])
def test_wrong_slots_are_found_with_their_words(locale: str) -> None:
    frames = frames_of(locale)
    names = sorted({slot.name for frame in frames for slot in frame.slots})
    wrong = {row for row in chosen(frames, 2) if frames[row].slots}
    made = []
    for row, frame in enumerate(frames):
        first, rest = frame.slots[:1], frame.slots[1:]
        if row in wrong and row % 2:
            frame = replace(frame, slots=rest)  # forgotten
        elif row in wrong:
            frame = replace(frame, slots=(replace(first[0], name=other(first[0].name, names)), *rest))
        made.append(frame)
    judged = judge_labels(made, folds=5, seed=0)
    reasons = {
        row: max((each for each in of if each["kind"] == "slot"), key=lambda each: each["score"])
        for row, of in judged.reasons.items()
        if any(each["kind"] == "slot" for each in of)
    }
    first = sorted(reasons, key=lambda row: -reasons[row]["score"])[: len(wrong)]
    hits = wrong & set(first)
    assert len(hits) / len(wrong) > 0.6, "by chance below 0.06"
    for row in hits:
        reason = reasons[row]
        assert made[row].text[reason["start"] : reason["end"]] == reason["text"]
        assert reason["given"] != reason["likely"]


def test_the_same_seed_finds_the_same_and_copies_do_not_vouch_for_each_other() -> None:
    frames = frames_of("en-US", 150)
    one, two = (judge_labels(frames, folds=3, seed=seed) for seed in (0, 0))
    assert one == two
    texts = [normal(frame.text) for frame in frames]
    parts = folds_of([*texts, *texts], 3, 0)
    assert parts[: len(texts)].tolist() == parts[len(texts) :].tolist()
    assert set(parts.tolist()) == {0, 1, 2}
    assert folds_of(texts, 3, 1).tolist() != parts[: len(texts)].tolist()


def test_a_rows_own_label_never_reaches_its_probabilities() -> None:
    texts = [f"{word} {number}" for word in ("play", "stop") for number in range(20)]
    labels = np.repeat([0, 1], 20)
    parts = folds_of(texts, 4, 0)
    before = out_of_fold(text_features(texts), labels, parts, 2, 0)
    assert before.sum(axis=1) == pytest.approx(np.ones(40))
    inside = parts == parts[0]
    changed = np.where(inside, 1 - labels, labels)
    after = out_of_fold(text_features(texts), changed, parts, 2, 0)
    assert after[inside].tolist() == before[inside].tolist()
    assert after[~inside].tolist() != before[~inside].tolist()


def frame(number: int, text: str, intent: str, *slots: Slot) -> Frame:
    return Frame(str(number), "en-US", text, "d", intent, slots)


def test_what_no_other_part_has_is_left_alone() -> None:
    frames = [frame(i, f"play song {i}", "play") for i in range(20)] + [frame(20, "play song", "rare")]
    judged = judge_labels(frames, folds=3, seed=0)
    assert judged.unjudged == {"intent": 1}
    assert judged.reasons == {}
    alone = judge_labels(frames[:1], folds=3, seed=0)
    assert (alone.reasons, alone.intents_right, alone.unjudged) == ({}, None, {"intent": 1})


def test_contradictions_are_of_one_text_whatever_its_case() -> None:
    jazz = Slot("genre", "Jazz", 5, 9)
    frames = [
        frame(0, "Play Jazz", "play", jazz),
        frame(1, "play  jazz", "play", Slot("genre", "jazz", 6, 10)),
        frame(2, "stop", "play"),
        frame(3, "stop", "stop"),
        replace(frame(4, "stop", "play"), locale="en-GB"),
        frame(5, "play jazz", "play"),
    ]
    assert contradicting(frames[:2]) == []
    assert contradicting(frames) == [[0, 1, 5], [2, 3]]
    reasons = judge_labels(frames, folds=2, seed=0).reasons
    assert reasons[2][-1] == {"kind": "contradiction", "given": "play", "others": ["3"]}


def test_words_and_their_slots() -> None:
    made = frame(0, "wake me at  seven, 明日", "x", Slot("time", "seven, 明", 12, 20))
    spans = units(made.text)
    assert [made.text[start:end] for start, end in spans] == ["wake", "me", "at", "seven,", "明", "日"]
    assert slot_names(made, spans) == ["", "", "", "time", "time", ""]

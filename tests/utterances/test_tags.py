"""Slots to tags over pieces and back, with any cutting of the text into pieces."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.text.words import starts_unit
from understudy.utterances.frame import Frame, Slot
from understudy.utterances.given import Given
from understudy.utterances.massive import read_massive
from understudy.utterances.tags import (
    IGNORED,
    LabelSet,
    decode_slots,
    tag_pieces,
    units,
)

TEXT = "wake me up tomorrow"
SLOTS = (Slot("who", "me", 5, 7), Slot("date", "up tomorrow", 8, 19))
FRAME = Frame("0", "en-US", TEXT, "alarm", "alarm_set", SLOTS)
LABELS = LabelSet.of([FRAME])
# <s> _wa ke _me _up _tomo rrow </s>, the space counted to the piece after it
OFFSETS = [(0, 0), (0, 2), (2, 4), (4, 7), (7, 10), (10, 15), (15, 19), (0, 0)]


def test_labels_of_training_frames() -> None:
    other = [Frame("1", "en-US", "x", domain, "query") for domain in ("news", "weather", "weather")]
    labels = LabelSet.of([FRAME, *other])
    assert labels.intents == ("alarm_set", "query")
    assert labels.domain_of == {"alarm_set": "alarm", "query": "weather"}
    assert labels.domains == ("alarm", "weather")
    assert labels.tags == ("O", "B-date", "I-date", "B-who", "I-who")
    assert labels.intent_id("query") == 1
    assert labels.intent_id("unseen") is None


def test_labels_survive_their_file(tmp_path: Path) -> None:
    LABELS.save(tmp_path / "labels.json")
    assert LabelSet.load(tmp_path / "labels.json") == LABELS


def test_labels_of_another_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_text('{"format_version": 2}')
    with pytest.raises(UserError, match="version 2"):
        LabelSet.load(path)
    path.write_text('{"format_version": 1, "intents": ["a"]}')
    with pytest.raises(UserError, match="not a whole label file"):
        LabelSet.load(path)


def test_only_first_pieces_of_words_carry_tags() -> None:
    assert units(TEXT, OFFSETS) == [1, 3, 4, 5]
    names = [tag if tag == IGNORED else LABELS.tags[tag] for tag in tag_pieces(FRAME, OFFSETS, LABELS)]
    assert names == [IGNORED, "O", IGNORED, "B-who", "B-date", "I-date", IGNORED, IGNORED]


def test_pieces_of_one_character_begin_one_unit() -> None:
    assert units("é今", [(0, 1), (0, 1), (1, 2), (1, 2), (1, 2)]) == [0, 2]


def test_an_unseen_slot_is_outside() -> None:
    frame = Frame("0", "en-US", TEXT, slots=(Slot("new", "me", 5, 7),))
    assert tag_pieces(frame, OFFSETS, LABELS) == [IGNORED, 0, IGNORED, 0, 0, 0, IGNORED, IGNORED]


def _decode(*names: str) -> list[tuple[str, str]]:
    tags = [LABELS.tags.index(name) for name in names]
    ids = [0, tags[0], 3, tags[1], tags[2], tags[3], 1, 1]  # pieces inside words hold what is not to be read
    return [(slot.name, slot.value) for slot in decode_slots(TEXT, OFFSETS, ids, LABELS)]


@pytest.mark.parametrize(
    ("names", "slots"),
    [
        (["O", "O", "O", "O"], []),
        (["B-who", "I-who", "O", "B-date"], [("who", "wake me"), ("date", "tomorrow")]),
        (["B-who", "B-who", "O", "O"], [("who", "wake"), ("who", "me")]),
        (["I-who", "I-who", "I-date", "O"], [("who", "wake me"), ("date", "up")]),
        (["B-who", "O", "I-who", "O"], [("who", "wake"), ("who", "up")]),
    ],
)
def test_tags_are_read_as_spans(names: list[str], slots: list[tuple[str, str]]) -> None:
    assert _decode(*names) == slots


def test_a_cut_text_keeps_its_last_word_whole() -> None:
    (slot,) = decode_slots("call anna please", [(0, 4), (5, 7)], [0, 3], LABELS)
    assert (slot.value, slot.start, slot.end) == ("anna", 5, 9)
    assert tag_pieces(FRAME, OFFSETS[:4], LABELS) == [IGNORED, 0, IGNORED, LABELS.tags.index("B-who")]


WORD = st.text(alphabet="abé'今日カम", min_size=1, max_size=4)


@st.composite
def cut_frames(draw: st.DrawFn) -> tuple[Frame, list[tuple[int, int]]]:
    """A frame whose slots lie on unit borders, and a cutting of its text that keeps every unit apart."""
    text = draw(st.lists(WORD, min_size=1, max_size=6).map(" ".join))
    begins = [i for i in range(len(text)) if starts_unit(text, i)]
    borders = draw(st.sets(st.integers(0, len(begins))).map(sorted))
    slots = []
    for first, last in itertools.pairwise(borders):
        if draw(st.booleans()):
            start, stop = begins[first], (begins[last] if last < len(begins) else len(text))
            value = text[start:stop].rstrip()
            slots.append(Slot(draw(st.sampled_from("xy")), value, start, start + len(value)))
    cuts = sorted({*begins, len(text), *draw(st.sets(st.integers(1, len(text))))})
    pieces = [(start, end) for start, end in itertools.pairwise(cuts) if text[start:end].strip()]
    if draw(st.booleans()):  # the space before a word may be counted to its first piece
        pieces = [(start - (start > 0 and text[start - 1] == " "), end) for start, end in pieces]
    return Frame("0", "en-US", text, "d", "i", tuple(slots)), [(0, 0), *pieces, (0, 0)]


@given(cut_frames())
def test_slots_on_unit_borders_come_back(case: tuple[Frame, list[tuple[int, int]]]) -> None:
    frame, offsets = case
    labels = LabelSet.of([frame])
    tags = tag_pieces(frame, offsets, labels)
    assert [i for i, tag in enumerate(tags) if tag != IGNORED] == units(frame.text, offsets)
    assert decode_slots(frame.text, offsets, tags, labels) == frame.slots


def test_real_slots_come_back(shared_data: Path) -> None:
    for locale in ("en-US", "ja-JP", "ar-SA"):
        frames = [
            row.frame for row in read_massive(shared_data / "massive" / f"{locale}.jsonl.gz", Given(locale))
        ][::7]
        labels = LabelSet.of(frames)
        for frame in frames:
            offsets = [(i, i + 1) for i in range(len(frame.text))]
            assert (
                decode_slots(frame.text, offsets, tag_pieces(frame, offsets, labels), labels) == frame.slots
            )

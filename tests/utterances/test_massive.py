"""MASSIVE annotations to exact character offsets, and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.utterances.frame import Frame, Slot
from understudy.utterances.given import Given
from understudy.utterances.massive import annotate, parse_annotation, read_massive

ROW = {
    "id": "0",
    "locale": "en-US",
    "partition": "train",
    "scenario": "alarm",
    "intent": "alarm_set",
    "utt": "wake me at five am",
    "annot_utt": "wake me at [time : five am]",
}


def _write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_row_becomes_a_frame(tmp_path: Path) -> None:
    (utterance,) = read_massive(_write(tmp_path / "en-US.jsonl", ROW), Given("en-US"))
    slots = (Slot("time", "five am", 11, 18),)
    assert utterance.partition == "train"
    assert utterance.frame == Frame("0", "en-US", "wake me at five am", "alarm", "alarm_set", slots)


@pytest.mark.parametrize(
    ("annotation", "text", "spaced", "spans"),
    [
        ("no slot at all", "no slot at all", True, []),
        ("[a : x] [b : y z]", "x  y  z", True, [("a", "x", 0, 1), ("b", "y  z", 3, 7)]),
        ("l'[a:heure] d'été", "l'heure d'été", True, [("a", "heure", 2, 7)]),
        ("[a : 9:30] now", "9:30 now", True, [("a", "9:30", 0, 4)]),
        ("[a : 今週] は [b : 五 時]に", "今週は五時に", False, [("a", "今週", 0, 2), ("b", "五時", 3, 5)]),
        ("[a : ab] c", "a bc", False, [("a", "a b", 0, 3)]),
    ],
)
def test_brackets_become_offsets(
    annotation: str, text: str, spaced: bool, spans: list[tuple[str, str, int, int]]
) -> None:
    assert parse_annotation(annotation, text, spaced=spaced) == tuple(Slot(*span) for span in spans)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"annot_utt": "wake me at [time : five am"}, "never closed"),
        ({"annot_utt": "wake me at [time : [x : five] am]"}, "opens inside another"),
        ({"annot_utt": "wake me at time : five am]"}, "without its '\\['"),
        ({"annot_utt": "wake me at [five am]"}, "no colon"),
        ({"annot_utt": "wake me at [ : five am]"}, "no name"),
        ({"annot_utt": "wake me at five am [time : ]"}, "no value"),
        ({"annot_utt": "wake me at [time : six am]"}, "spells 'wake me at six am'"),
        ({"annot_utt": "wake me at [time : fiveam]"}, "spells"),
        ({"annot_utt": ""}, "spells ''"),
        ({"utt": " ", "annot_utt": ""}, "'utt' is empty"),
        ({"locale": "de-DE"}, "locale 'de-DE'; this file was asked for 'en-US'"),
        ({"partition": "heldout"}, "unknown partition 'heldout'.*train, dev, test"),
        ({"scenario": None}, "'scenario' must be a text"),
        ({"id": 5}, "'id' must be a text"),
    ],
)
def test_a_bad_row_is_refused_with_file_and_line(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = _write(tmp_path / "en-US.jsonl", ROW, {**ROW, **changes})
    with pytest.raises(UserError, match=message) as error:
        list(read_massive(path, Given("en-US")))
    assert str(error.value).startswith(f"{path}: line 2: ")


@pytest.mark.parametrize("key", ["id", "locale", "partition", "scenario", "intent", "utt", "annot_utt"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    path = _write(tmp_path / "en-US.jsonl", {name: value for name, value in ROW.items() if name != key})
    with pytest.raises(UserError, match=f"'{key}' is missing"):
        list(read_massive(path, Given("en-US")))


@given(st.text())
def test_any_annotation_is_read_or_refused(annotation: str) -> None:
    try:
        slots = parse_annotation(annotation, "wake me at five", spaced=True)
    except UserError:
        return
    assert all(slot.name and "wake me at five"[slot.start : slot.end] == slot.value for slot in slots)


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "time", "date"]), st.sampled_from(["five", "a b", "今", "9:30"])),
        min_size=1,
    ),
    st.sampled_from(["en-US", "ja-JP"]),
)
def test_annotations_round_trip(parts: list[tuple[str, str]], locale: str) -> None:
    gap = " " if locale == "en-US" else ""
    text, slots = "", []
    for name, words in parts:
        text += gap if text else ""
        if name:
            slots.append(Slot(name, words, len(text), len(text) + len(words)))
        text += words
    frame = Frame("0", locale, text, "d", "i", tuple(slots))
    assert parse_annotation(annotate(frame), text, spaced=locale == "en-US") == frame.slots


def test_every_real_utterance_is_read(shared_data: Path) -> None:
    count = 0
    for path in sorted((shared_data / "massive").glob("*.jsonl.gz")):
        locale = path.name.removesuffix(".jsonl.gz")
        partitions = {"train": 0, "dev": 0, "test": 0}
        for utterance in read_massive(path, Given(locale)):
            partitions[utterance.partition] += 1
            frame = utterance.frame
            assert all(frame.text[slot.start : slot.end] == slot.value for slot in frame.slots)
        assert partitions == {"train": 11514, "dev": 2033, "test": 2974}, locale
        count += sum(partitions.values())
    assert count == 181_731

"""The runtime on a graph whose answers are known by hand."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.export.bundle import read_info
from understudy.export.calibration import Calibration
from understudy.serving.runtime import Understudy
from understudy.utterances.frame import Frame, Slot


def test_a_frame_holds_what_the_graph_says(understudy: Understudy) -> None:
    (frame,) = understudy.predict(["play jazz"], "en-US")
    assert frame == Frame(
        id="1",
        locale="en-US",
        text="play jazz",
        domain="music",
        intent="music_play",
        slots=(Slot("genre", "jazz", 5, 9),),
        confidence=frame.confidence,
        rejected=False,
        intent_confidence=frame.intent_confidence,
    )


def test_confidences_follow_from_scores_and_temperatures(understudy: Understudy) -> None:
    """Intent scores 2 and 0 at temperature 2; tags (1, 0, 0) of "play", (0, 5, 0) of "jazz" at 0.5."""
    (frame,) = understudy.predict(["play jazz"], "en-US")
    assert frame.intent_confidence == pytest.approx(1 / (1 + math.exp(-1)))
    # Paths over O, B, I, of which I begins none and follows no O.
    play, jazz = (math.exp(2), 1.0, 1.0), (1.0, math.exp(10), 1.0)
    paths = {
        (one, two): play[one] * jazz[two]
        for one in range(3)
        for two in range(3)
        if one != 2 and (two != 2 or one == 1)
    }
    total = sum(paths.values())
    outside = sum(value for (one, _), value in paths.items() if one == 0) / total
    genre = sum(value for (_, two), value in paths.items() if two == 1) / total
    assert frame.slots[0].confidence == pytest.approx(genre)
    assert frame.confidence == pytest.approx(frame.intent_confidence * min(outside, genre))


def test_an_unsure_frame_is_rejected(understudy: Understudy) -> None:
    (frame,) = understudy.predict(["play stop"], "en-US")
    assert frame.intent == "music_stop"
    assert frame.intent_confidence == pytest.approx(1 / (1 + math.exp(-0.5)))
    assert frame.confidence is not None and frame.confidence < 0.6
    assert frame.rejected


def test_offsets_are_into_the_text_as_given(understudy: Understudy) -> None:
    text = "  play \t jazz  blues "
    (frame,) = understudy.predict([text], "de-DE")
    assert frame.text == text
    assert [(slot.value, text[slot.start : slot.end]) for slot in frame.slots] == [
        ("jazz", "jazz"),
        ("blues", "blues"),
    ]


def test_frames_come_in_the_order_of_the_texts_with_their_ids(understudy: Understudy) -> None:
    texts = ["stop blues", "play", "stop"]
    frames = understudy.predict(texts, "en-US", ids=["x", "y", "z"])
    assert [(frame.id, frame.text, frame.intent) for frame in frames] == [
        ("x", "stop blues", "music_stop"),
        ("y", "play", "music_play"),
        ("z", "stop", "music_stop"),
    ]
    assert [frame.id for frame in understudy.predict(texts, "en-US")] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("text", "locale", "message"),
    [
        ("play", "fr-FR", "no locale 'fr-FR', only: en-US, de-DE"),
        ("", "en-US", "empty utterance"),
        (" \t\u200b", "en-US", "empty utterance"),
        ("please", "en-US", "has 9 pieces and the model reads 8"),
        ("play \ud800", "en-US", "half a character"),
    ],
)
def test_bad_texts_are_refused_in_one_line(
    understudy: Understudy, text: str, locale: str, message: str
) -> None:
    with pytest.raises(UserError, match=message) as caught:
        understudy.predict(["play", text], locale)
    assert "\n" not in str(caught.value)


def edit(key: str, value: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        info = json.loads((folder / "bundle.json").read_text())
        (folder / "bundle.json").write_text(json.dumps(info | {key: value}))

    return change


def cut(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])

    return change


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (edit("format_version", 3), "format 3 is newer than this program's 2; upgrade"),
        (edit("format_version", 1), "format 1 is older than this program's 2; export the model again"),
        (edit("format_version", "1"), "format_version"),
        (edit("max_length", -1), "max_length"),
        (edit("unknown", 0), "unknown"),
        (remove("bundle.json"), "holds no bundle.json"),
        (remove("model.onnx"), "model.onnx: is missing"),
        (remove("labels.json"), "labels.json: is missing"),
        (remove("calibration.json"), "calibration.json: is missing"),
        (edit("crf", True), "transitions.npy: is missing"),
        (edit("heads", []), "heads"),
        (remove("sentencepiece.model"), "sentencepiece.model"),
        (cut("bundle.json"), "bundle.json"),
        (cut("model.onnx"), "model.onnx: ONNX Runtime cannot read"),
        (cut("labels.json"), "labels.json"),
        (cut("calibration.json"), "calibration.json"),
        (cut("sentencepiece.model"), "sentencepiece.model"),
        (shutil.rmtree, "no such bundle"),
    ],
)
def test_a_damaged_bundle_is_refused_by_name(
    bundle: Path, tmp_path: Path, change: Callable[[Path], None], message: str
) -> None:
    copy = tmp_path / "bundle"
    shutil.copytree(bundle, copy)
    change(copy)
    with pytest.raises(UserError, match=message) as caught:
        Understudy.load(copy)
    assert "\n" not in str(caught.value)


def test_what_was_written_is_read(bundle: Path) -> None:
    info = read_info(bundle)
    assert (info.locales, info.max_length) == (("en-US", "de-DE"), 8)
    assert (info.heads, info.crf) == (("intent", "slots"), False)
    calibration = Calibration.load(bundle)
    assert calibration.temperatures == {"intent": 2.0, "slots": 0.5}
    assert calibration.threshold == 0.6


def test_serving_never_imports_torch() -> None:
    modules = "understudy.serving.runtime, understudy.serving.server, understudy.metrics.nlu"
    code = f"import sys, {modules}; print([m for m in ('torch', 'transformers', 'onnx') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

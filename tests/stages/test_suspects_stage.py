"""The suspects stage: a list of frames with reasons, counts by locale and intent, and no test utterance."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.core.artifact import Artifact, Manifest
from understudy.core.errors import UserError
from understudy.core.recipe.entries import Labels
from understudy.core.recipe.suspects_steps import Suspects
from understudy.core.stage import Inputs, LabelFiles
from understudy.demo import world
from understudy.stages.suspects import SUSPECTS, run
from understudy.utterances.formats import write_frame_lines
from understudy.utterances.frame import Frame, Utterance
from understudy.utterances.given import Given


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """Two locales; in each, one training utterance has another one's intent, and every test one is absurd."""
    files = {}
    for locale in ("en-US", "de-DE"):
        frames = list({f.text: f for f in world.labelled(locale, "train", 400, 3)}.values())
        wrong = next(i for i, f in enumerate(frames) if f.intent == "alarm_set")
        frames[wrong] = replace(frames[wrong], id="wrong", intent="music_play")
        utterances = [Utterance(f, "dev" if i % 8 == 0 else "train") for i, f in enumerate(frames)]
        absurd = [replace(f, id=f"t{i}", intent="absurd") for i, f in enumerate(frames[:30])]
        utterances += [Utterance(f, "test") for f in absurd]
        file = tmp_path / f"{locale}.jsonl"
        write_frame_lines(file, utterances, Given())
        files[locale] = (file,)
    labels = Labels(path="x", locales=tuple(files), format="frames")
    return Inputs(labels={"all": LabelFiles(labels, files, Suspects.splits)})


def test_frames_come_with_reasons_the_most_doubtful_first(inputs: Inputs, tmp_path: Path) -> None:
    out = tmp_path / "out"
    numbers = run(Suspects(stage="suspects", labels="all", folds=3), inputs, out)
    rows = [json.loads(line) for line in (out / SUSPECTS).read_text().splitlines()]
    assert len(rows) == numbers["suspects"]
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    for locale in ("en-US", "de-DE"):
        row = next(row for row in rows if row["locale"] == locale and row["id"] == "wrong")
        reason = row["reasons"][0]
        assert (reason["kind"], reason["given"], reason["likely"]) == ("intent", "music_play", "alarm_set")
        assert row["partition"] in ("train", "dev")
        Frame.from_json(row)
        kinds = [{each["kind"] for each in row["reasons"]} for row in rows if row["locale"] == locale]
        assert numbers["by_locale"][locale]["intent"] == sum("intent" in each for each in kinds)
        assert numbers["by_locale"][locale]["slot"] == sum("slot" in each for each in kinds)
    assert sum(each["utterances"] for each in numbers["by_intent"].values()) == numbers["utterances"]
    assert numbers["by_intent"]["music_play"]["likely"]["alarm_set"] == 2
    assert "absurd" not in numbers["by_intent"], "the test split stays closed"
    assert sum(each["intent"] for each in numbers["by_locale"].values()) == numbers["intent"]


def test_slots_may_be_left_out(inputs: Inputs, tmp_path: Path) -> None:
    numbers = run(Suspects(stage="suspects", labels="all", slots=False, folds=2), inputs, tmp_path / "out")
    assert numbers["slot"] == 0
    assert numbers["out_of_fold"]["en-US"]["words_right"] is None


def test_an_encoder_may_be_what_the_models_read(
    inputs: Inputs, tmp_path: Path, elsewhere: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "model").symlink_to(elsewhere("xlm-roberta"))
    encoder = Artifact(tmp_path / "encoder", Manifest.model_construct())
    monkeypatch.setattr("understudy.training.out_of_fold.text_features", None)  # words are not read
    config = Suspects(stage="suspects", labels="all", folds=2, model="encoder")
    numbers = run(config, replace(inputs, artifacts={"encoder": encoder}), tmp_path / "out")
    for right in numbers["out_of_fold"].values():
        # Random weights tell which words stand there; one intent in 19 would be right by chance.
        assert right["intents_right"] > 0.3
        assert right["words_right"] > 0.5


def test_without_scikit_learn_one_line_says_how_to_get_it(
    inputs: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"pip install 'understudy\[suspects\]'"):
        run(Suspects(stage="suspects", labels="all"), inputs, tmp_path / "out")

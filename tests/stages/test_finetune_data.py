"""Fine-tuning on a part of the labels, and on labels that contradict themselves or lack something."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.files import read_jsonl, write_jsonl
from understudy.stages.finetune import FINDINGS
from understudy.utterances.frame import Frame, Slot

Run = Callable[..., dict[str, Any]]
Toy = Callable[[], dict[str, dict[str, list[Frame]]]]


def test_one_domain_one_locale(finetune: Run) -> None:
    numbers = finetune(domain="audio", locales="de-DE")
    assert (numbers["train_utterances"], numbers["intents"], numbers["locales"]) == (4, 2, ["de-DE"])
    assert numbers["domain"] == "audio"
    assert finetune(locales=["de-DE", "en-US"])["train_utterances"] == 16


def test_a_locale_that_is_not_chosen_is_not_read(finetune: Run, data: Toy) -> None:
    broken = data()
    broken["en-US"]["dev"] = []
    assert finetune(broken, locales=["de-DE"])["dev_utterances"] == 8


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"domain": "audoi"}, r"domain: no 'train' utterance is of the domain 'audoi'.*audio"),
        ({"locales": "de-AT"}, r"locales: the label set has no locale 'de-AT'.*de-DE"),
    ],
)
def test_an_empty_choice_is_one_clear_line(finetune: Run, changes: Any, message: str) -> None:
    with pytest.raises(UserError, match=message):
        finetune(**changes)


def test_an_empty_development_set_is_one_clear_line(finetune: Run, data: Toy) -> None:
    broken = data()
    for splits in broken.values():
        splits["dev"] = []
    with pytest.raises(UserError, match="locale 'en-US' has no 'dev' utterance here"):
        finetune(broken)
    broken = data()
    for splits in broken.values():
        splits["dev"] = [frame for frame in splits["dev"] if frame.domain == "home"]
    with pytest.raises(UserError, match="no 'dev' utterance is of the domain 'audio'"):
        finetune(broken, domain="audio")


def test_a_split_without_a_locale_is_one_clear_line(finetune: Run, data: Toy) -> None:
    broken = data()
    broken["de-DE"]["train"] = []
    with pytest.raises(UserError, match="locale 'de-DE' has no 'train' utterance here"):
        finetune(broken)


def test_contradictions_are_counted_named_and_trained_on(
    finetune: Run, data: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = data()
    first = given["en-US"]["train"][0]
    given["en-US"]["train"] += [
        replace(first, id="same"),
        replace(first, id="other intent", intent="end_audio"),
        replace(first, id="no slot", slots=()),
    ]
    # The same text in another language is another utterance.
    given["de-DE"]["train"].append(replace(first, id="german", locale="de-DE", intent="end_home"))
    numbers = finetune(given)
    assert numbers["contradictions"] == {"texts": 1, "utterances": 4}
    rows = [row for _, row in read_jsonl(tmp_path / "out" / FINDINGS)]
    assert {row["kind"] for row in rows} == {"contradiction"}
    assert [row["id"] for row in rows] == [first.id, "same", "other intent", "no slot"]
    assert rows[2]["intent"] == "end_audio"
    assert (
        "1 texts stand in the training data with different labels, in 4 utterances" in capsys.readouterr().err
    )


def test_labels_that_training_has_not_are_named_and_count_as_errors(
    finetune: Run, data: Toy, capsys: pytest.CaptureFixture[str]
) -> None:
    given = data()
    strange = given["en-US"]["dev"][0]
    given["en-US"]["dev"][0] = replace(strange, intent="fly", slots=(replace(strange.slots[0], name="wing"),))
    numbers = finetune(given, duration={"epochs": 25})
    assert numbers["unseen_in_dev"] == {"intents": ["fly"], "slots": ["wing"]}
    assert numbers["best"]["exact_match"] <= 1 - 1 / 16
    err = capsys.readouterr().err
    assert "intents of development utterances that training has not: fly" in err
    assert "slots of development utterances that training has not: wing" in err


@pytest.mark.parametrize("heads", ["paper-a", ["domain", "intent", "crf"]])
def test_data_of_one_class_train_and_are_said_to_be(
    finetune: Run, data: Toy, capsys: pytest.CaptureFixture[str], heads: Any
) -> None:
    given = data()
    for splits in given.values():
        for split, rows in splits.items():
            splits[split] = [replace(f, intent="only", domain="one", slots=()) for f in rows]
    numbers = finetune(given, heads=heads)
    named = {"intent": "only", "slots": "none"} | ({"domain": "one"} if "domain" in heads else {})
    assert numbers["one_class"] == named
    assert numbers["best"]["score"] == 1.0
    assert all(value == value for entry in numbers["history"] for value in entry.values())
    err = capsys.readouterr().err
    assert "the intent head has nothing to learn: all utterances have 'only'" in err
    assert "the slots head has nothing to learn: no training utterance has a slot" in err


def test_a_domain_head_without_domains_is_one_clear_line(finetune: Run, data: Toy) -> None:
    given = data()
    for splits in given.values():
        for split, rows in splits.items():
            splits[split] = [replace(frame, domain="") for frame in rows]
    with pytest.raises(UserError, match="the utterances name no domain; leave the domain head out"):
        finetune(given, heads=["domain", "intent"])
    with pytest.raises(UserError, match=r"no 'train' utterance is of the domain 'home'.*name no domain"):
        finetune(given, domain="home")


def test_slots_inside_of_words_are_counted_and_named(
    finetune: Run, data: Toy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = data()
    odd = Frame("odd", "en-US", "play music", "audio", "start_audio", (Slot("thing", "usic", 6, 10),))
    given["en-US"]["train"].append(odd)
    numbers = finetune(given)
    assert numbers["misaligned"] == {"utterances": 1, "of": 17}
    (row,) = [row for _, row in read_jsonl(tmp_path / "out" / FINDINGS) if row["kind"] == "misaligned"]
    assert (row["id"], row["slots"][0]["value"]) == ("odd", "usic")
    assert "slots of 1 of 17 training utterances begin or end inside" in capsys.readouterr().err


def test_a_cut_text_is_listed_where_its_slot_is_lost(finetune: Run, data: Toy, tmp_path: Path) -> None:
    given = data()
    text = "play music " * 20 + "alarm"
    slot = Slot("thing", "alarm", len(text) - 5, len(text))
    given["en-US"]["train"].append(Frame("long", "en-US", text, "home", "start_home", (slot,)))
    numbers = finetune(given)
    assert numbers["misaligned"]["utterances"] == 1
    assert json.loads((tmp_path / "out" / FINDINGS).read_text())["told"] == []


def test_a_model_a_domain_and_a_locale_from_one_recipe(
    understudy: Callable[..., Any], data: Toy, toy_step: dict[str, Any], tmp_path: Path
) -> None:
    """Matrix of domains, locales and seeds; each model is judged on its own utterances."""
    by_locale = {locale: splits["train"] for locale, splits in data().items()}
    for locale, frames in by_locale.items():
        rows = [
            {**replace(f, id=f"{split} {f.id}").to_json(), "partition": split}
            for split in ("train", "dev", "test")
            for f in frames
        ]
        if locale == "de-DE":  # of the test split, one that training has never seen the like of
            rows[-1] |= {"intent": "fly_home", "slots": [rows[-1]["slots"][0] | {"name": "wing"}]}
        write_jsonl(tmp_path / "data" / f"{locale}.jsonl", rows)
    words = [frame.text for frames in by_locale.values() for frame in frames]
    syllables = [f"{a}{b}{c} {c}{b}{a}" for a, b, c in itertools.product("bdfgklmnprstvz", "aeiou", "lmnrst")]
    texts = [*words * 4, *syllables]
    (tmp_path / "data" / "text.txt").write_text("\n".join(texts) + "\n")
    step = {key: value for key, value in toy_step.items() if key != "tokenizer"}
    recipe = {
        "name": "parts",
        "data": str(tmp_path / "data"),
        "corpora": {"words": {"path": "{data}/text.txt", "locales": ["en"], "format": "text"}},
        "labels": {"all": {"path": "{data}/{locale}.jsonl", "locales": list(by_locale), "format": "frames"}},
        "steps": {
            "text": {"stage": "prepare", "corpora": ["words"], "pack_words": 0, "validation_share": 0.05},
            "words": {"stage": "tokenizer", "text": ["text"], "vocabulary": 100, "sentences": 500},
            "domain": step | {"tokenizer": "words", "matrix": {"domain": ["audio", "home"], "seed": [0, 1]}},
            "locale": step | {"tokenizer": "words", "matrix": {"locales": ["de-DE", ["en-US", "de-DE"]]}},
            "test-domain": {"stage": "evaluate", "model": "domain", "labels": "all"},
            "test-locale": {"stage": "evaluate", "model": "locale", "labels": "all"},
        },
    }
    (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(recipe))
    answer = understudy("run", tmp_path / "recipe.yaml", "--runs", tmp_path / "runs")
    assert answer.code == 0, answer.err
    judged = {path.name: Artifact.load(path).numbers for path in (tmp_path / "runs" / "parts").glob("test-*")}
    assert {name: (numbers["count"], set(numbers["by_domain"]), set(numbers["by_locale"]))
            for name, numbers in judged.items()} == {
        "test-domain-audio-0": (8, {"audio"}, {"en-US", "de-DE"}),
        "test-domain-audio-1": (8, {"audio"}, {"en-US", "de-DE"}),
        "test-domain-home-0": (8, {"home"}, {"en-US", "de-DE"}),
        "test-domain-home-1": (8, {"home"}, {"en-US", "de-DE"}),
        "test-locale-de-de": (8, {"audio", "home"}, {"de-DE"}),
        "test-locale-en-us_de-de": (16, {"audio", "home"}, {"en-US", "de-DE"}),
    }  # fmt: skip
    assert judged["test-domain-home-1"]["domain"] == "home"
    unseen = {name: numbers["unseen_in_training"] for name, numbers in judged.items()}
    strange = {"intents": ["fly_home"], "slots": ["wing"]}
    assert unseen == {name: {"intents": [], "slots": []} if "audio" in name else strange for name in judged}
    assert judged["test-domain-home-0"]["exact_match"] <= 7 / 8

"""Fine-tuning in every mode on a few utterances, and what it says of bad ones."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from pydantic import ValidationError

from understudy.core.artifact import Artifact, Manifest
from understudy.core.errors import UserError
from understudy.core.files import read_jsonl, write_jsonl
from understudy.core.recipe.entries import Labels
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.stage import Inputs, LabelFiles
from understudy.model.nlu import load_nlu
from understudy.stages.finetune import FINDINGS, run
from understudy.tokenizer.train import train as train_tokenizer
from understudy.utterances.frame import Frame, Partition, Slot

THINGS = {"en-US": ("music", "radio", "lights", "alarm"), "de-DE": ("musik", "radio", "licht", "wecker")}
VERBS = {"en-US": ("play", "stop"), "de-DE": ("spiel", "halt")}
BASE: dict[str, Any] = {
    "stage": "finetune",
    "encoder": {"layers": 2, "hidden": 32, "ffn": 64, "heads": 2, "max_length": 32},
    "tokenizer": "words",
    "labels": "all",
    "dropout": 0,
    "heads": {"intent": {"width": 16}, "slots": {"width": 16}},
    "duration": {"epochs": 3},
    "optimization": {"learning_rate": 1e-2, "tokens_per_batch": 128, "precision": "fp32"},
    "trackers": [],
}


def frames(locale: str, split: str) -> list[Frame]:
    made = []
    for number, thing in enumerate(THINGS[locale]):
        domain = "audio" if number < 2 else "home"
        for intent, verb in zip(("start", "end"), VERBS[locale], strict=True):
            text = f"{verb} {thing}"
            slot = Slot("thing", thing, len(verb) + 1, len(text))
            made.append(
                Frame(f"{split}-{intent}-{thing}", locale, text, domain, f"{intent}_{domain}", (slot,))
            )
    return made


Data = dict[str, dict[Partition, list[Frame]]]


def data() -> Data:
    return {locale: {split: frames(locale, split) for split in ("train", "dev")} for locale in THINGS}


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    texts = [frame.text for locale in THINGS for frame in frames(locale, "train")]
    train_tokenizer(texts * 4, 31, "", 0, folder)
    return folder


Run = Callable[..., dict[str, Any]]


@pytest.fixture
def finetune(words: Path, tmp_path: Path) -> Run:
    """``finetune(data, **changes of the config)``; the artifact is ``tmp_path / "out"``."""

    def call(given: Data | None = None, **changes: Any) -> dict[str, Any]:
        files = {}
        for locale, splits in (given or data()).items():
            file = tmp_path / f"{locale}.jsonl"
            write_jsonl(file, ({**f.to_json(), "partition": s} for s, rows in splits.items() for f in rows))
            files[locale] = (file,)
        config = Finetune.model_validate(BASE | changes)
        labels = LabelFiles(Labels(path="x", locales=tuple(files), format="frames"), files, ("train", "dev"))
        made = Manifest.model_construct(recipe="r", step="words", stage="tokenizer", inputs={})
        tokenizer = Artifact(words, made)
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        return run(config, Inputs(artifacts={"words": tokenizer}, labels={"all": labels}), out)

    return call


@pytest.mark.parametrize(
    ("heads", "judged_by"),
    [
        ("paper-a", "exact_match"),
        ("paper-b-dc", "domain_accuracy"),
        ("paper-b-icner", "exact_match"),
        (["domain", "intent", "crf"], "exact_match"),
        (["intent"], "intent_accuracy"),
        (["slots"], "slot_f1"),
        ({"crf": {"constrained": True}}, "slot_f1"),
    ],
)
def test_any_mix_of_heads_is_trained_and_judged_by_what_it_can_tell(
    finetune: Run, tmp_path: Path, heads: Any, judged_by: str
) -> None:
    numbers = finetune(heads=heads, duration={"epochs": 2})
    model = load_nlu(tmp_path / "out")
    assert numbers["judged_by"] == judged_by
    assert numbers["best"]["score"] == numbers["best"][judged_by]
    assert numbers["heads"] == model.shapes.as_json()
    told = {
        "intent_accuracy": "intent" in model.heads,
        "slot_f1": "slots" in model.heads,
        "exact_match": {"intent", "slots"} <= set(model.heads),
        "domain_accuracy": bool({"intent", "domain"} & set(model.heads)),
    }
    assert {name: name in numbers["history"][0] for name in told} == told


@pytest.mark.parametrize("heads", ["paper-a", "paper-b-icner"])
def test_it_learns(finetune: Run, heads: str) -> None:
    assert finetune(heads=heads, duration={"epochs": 25})["best"]["exact_match"] > 0.9


def parts_that_changed(folder: Path, before: dict[str, torch.Tensor]) -> set[str]:
    after = load_nlu(folder).state_dict()
    changed = {name for name in before if not torch.allclose(before[name], after[name], 0, 1e-12)}
    return {part for part in PARTS if any(part in name for name in changed)}


PARTS = ("words", "positions", "blocks.0", "blocks.1", "final_norm", "heads.", "base.head_")


@pytest.fixture
def untrained(finetune: Run, tmp_path: Path) -> dict[str, torch.Tensor]:
    """The weights before the first step: a rate too small to move them."""
    finetune(duration={"steps": 1}, optimization={"learning_rate": 1e-30, "minimum_learning_rate": 0})
    return load_nlu(tmp_path / "out").state_dict()


@pytest.mark.parametrize(
    ("changes", "trained"),
    [
        ({}, {"words", "positions", "blocks.0", "blocks.1", "final_norm", "heads."}),
        ({"frozen": True}, {"heads."}),
        ({"unfreeze_every": 3}, {"heads."}),
        ({"unfreeze_every": 2}, {"blocks.1", "final_norm", "heads."}),
        ({"unfreeze_every": 1}, {"blocks.0", "blocks.1", "final_norm", "heads."}),
        ({"unfreeze_every": 0.5}, {"words", "positions", "blocks.0", "blocks.1", "final_norm", "heads."}),
    ],
)
def test_what_is_trained(
    finetune: Run, untrained: dict[str, torch.Tensor], tmp_path: Path, changes: Any, trained: set[str]
) -> None:
    """In three epochs, the last one's weights being kept since its score is made the best."""
    finetune(duration={"epochs": 3}, validate_every=1000, **changes)
    assert parts_that_changed(tmp_path / "out", untrained) == trained


def test_a_run_that_frees_layers_goes_on_where_it_was_killed(
    finetune: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the bit, across the step at which a layer joins."""
    options = {"unfreeze_every": 1, "checkpoint_every": 1, "dropout": 0.1, "layer_decay": 0.7}
    whole = finetune(**options)
    due = load_nlu(tmp_path / "out").state_dict()
    (tmp_path / "out").rename(tmp_path / "whole")
    from understudy.training.nlu_task import NluTask

    inputs, calls = NluTask.inputs, []

    def killed(self: NluTask, batch: Any, epoch: int) -> Any:
        calls.append(epoch)
        if len(calls) == whole["steps"] * 2 // 3 + 1:
            raise KeyboardInterrupt
        return inputs(self, batch, epoch)

    with monkeypatch.context() as patch:
        patch.setattr(NluTask, "inputs", killed)
        with pytest.raises(KeyboardInterrupt):
            finetune(**options)
    again = finetune(**options)
    assert again["history"] == whole["history"]
    got = load_nlu(tmp_path / "out").state_dict()
    assert all(torch.equal(due[name], got[name]) for name in due)


def test_rates_fall_from_head_to_embedding(finetune: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from understudy.training.engines import alone

    seen = []
    original = alone.optimizer_for
    monkeypatch.setattr(
        alone, "optimizer_for", lambda *given: seen.append((given[0], original(*given))) or seen[-1][1]
    )
    finetune(layer_decay=0.5, head_learning_rate=3e-2, duration={"steps": 1})
    ((module, optimizer),) = seen
    names = {id(parameter): name for name, parameter in module.named_parameters()}
    factors = {
        names[id(parameter)]: group["factor"]
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    due = {
        "heads.": 3.0,
        "final_norm": 1.0,
        "blocks.1": 1.0,
        "blocks.0": 0.5,
        "words": 0.25,
        "positions": 0.25,
    }
    for part, factor in due.items():
        values = [value for name, value in factors.items() if part in name]
        assert values and values == pytest.approx([factor] * len(values)), part
    assert not any("head_" in name for name in factors)
    # The step's rate is the schedule's, times the factor.
    rates = [group["lr"] / group["factor"] for group in optimizer.param_groups]
    assert rates == pytest.approx([1e-2] * len(rates))


@pytest.mark.parametrize(
    "changes",
    [
        {"label_smoothing": 0.1},
        {"r_drop": 1.0, "dropout": 0.1},
        {"class_weights": {"intent": "sqrt", "slots": "inverse"}},
    ],
)
def test_options_of_the_loss_train(finetune: Run, changes: dict[str, Any]) -> None:
    assert finetune(duration={"epochs": 25}, **changes)["best"]["exact_match"] > 0.8


def test_it_stops_early_when_development_data_get_no_better(finetune: Run) -> None:
    numbers = finetune(duration={"epochs": 60, "converged": {"patience": 2}})
    assert numbers["steps"] < 60 * 2
    scores = [entry["score"] for entry in numbers["history"]]
    assert max(scores[-2:]) <= max(scores[:-2])


def test_one_domain_one_locale(finetune: Run) -> None:
    numbers = finetune(domain="audio", locales="de-DE")
    assert (numbers["train_utterances"], numbers["intents"], numbers["locales"]) == (4, 2, ["de-DE"])
    assert numbers["domain"] == "audio"
    assert finetune(locales=["de-DE", "en-US"])["train_utterances"] == 16


def test_a_locale_that_is_not_chosen_is_not_read(finetune: Run) -> None:
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


def test_an_empty_development_set_is_one_clear_line(finetune: Run) -> None:
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


def test_a_split_without_a_locale_is_one_clear_line(finetune: Run) -> None:
    broken = data()
    broken["de-DE"]["train"] = []
    with pytest.raises(UserError, match="locale 'de-DE' has no 'train' utterance here"):
        finetune(broken)


def test_contradictions_are_counted_named_and_trained_on(
    finetune: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
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
    finetune: Run, capsys: pytest.CaptureFixture[str]
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
    finetune: Run, capsys: pytest.CaptureFixture[str], heads: Any
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


def test_a_domain_head_without_domains_is_one_clear_line(finetune: Run) -> None:
    given = data()
    for splits in given.values():
        for split, rows in splits.items():
            splits[split] = [replace(frame, domain="") for frame in rows]
    with pytest.raises(UserError, match="the utterances name no domain; leave the domain head out"):
        finetune(given, heads=["domain", "intent"])
    with pytest.raises(UserError, match=r"no 'train' utterance is of the domain 'home'.*name no domain"):
        finetune(given, domain="home")


def test_slots_inside_of_words_are_counted_and_named(
    finetune: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = data()
    odd = Frame("odd", "en-US", "play music", "audio", "start_audio", (Slot("thing", "usic", 6, 10),))
    given["en-US"]["train"].append(odd)
    numbers = finetune(given)
    assert numbers["misaligned"] == {"utterances": 1, "of": 17}
    (row,) = [row for _, row in read_jsonl(tmp_path / "out" / FINDINGS) if row["kind"] == "misaligned"]
    assert (row["id"], row["slots"][0]["value"]) == ("odd", "usic")
    assert "slots of 1 of 17 training utterances begin or end inside" in capsys.readouterr().err


def test_a_cut_text_is_listed_where_its_slot_is_lost(finetune: Run, tmp_path: Path) -> None:
    given = data()
    text = "play music " * 20 + "alarm"
    slot = Slot("thing", "alarm", len(text) - 5, len(text))
    given["en-US"]["train"].append(Frame("long", "en-US", text, "home", "start_home", (slot,)))
    numbers = finetune(given)
    assert numbers["misaligned"]["utterances"] == 1
    assert json.loads((tmp_path / "out" / FINDINGS).read_text())["told"] == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"heads": "paper-c"}, "no setting 'paper-c'; there are: paper-a, paper-b-dc, paper-b-icner"),
        ({"heads": {"intent": "paper-c"}}, "no shape 'paper-c'; there are: paper-a, paper-b"),
        ({"heads": []}, "a model needs a head: domain, intent, slots or crf"),
        ({"heads": ["intents"]}, "Extra inputs are not permitted"),
        ({"heads": {"intent": {"widht": 3}}}, "Extra inputs are not permitted"),
        ({"heads": ["intent", "crf"], "class_weights": {"slots": "sqrt"}}, "a CRF judges paths"),
        ({"heads": ["slots"], "class_weights": {"intent": "sqrt"}}, "there is no such head"),
        ({"frozen": True, "layer_decay": 0.9}, "a frozen encoder has no use for"),
        ({"locales": []}, "'locales' names none"),
        ({"unfreeze_every": 0}, "greater than 0"),
    ],
)
def test_what_does_not_go_together_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Finetune.model_validate(BASE | changes)


def test_heads_by_name_list_and_table_are_the_same() -> None:
    def heads(value: Any) -> Any:
        return Finetune.model_validate(BASE | {"heads": value}).heads

    assert heads("paper-a") == heads(["intent", "slots"]) == heads({"intent": None, "slots": {}})
    icner = heads("paper-b-icner")
    assert icner == heads({"intent": "paper-b", "slots": "paper-b", "crf": True})
    assert (icner.intent.layers, icner.intent.width, icner.intent.activation) == (1, 128, "relu")
    assert (icner.slots.layers, icner.slots.width, icner.slots.activation) == (1, 256, "gelu")
    assert heads(["crf"]).slots is not None
    assert heads({"intent": None, "crf": False}).crf is None


def test_a_model_a_domain_and_a_locale_from_one_recipe(
    understudy: Callable[..., Any], tmp_path: Path
) -> None:
    """Matrix of domains, locales and seeds; each model is judged on its own utterances."""
    for locale in THINGS:
        rows = [
            {**replace(f, id=f"{split} {f.id}").to_json(), "partition": split}
            for split in ("train", "dev", "test")
            for f in frames(locale, split)
        ]
        if locale == "de-DE":  # of the test split, one that training has never seen the like of
            rows[-1] |= {"intent": "fly_home", "slots": [rows[-1]["slots"][0] | {"name": "wing"}]}
        write_jsonl(tmp_path / "data" / f"{locale}.jsonl", rows)
    words = [frame.text for locale in THINGS for frame in frames(locale, "train")]
    syllables = [f"{a}{b}{c} {c}{b}{a}" for a, b, c in itertools.product("bdfgklmnprstvz", "aeiou", "lmnrst")]
    texts = [*words * 4, *syllables]
    (tmp_path / "data" / "text.txt").write_text("\n".join(texts) + "\n")
    step = {key: value for key, value in BASE.items() if key != "tokenizer"}
    recipe = {
        "name": "parts",
        "data": str(tmp_path / "data"),
        "corpora": {"words": {"path": "{data}/text.txt", "locales": ["en"], "format": "text"}},
        "labels": {"all": {"path": "{data}/{locale}.jsonl", "locales": list(THINGS), "format": "frames"}},
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


def test_the_guide_names_every_key_and_its_recipes_are_right() -> None:
    text = (Path(__file__).parents[2] / "docs" / "finetuning.md").read_text()
    named = {word for code in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"\w+", code)}
    assert set(Finetune.model_fields) - {"stage"} <= named
    first, parts = (
        yaml.safe_load(block.replace(", ...", "")) for block in re.findall(r"```yml\n(.*?)```", text, re.S)
    )
    assert Finetune.model_validate(first["nlu"]).heads.crf is not None
    rest = {"model": "student", "labels": "all", "duration": {"epochs": 4}}
    del parts["test"]
    assert all(Finetune.model_validate(rest | step) for step in parts.values())
    table = re.search(r"`heads: (\{domain: .*\})`", text)
    assert table is not None
    heads = Finetune.model_validate(BASE | {"heads": yaml.safe_load(table[1])}).heads
    assert heads.domain == heads.intent and heads.crf is not None and heads.crf.constrained

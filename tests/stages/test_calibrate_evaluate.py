"""Calibration and rejection at the end of fine-tuning, and what evaluation makes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from understudy.core.artifact import Artifact, Manifest
from understudy.core.errors import UserError
from understudy.core.files import write_jsonl
from understudy.core.recipe.entries import Labels
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.recipe.heads import Heads
from understudy.core.recipe.nlu_steps import Evaluate
from understudy.core.recipe.rejection import Rejection
from understudy.core.stage import Inputs, LabelFiles
from understudy.export.calibration import Calibration
from understudy.metrics.confidence import outcomes
from understudy.metrics.nlu import score
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.nlu import NluModel, load_nlu, save_nlu
from understudy.stages import calibrate as module
from understudy.stages import evaluate, finetune
from understudy.stages.calibrate import calibrate
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.train import train
from understudy.training.nlu_scores import scores_of
from understudy.training.nlu_task import predict_frames
from understudy.utterances.frame import OUT_OF_SCOPE, Frame
from understudy.utterances.read import read_frames
from understudy.utterances.scope import outside
from understudy.utterances.tags import LabelSet, decode_slots

VERBS, THINGS = ("play", "stop", "find", "buy"), ("jazz", "a song", "the news", "my list", "tea")
ENDS = ("", " now", " please", " today")
TEXTS = [f"{verb} {thing}{end}" for verb, thing, end in product(VERBS, THINGS, ENDS)]
STRANGE = [f"{end} {thing} {verb}".strip() for verb, thing, end in product(VERBS, THINGS, ENDS[1:])]
LABELS = LabelSet(
    intents=("a", "b", "c"),
    domains=("d", "e"),
    domain_of={"a": "d", "b": "d", "c": "e"},
    tags=("O", "B-x", "I-x", "B-y", "I-y"),
)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    train(TEXTS * 5, 36, "", 0, folder)
    return folder


def tuned(folder: Path, tokenizer: Path, heads: Any = "paper-a", labels: LabelSet = LABELS) -> Path:
    """A model whose answers differ from text to text, far too sure of itself."""
    torch.manual_seed(1)
    config = EncoderConfig(vocabulary=36, layers=1, hidden=32, ffn=64, heads=2, max_length=32)
    model = NluModel(MaskedLanguageModel(config), labels, Heads.model_validate(heads))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(4.0)
    save_nlu(model, folder, tokenizer)
    return folder


def said(folder: Path, texts: Sequence[str] = TEXTS, locale: str = "en-US") -> list[Frame]:
    frames = [Frame(f"{i}", locale, text, "d", "a") for i, text in enumerate(texts)]
    return predict_frames(load_nlu(folder), load_tokenizer(folder / "model"), frames, 32)


def spoiled(answers: Sequence[Frame]) -> list[Frame]:
    """References that agree with the model but for every fifth intent and every seventh frame's slots."""
    due = []
    for number, frame in enumerate(answers):
        wrong = number % 5 == 0 and frame.intent != ""
        intent = "abc"[("abc".index(frame.intent) + 1) % 3] if wrong else frame.intent
        slots = () if number % 7 == 0 else frame.slots
        due.append(
            Frame(frame.id, frame.locale, frame.text, LABELS.domain_of.get(intent, "d"), intent, slots)
        )
    return due


def drawn(folder: Path, temperature: float) -> list[Frame]:
    """References drawn from what the model says at a temperature, which is then the right one."""
    model, random = load_nlu(folder), np.random.default_rng(0)
    due = [Frame(f"{i}", "en-US", text, "d", "a") for i, text in enumerate(TEXTS)]
    for rows, encodings, scores in scores_of(model, load_tokenizer(folder / "model"), TEXTS, 32):
        labels = {
            head: (each / temperature + random.gumbel(size=each.shape)).argmax(-1)
            for head, each in scores.items()
        }
        for index, (row, encoding) in enumerate(zip(rows, encodings, strict=True)):
            if "intent" in labels:
                due[row] = replace(due[row], intent=LABELS.intents[labels["intent"][index]])
            if "domain" in labels:
                due[row] = replace(due[row], domain=LABELS.domains[labels["domain"][index]])
            if "slots" in labels:
                tags = labels["slots"][index].tolist()
                due[row] = replace(due[row], slots=decode_slots(TEXTS[row], encoding.offsets, tags, LABELS))
    return due


@pytest.mark.parametrize("heads", ["paper-a", ["domain", "intent", "crf"], ["intent"], ["crf"]], ids=str)
def test_temperatures_mend_each_head_and_change_no_answer(
    tmp_path: Path, tokenizer: Path, heads: Any
) -> None:
    folder = tuned(tmp_path, tokenizer, heads)
    answers = said(folder)
    calibrated = calibrate(folder, drawn(folder, 12.0), None)
    assert Calibration.load(folder) == calibrated.calibration
    assert set(calibrated.calibration.heads) == set(load_nlu(folder).heads)
    for row in calibrated.calibration.heads.values():
        assert row.reason is None
        assert row.temperature > 1.5
        assert row.examples == len(TEXTS)
        assert row.error_before is not None and row.error_after is not None
        assert row.error_after < row.error_before
    frame = calibrated.calibration.frame
    assert frame.error_before is not None and frame.error_after is not None
    assert frame.error_after < frame.error_before
    assert list(calibrated.answers) == [
        replace(
            before,
            confidence=after.confidence,
            intent_confidence=after.intent_confidence,
            domain_confidence=after.domain_confidence,
        )
        for before, after in zip(answers, calibrated.answers, strict=True)
    ]


def test_few_utterances_leave_it_as_it_is_and_say_so(tmp_path: Path, tokenizer: Path) -> None:
    folder = tuned(tmp_path, tokenizer)
    few = spoiled(said(folder))[:20]
    calibration = calibrate(folder, few, Rejection(false_accept=0.0)).calibration
    for row in calibration.heads.values():
        assert (row.temperature, row.reason) == (1.0, "20 development examples; at least 50 are due")
    alike = [replace(frame, intent="b", domain="d") for frame in spoiled(said(folder))]
    assert calibrate(folder, alike, None).calibration.heads["intent"].reason == (
        "the development examples are all of one class"
    )


def test_labels_that_training_never_saw_are_not_fitted_but_count_as_errors(
    tmp_path: Path, tokenizer: Path
) -> None:
    folder = tuned(tmp_path, tokenizer)
    due = spoiled(said(folder))
    strange = [replace(frame, intent="unseen") for frame in due[:30]] + due[30:]
    row = calibrate(folder, strange, None).calibration.heads["intent"]
    assert row.examples == len(TEXTS) - 30
    assert row.error_before is not None


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.3])
def test_the_threshold_keeps_the_rate_on_development_data(
    tmp_path: Path, tokenizer: Path, rate: float
) -> None:
    folder = tuned(tmp_path, tokenizer)
    due = spoiled(said(folder))
    calibrated = calibrate(folder, due, Rejection(false_accept=rate))
    chosen = calibrated.calibration.rejection
    assert chosen is not None and chosen.unwanted == "wrong frames"
    pairs = list(zip(due, calibrated.answers, strict=True))
    confidences, right = outcomes(pairs)[0]["frame"]
    wrong = [confidence for confidence, is_right in zip(confidences, right, strict=True) if not is_right]
    assert chosen.number == len(wrong)
    accepted = sum(confidence > chosen.threshold for confidence in wrong)
    assert accepted == int(rate * len(wrong) + 1e-9)
    assert chosen.false_accept_rate == pytest.approx(accepted / len(wrong))
    everyone = sum(confidence > chosen.threshold for confidence in confidences)
    assert chosen.acceptance_rate == pytest.approx(everyone / len(confidences))


def test_with_utterances_out_of_scope_the_rate_is_of_those(tmp_path: Path, tokenizer: Path) -> None:
    folder = tuned(tmp_path, tokenizer)
    due, beyond = spoiled(said(folder)), outside(said(folder, STRANGE))
    wanted = Rejection(false_accept=0.1, out_of_scope="out")
    chosen = calibrate(folder, due, wanted, beyond).calibration.rejection
    assert chosen is not None
    assert (chosen.unwanted, chosen.number) == ("out-of-scope utterances", len(STRANGE))
    assert chosen.false_accept_rate == pytest.approx(int(0.1 * len(STRANGE)) / len(STRANGE))
    # Those that the model itself says are out of scope are rejected at any threshold.
    taught = LabelSet.of(
        [*due, Frame("o", "en-US", "x", "", OUT_OF_SCOPE), Frame("o", "en-US", "x", "e", "b")]
    )
    other = tuned(tmp_path / "taught", tokenizer, labels=taught)
    knows = [frame.intent == OUT_OF_SCOPE for frame in said(other, STRANGE)]
    assert any(knows) and not all(knows)
    nothing = calibrate(other, due, Rejection(false_accept=0.99, out_of_scope="out"), beyond)
    assert nothing.calibration.rejection is not None
    rate = nothing.calibration.rejection.false_accept_rate
    assert rate is not None and rate <= 1 - sum(knows) / len(knows) + 1e-9


def test_without_anything_to_reject_there_is_no_threshold(tmp_path: Path, tokenizer: Path) -> None:
    folder = tuned(tmp_path, tokenizer)
    chosen = calibrate(folder, said(folder), Rejection()).calibration.rejection
    assert chosen is not None
    assert (chosen.threshold, chosen.reason) == (0.0, "development data hold no wrong frames")


def test_of_many_utterances_the_same_are_drawn(
    tmp_path: Path, tokenizer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 60)
    folder = tuned(tmp_path, tokenizer)
    due = spoiled(said(folder))
    one, other = calibrate(folder, due, None), calibrate(folder, due[::-1], None)
    assert len(one.references) == one.calibration.utterances == 60
    assert {frame.id for frame in one.references} == {frame.id for frame in other.references}


def test_training_on_what_is_out_of_scope_needs_some() -> None:
    with pytest.raises(ValueError, match="name a label set in 'out_of_scope'"):
        Rejection(train=True)


def manifest(**config: Any) -> Manifest:
    return Manifest.model_construct(
        stage="finetune",
        config={"model": None, "labels": "in", "domain": None, "locales": None} | config,
        numbers={"train_utterances": 9},
    )


@pytest.fixture
def inputs(tmp_path: Path, tokenizer: Path) -> Inputs:
    """A calibrated model and two label sets with dev and test: in two locales, and out of scope in one."""
    folder = tuned(tmp_path / "tuned", tokenizer)
    calibrate(folder, spoiled(said(folder)), Rejection(false_accept=0.2))
    rows = {locale: spoiled(said(folder, locale=locale)) for locale in ("en-US", "de-DE")}
    return Inputs(
        artifacts={"tuned": Artifact(folder, manifest())},
        labels={
            "in": label_files(tmp_path / "in", rows),
            "out": label_files(tmp_path / "out", {"en-US": said(folder, STRANGE)}),
        },
    )


def label_files(folder: Path, rows: dict[str, list[Frame]]) -> LabelFiles:
    files = {}
    for locale, frames in rows.items():
        files[locale] = (folder / f"{locale}.jsonl",)
        labelled = [replace(f, confidence=None, intent_confidence=None).to_json() for f in frames]
        write_jsonl(files[locale][0], [row | {"partition": "test"} for row in labelled])
    return LabelFiles(Labels(path="x", locales=tuple(rows), format="frames"), files)


def run(inputs: Inputs, out: Path, **config: Any) -> dict[str, Any]:
    out.mkdir()
    return evaluate.run(
        Evaluate.model_validate({"stage": "evaluate", "model": "tuned", "labels": "in"} | config), inputs, out
    )


def test_predictions_carry_calibrated_confidence_and_are_what_scores_are_of(
    inputs: Inputs, tmp_path: Path
) -> None:
    numbers = run(inputs, tmp_path / "test", resamplings=50)
    out = tmp_path / "test"
    scores = json.loads((out / "scores.json").read_text())
    assert scores == score(read_frames(out / "references.jsonl"), read_frames(out / "predictions.jsonl"))
    assert scores.items() <= numbers.items()
    calibration = numbers["calibration"]
    errors = numbers["confidence"]["all"]["calibration_error"]
    assert errors["intent"] == pytest.approx(calibration["heads"]["intent"]["error_after"])
    assert errors["frame"] == pytest.approx(calibration["frame"]["error_after"])
    # Development and test hold the same texts here, so the rate is that which was asked for.
    assert numbers["confidence"]["all"]["false_accept_rate"] == pytest.approx(0.2, abs=0.03)
    assert set(numbers["confidence"]["by_locale"]) == {"de-DE", "en-US"}
    assert not (out / "out_of_scope.jsonl").exists()
    for kind, parts in (("locale", ("en-US", "de-DE")), ("all", ("micro", "macro"))):
        for part in parts:
            low, high = numbers["intervals"][kind][part]["exact_match"]
            value = scores["macro"]["exact_match"]
            assert low <= value <= high and low < high
    assert "intervals" not in run(inputs, tmp_path / "none", resamplings=0)


def test_what_is_out_of_scope_counts_for_itself(inputs: Inputs, tmp_path: Path) -> None:
    without = run(inputs, tmp_path / "without", resamplings=0)
    numbers = run(inputs, tmp_path / "with", resamplings=0, out_of_scope="out")
    assert numbers["exact_match"] == without["exact_match"]
    scope = numbers["out_of_scope"]
    assert scope["count"] == len(STRANGE)
    assert set(scope["by_locale"]) == {"en-US"}
    assert 0 <= scope["all"]["out_of_scope_auroc"] <= 1
    beyond = read_frames(tmp_path / "with" / "out_of_scope.jsonl")
    accepted = sum(not frame.rejected for frame in beyond) / len(beyond)
    assert scope["by_locale"]["en-US"]["out_of_scope_accepted"] == pytest.approx(accepted)


@pytest.mark.parametrize(
    ("config", "kept"), [({"domain": "d"}, {"a", "b"}), ({"locales": ["de-DE"]}, {"a", "b", "c"})]
)
def test_a_model_of_a_part_is_judged_on_that_part(
    inputs: Inputs, tmp_path: Path, config: dict[str, Any], kept: set[str]
) -> None:
    part = Artifact(inputs.artifacts["tuned"].path, manifest(**config))
    run(replace(inputs, artifacts={"tuned": part}), tmp_path / "part", resamplings=0)
    references = read_frames(tmp_path / "part" / "references.jsonl")
    assert {frame.intent for frame in references} <= kept
    assert {frame.locale for frame in references} <= set(config.get("locales", ("de-DE", "en-US")))


def test_measures_of_heads_that_are_not_there_have_a_reason(
    inputs: Inputs, tmp_path: Path, tokenizer: Path
) -> None:
    folder = tuned(tmp_path / "domains", tokenizer, ["domain"])
    calibrate(folder, spoiled(said(folder)), None)
    other = replace(inputs, artifacts={"tuned": Artifact(folder, manifest())})
    numbers = run(other, tmp_path / "test", resamplings=20)
    assert numbers["intent_accuracy"] is None and numbers["by_locale"]["en-US"]["exact_match"] is None
    assert "no intent" in numbers["undefined"]["intent_accuracy"]
    assert numbers["domain_accuracy"] is not None
    assert numbers["intervals"]["all"]["macro"]["exact_match"] is None
    assert "no intent" in numbers["intervals"]["all"]["macro"]["undefined"]["exact_match"]
    assert set(numbers["confidence"]["all"]["calibration_error"]) == {"frame", "domain"}
    assert "NaN" not in json.dumps(numbers)


def test_an_uncalibrated_model_is_refused(inputs: Inputs, tmp_path: Path) -> None:
    (inputs.artifacts["tuned"].path / "calibration.json").unlink()
    with pytest.raises(UserError, match="made by an older understudy; make it again"):
        run(inputs, tmp_path / "test")


def test_a_recipe_may_ask_for_rejection() -> None:
    raw = {
        "stage": "finetune",
        "model": "m",
        "labels": "l",
        "duration": {"steps": 1},
        "rejection": {"false_accept": 0.1, "out_of_scope": "beyond", "train": True},
    }
    assert Finetune.model_validate(raw).rejection == Rejection(
        false_accept=0.1, out_of_scope="beyond", train=True
    )


def test_what_is_out_of_scope_may_be_taught_as_an_intent(tmp_path: Path, tokenizer: Path) -> None:
    """The train split is taught, the dev split sets the threshold, and only where the recipe says so."""
    verbs = [Frame(str(i), "en-US", text, "d", f"to_{text.split()[0]}") for i, text in enumerate(TEXTS)]
    beyond = [Frame(str(i), "en-US", text, "x", "y") for i, text in enumerate(STRANGE)]
    files = {}
    for name, frames in (("all", verbs), ("chatter", beyond)):
        file = tmp_path / f"{name}.jsonl"
        rows = [(frame, part) for part in ("train", "dev") for frame in frames]
        write_jsonl(file, (replace(f, id=f"{p}{f.id}").to_json() | {"partition": p} for f, p in rows))
        labels = Labels(path="x", locales=("en-US",), format="frames")
        files[name] = LabelFiles(labels, {"en-US": (file,)}, ("train", "dev"))
    made = Manifest.model_construct(recipe="r", step="words", stage="tokenizer", inputs={})
    raw = {
        "stage": "finetune",
        "encoder": {"layers": 1, "hidden": 32, "ffn": 64, "heads": 2, "max_length": 32},
        "tokenizer": "words",
        "labels": "all",
        "heads": ["intent"],
        "duration": {"epochs": 6},
        "optimization": {"learning_rate": 1e-2, "tokens_per_batch": 128, "precision": "fp32"},
        "trackers": [],
    }
    numbers = {}
    for train_too in (False, True):
        out = tmp_path / str(train_too)
        out.mkdir()
        config = Finetune.model_validate(
            raw | {"rejection": {"false_accept": 0.1, "out_of_scope": "chatter", "train": train_too}}
        )
        inputs = Inputs(artifacts={"words": Artifact(tokenizer, made)}, labels=files)
        numbers[train_too] = finetune.run(config, inputs, out)
        assert (OUT_OF_SCOPE in load_nlu(out).labels.intents) == train_too
        rejection = numbers[train_too]["calibration"]["rejection"]
        assert (rejection["unwanted"], rejection["number"]) == ("out-of-scope utterances", len(STRANGE))
        assert rejection["false_accept_rate"] <= 0.1
        assert (out / "model" / "README.md").is_file()
    assert numbers[True]["train_utterances"] == len(TEXTS) + len(STRANGE)
    assert numbers[False]["train_utterances"] == len(TEXTS)
    taught = numbers[True]["calibration"]["rejection"]["acceptance_rate"]
    assert taught >= numbers[False]["calibration"]["rejection"]["acceptance_rate"]
    assert taught > 0.9

"""The export stage: a bundle that serves, and an int8 gate that closes when int8 is worse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from understudy.core.artifact import Artifact, Manifest
from understudy.core.errors import UserError
from understudy.core.files import write_jsonl
from understudy.core.recipe.entries import Labels
from understudy.core.recipe.heads import PAPER_A, Heads
from understudy.core.recipe.nlu_steps import Export
from understudy.core.stage import Inputs, LabelFiles
from understudy.export.bundle import MODEL_FP32, read_info
from understudy.export.calibration import Calibration, HeadCalibration, Rejection
from understudy.export.onnx_graph import export_onnx
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.nlu import NluModel, load_nlu, save_nlu, served_parameters
from understudy.serving.runtime import Understudy
from understudy.stages import export
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.train import train
from understudy.training.nlu_task import predict_frames
from understudy.utterances.frame import Frame
from understudy.utterances.tags import LabelSet

LOCALES = ("de-DE", "en-US")
TEXTS = [f"{verb} {noun}" for verb in ("play", "stop", "find") for noun in ("jazz", "a song", "the news")]
LABELS = LabelSet(
    intents=("a", "b", "c"),
    domains=("d",),
    domain_of={"a": "d", "b": "d", "c": "d"},
    tags=("O", "B-x", "I-x"),
)


def nlu(seed: int, vocabulary: int, heads: Heads = PAPER_A) -> NluModel:
    torch.manual_seed(seed)
    config = EncoderConfig(vocabulary=vocabulary, layers=1, hidden=32, ffn=64, heads=2, max_length=16)
    model = NluModel(MaskedLanguageModel(config), LABELS, heads)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(12.0)  # answers that differ from text to text
    return model


def manifest(**config: Any) -> Manifest:
    texts = dict.fromkeys(("step", "fingerprint", "code_version", "started"), "") | {"recipe": "r"}
    tables: dict[str, Any] = {key: {} for key in ("inputs", "sources", "machine", "files")}
    numbers = {"train_utterances": 9, "locales": [*LOCALES], "fraction": 1.0, "license": "CC BY 4.0"}
    return Manifest(
        **texts,
        **tables,
        format_version=1,
        stage="finetune",
        seconds=0,
        numbers=numbers,
        config={"labels": "home", "model": None, "domain": None, "locales": None} | config,
    )


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """A fine-tuned model, and development utterances that it reads without a mistake in fp32."""
    train(TEXTS * 20, 24, "", 0, tmp_path / "tokenizer")
    save_nlu(nlu(0, 24), tmp_path / "finetune", tmp_path / "tokenizer")
    Calibration(heads={"intent": HeadCalibration(temperature=2.0)}).save(tmp_path / "finetune")
    rows = {
        locale: [Frame(str(i), locale, text, "d", "a") for i, text in enumerate(TEXTS)] for locale in LOCALES
    }
    given = Inputs(
        artifacts={"tuned": Artifact(tmp_path / "finetune", manifest())},
        labels={"home": label_files(tmp_path, rows)},
    )
    # The first export tells what fp32 answers; these answers become the references.
    run(given, tmp_path / "first")
    fp32 = Understudy.load(tmp_path / "first" / "bundle", MODEL_FP32)
    answers = {locale: fp32.predict(TEXTS, locale) for locale in LOCALES}
    label_files(tmp_path, answers)
    return given


def label_files(folder: Path, rows: dict[str, list[Frame]]) -> LabelFiles:
    files = {}
    for locale, frames in rows.items():
        files[locale] = (folder / f"{locale}.jsonl",)
        write_jsonl(files[locale][0], [frame.to_json() | {"partition": "dev"} for frame in frames])
    return LabelFiles(Labels(path="{locale}.jsonl", locales=LOCALES, format="frames"), files)


def run(inputs: Inputs, out: Path, **config: Any) -> dict[str, Any]:
    out.mkdir(exist_ok=True)
    return export.run(Export(stage="export", model="tuned", labels="home", **config), inputs, out)


def test_the_bundle_serves_and_the_numbers_say_what_int8_costs(inputs: Inputs, tmp_path: Path) -> None:
    numbers = run(inputs, tmp_path / "out", max_loss=1.0)
    assert numbers["served"] == "int8"
    assert numbers["exact_match"]["fp32"] == {"de-DE": 1.0, "en-US": 1.0}
    assert set(numbers["exact_match"]["int8"]) == set(LOCALES)
    assert numbers["bytes"]["int8"] < numbers["bytes"]["fp32"]
    assert numbers["parameters"] == served_parameters(load_nlu(inputs.artifacts["tuned"].path))
    assert {"fp32", "int8"} == set(numbers["p50_ms"]) == set(numbers["predict_p50_ms"])
    assert numbers["confidence"]["fp32"]["acceptance_rate"] == 1
    bundle = tmp_path / "out" / "bundle"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["bundle"]
    assert read_info(bundle).int8
    assert read_info(bundle).locales == LOCALES
    (bundle / MODEL_FP32).unlink()  # serving needs the served graph only
    assert Understudy.load(bundle).predict(["play jazz"], "en-US")[0].intent in LABELS.intents


def test_where_int8_is_worse_fp32_is_served(
    inputs: Inputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "quantize", lambda _, path: export_onnx(nlu(1, 24), path))
    numbers = run(inputs, tmp_path / "out")
    assert max(numbers["int8_loss"].values()) > 0.01
    assert numbers["served"] == "fp32"
    bundle = tmp_path / "out" / "bundle"
    assert not read_info(bundle).int8
    assert (bundle / "model.onnx").read_bytes() == (bundle / MODEL_FP32).read_bytes()


def test_int8_may_be_switched_off(inputs: Inputs, tmp_path: Path) -> None:
    numbers = run(inputs, tmp_path / "out", int8=False)
    assert numbers["served"] == "fp32"
    assert set(numbers["bytes"]) == {"fp32"}
    assert not read_info(tmp_path / "out" / "bundle").int8


def test_an_utterance_longer_than_the_model_is_left_out_and_counted(inputs: Inputs, tmp_path: Path) -> None:
    long = Frame("long", "en-US", " ".join(TEXTS), "d", "a")
    path = inputs.labels["home"].files["en-US"][0]
    with path.open("a") as handle:
        write_jsonl(tmp_path / "more.jsonl", [replace(long).to_json() | {"partition": "dev"}])
        handle.write((tmp_path / "more.jsonl").read_text())
    assert run(inputs, tmp_path / "out")["dev_utterances_too_long"] == 1


@pytest.mark.parametrize("heads", ["paper-a", ["domain"], ["slots"], ["domain", "intent", "crf"]], ids=str)
def test_every_mix_of_heads_is_served_as_torch_reads_it(inputs: Inputs, tmp_path: Path, heads: Any) -> None:
    """Frames, confidences to 1e-5 and rejection, by a runtime that reads the folder alone."""
    folder = tmp_path / "mixed"
    model = nlu(3, 24, Heads.model_validate(heads))
    if model.crf is not None:
        for parameter in model.crf.parameters():
            torch.nn.init.normal_(parameter)
    save_nlu(model, folder, tmp_path / "tokenizer")
    calibration = Calibration(
        heads={head: HeadCalibration(temperature=20.0) for head in model.heads},
        rejection=Rejection(threshold=0.4, wanted=0.1, unwanted="wrong frames", number=9),
    )
    calibration.save(folder)
    given = replace(inputs, artifacts={"tuned": Artifact(folder, manifest())})
    numbers = run(given, tmp_path / "out", int8=False)
    assert numbers["judged_by"] in numbers
    understudy = Understudy.load(tmp_path / "out" / "bundle")
    assert (set(understudy.info.heads), understudy.info.crf) == (set(model.heads), model.crf is not None)
    sources = [Frame(str(i + 1), "en-US", text) for i, text in enumerate(TEXTS)]
    due = predict_frames(
        load_nlu(folder),
        load_tokenizer(folder / "model"),
        sources,
        16,
        temperatures=calibration.temperatures,
        rejection_threshold=0.4,
    )
    for got, frame in zip(understudy.predict(TEXTS, "en-US"), due, strict=True):
        assert (got.domain, got.intent, got.slots, got.rejected) == (
            (frame.domain, frame.intent, frame.slots, frame.rejected)
        )
        for key in ("confidence", "intent_confidence", "domain_confidence"):
            assert getattr(got, key) == pytest.approx(getattr(frame, key), abs=1e-5)
        for slot, other in zip(got.slots, frame.slots, strict=True):
            assert slot.confidence == pytest.approx(other.confidence, abs=1e-5)


def test_the_card_shows_the_evaluation_of_this_model(inputs: Inputs, tmp_path: Path) -> None:
    row = {"intent_accuracy": 0.5, "exact_match": 0.25}
    numbers = {"split": "test", "by_locale": {"en-US": row}, "macro": row}
    evaluation = manifest().model_copy(
        update={"config": {"model": "tuned", "labels": "home"}, "numbers": numbers}
    )
    artifacts = inputs.artifacts | {"judged": Artifact(tmp_path / "judged", evaluation)}
    given = replace(inputs, artifacts=artifacts)
    run(given, tmp_path / "out", evaluation="judged", license="mit")
    card = (tmp_path / "out" / "bundle" / "README.md").read_text()
    assert "## Measures on the test split of `home`" in card
    assert "| en-US | 50.00 | 25.00 |" in card
    assert "license: mit" in card
    assert "CC BY 4.0" in card
    other = evaluation.model_copy(update={"config": {"model": "another", "labels": "home"}})
    given = replace(given, artifacts=artifacts | {"judged": Artifact(tmp_path / "judged", other)})
    with pytest.raises(
        UserError, match="'judged' is of the model 'another'; an evaluation of 'tuned' is due"
    ):
        run(given, tmp_path / "again", evaluation="judged")

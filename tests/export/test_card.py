"""Model cards: metadata that the hub reads, and nothing but what was measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.core.artifact import Artifact, Manifest
from understudy.core.errors import UserError
from understudy.core.files import write_json
from understudy.export.calibration import CALIBRATION, Calibration, HeadCalibration, Rejection
from understudy.export.card import CARD, Card, Measured, Served, card_text, write_card
from understudy.stages.card import ancestors, data_rows, labels_row, training_rows

MEASURED = Measured(
    split="test",
    labels="all",
    by_locale={
        "en-US": {
            "intent_accuracy": 0.9,
            "slot_f1": None,
            "exact_match": 0.8,
            "semer": 0.25,
            "domain_f1": 1.0,
        }
    },
    macro={"intent_accuracy": 0.9, "slot_f1": None, "exact_match": 0.8, "semer": 0.25, "domain_f1": 1.0},
    intervals={
        "resamplings": 1000,
        "confidence": 0.95,
        "all": {"macro": {"exact_match": [0.7, 0.9]}},
        "locale": {"en-US": {"exact_match": [0.7, 0.9]}},
    },
)
CALIBRATION_OF_IT = Calibration(
    utterances=1500,
    heads={
        "intent": HeadCalibration(temperature=2.5, examples=1500, error_before=0.2, error_after=0.02),
        "slots": HeadCalibration(reason="20 development examples; at least 50 are due"),
    },
    frame=HeadCalibration(error_before=0.4, error_after=0.04),
    rejection=Rejection(
        threshold=0.61234,
        wanted=0.05,
        unwanted="wrong frames",
        number=200,
        false_accept_rate=0.05,
        acceptance_rate=0.7,
    ),
)
SERVED = Served(
    {
        "served": "int8",
        "bytes": {"fp32": 4_000_000, "int8": 1_000_000},
        "p50_ms": {"fp32": 1.0, "int8": 0.5},
        "predict_p50_ms": {"fp32": 1.3, "int8": 0.8},
        "confidence": {
            "fp32": {"calibration_error": 0.04, "acceptance_rate": 0.7, "false_accept_rate": 0.05},
            "int8": {"calibration_error": 0.05, "acceptance_rate": 0.7, "false_accept_rate": None},
        },
        "judged_by": "exact_match",
        "exact_match": {"fp32": {"en-US": 0.8}, "int8": {"en-US": 0.795}},
        "max_loss": 0.01,
        "dev_utterances": 1500,
    },
    "A Processor 9",
)
CARD_OF_IT = Card(
    name="export-student",
    recipe="demo",
    locales=("en-US",),
    heads=("intent", "slots"),
    crf=True,
    labels={"intents": 3, "slots": 2, "domains": 1},
    sizes={"parameters": 1_234_567},
    max_length=48,
    data=[("finetune", "labels all", "en-US", "9 utterances", "CC BY 4.0")],
    training=[("finetune", "finetune", "student", "10 steps")],
    calibration=CALIBRATION_OF_IT,
    measured=[MEASURED],
    served=SERVED,
    license="apache-2.0",
)


def metadata(text: str) -> dict[str, Any]:
    front, _, _ = text.removeprefix("---\n").partition("\n---\n")
    return yaml.safe_load(front)


def test_every_figure_stands_in_the_card() -> None:
    text = card_text(CARD_OF_IT)
    for told in (
        "# export-student",
        "3 intents and 2 slots",
        "linear-chain CRF",
        "| parameters | 1,234,567 |",
        "| finetune | labels all | en-US | 9 utterances | CC BY 4.0 |",
        "| en-US | 90.00 | 80.00 [70.00, 90.00] | 25.00 | 100.00 |",
        "the 95 % interval of 1,000 bootstrap resamplings",
        "| intent | 2.500 | 20.00 | 2.00 |",
        "1.000 (20 development examples; at least 50 are due)",
        "| frame |  | 40.00 | 4.00 |",
        "not above 0.6123 are rejected",
        "5.00 % of 200 wrong frames",
        "| fp32 | 4.0 MB | 1.00 ms | 1.30 ms | 4.00 | 5.00 | 80.00 |",
        "| int8 | 1.0 MB | 0.50 ms | 0.80 ms | 5.00 | none | 79.50 |",
        "one thread, A Processor 9",
        "at most 48 pieces",
        "understudy serve FOLDER",
    ):
        assert told in text, told


def test_what_was_not_measured_is_not_there() -> None:
    bare = replace(
        CARD_OF_IT, measured=[], served=None, license=None, calibration=Calibration(), data=[], training=[]
    )
    text = card_text(bare)
    for absent in ("## Measures", "## Served form", "model-index", "license", "resamplings", "None"):
        assert absent not in text, absent
    assert "No rejection threshold was asked for" in text


def test_the_hub_reads_the_metadata() -> None:
    repocard = pytest.importorskip("huggingface_hub.repocard")
    card = repocard.ModelCard(card_text(CARD_OF_IT))
    assert card.data.language == ["en"]
    assert card.data.license == "apache-2.0"
    assert card.data.pipeline_tag == "text-classification"
    assert card.data.model_name == "export-student"
    results = {(r.dataset_config, r.metric_name): r.metric_value for r in card.data.eval_results}
    assert results["en-US", "exact match"] == 0.8
    assert ("en-US", "slot F1") not in results
    assert metadata(card_text(CARD_OF_IT))["library_name"] == "understudy"


def test_a_card_is_written_whole(tmp_path: Path) -> None:
    write_card(CARD_OF_IT, tmp_path)
    assert (tmp_path / CARD).read_text(encoding="utf-8") == card_text(CARD_OF_IT)


def made(folder: Path, step: str, stage: str, inputs: dict[str, str], **more: Any) -> Artifact:
    values: dict[str, Any] = {
        **dict.fromkeys(("code_version", "started"), ""),
        **{key: {} for key in ("config", "sources", "machine", "numbers", "files")},
    }
    manifest = Manifest(
        **values | more,
        format_version=1,
        recipe="r",
        step=step,
        stage=stage,
        fingerprint=f"of-{step}",
        inputs=inputs,
        seconds=0,
    )
    write_json(folder / step / "manifest.json", manifest.model_dump())
    return Artifact(folder / step, manifest)


def test_a_cards_history_is_that_of_the_manifests(tmp_path: Path) -> None:
    rows = {"public": {"de": {"train": {"rows": 1000}}, "en": {"train": {"rows": 500}}}}
    text = {"config": {"corpora": ["wiki"]}, "numbers": {"rows": rows, "licenses": {"wiki": "CC BY-SA"}}}
    made(tmp_path, "text", "prepare", {}, **text)
    made(tmp_path, "shards", "encode", {"text": "of-text"})
    made(tmp_path, "other", "pretrained", {}, config={"path": "a/b"}, numbers={"commit": "c0"})
    sources = {"shards": "of-shards", "other": "of-other", "gone": "of-gone"}
    student = made(tmp_path, "student", "distill", sources, numbers={"steps": 1200, "tokens": 90_000})
    steps = ancestors([student, student])
    assert list(steps) == ["text", "shards", "other", "student"]
    assert data_rows(steps) == [("text", "public text of wiki", "de, en", "1,500 texts", "wiki: CC BY-SA")]
    assert training_rows(steps) == [
        ("other", "pretrained", "a/b at c0", ""),
        ("student", "distill", "shards, other, gone", "1,200 steps, 90,000 tokens"),
    ]
    chosen = Artifact(tmp_path / "best" / "en-US", student.manifest)
    assert list(ancestors([chosen])) == list(steps), "as select hands it on"
    made(tmp_path, "text", "prepare", {"something": "else"}, **text)
    again = made(tmp_path, "shards", "encode", {"text": "an earlier one"})
    assert list(ancestors([again])) == ["shards"], "what was made again since is not its history"


def test_labels_say_what_part_of_them_was_read() -> None:
    numbers = {"locales": ["en-US"], "train_utterances": 1200, "fraction": 0.1, "license": None}
    config = {"labels": "all", "domain": "music"}
    assert labels_row("nlu", config, numbers) == (
        "nlu",
        "labels all, domain music, 10% of its training utterances",
        "en-US",
        "1,200 utterances",
        "not recorded",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda row: row | {"format_version": 2}, "of format version 2; this understudy reads version 1"),
        (lambda row: row | {"heads": {"intent": {"temperature": 0}}}, "heads.intent.temperature"),
        (lambda row: row | {"unknown": 1}, "unknown"),
        (lambda _: [], "format version None"),
    ],
)
def test_a_damaged_calibration_is_refused(tmp_path: Path, change: Any, message: str) -> None:
    CALIBRATION_OF_IT.save(tmp_path)
    assert Calibration.load(tmp_path) == CALIBRATION_OF_IT
    assert CALIBRATION_OF_IT.temperatures == {"intent": 2.5, "slots": 1.0}
    assert (CALIBRATION_OF_IT.threshold, Calibration().threshold) == (0.61234, 0.0)
    write_json(tmp_path / CALIBRATION, change(CALIBRATION_OF_IT.model_dump()))
    with pytest.raises(UserError, match=message):
        Calibration.load(tmp_path)

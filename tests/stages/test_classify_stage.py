"""Classify and judge on small files in XNLI's layout: English teaches, every language is judged."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.core.artifact import Artifact

WORDS = {
    "en": ("surely", "maybe", "is at", "never is at", ["Home.", "School!", "Work", "The park"]),
    "de": ("sicher", "vielleicht", "ist in", "nie ist in", ["Zuhause.", "Schule!", "Arbeit", "Park"]),
}
STEPS = {
    "text": {"stage": "prepare", "corpora": ["words"], "pack_words": 0, "validation_share": 0.05},
    "tokenizer": {"stage": "tokenizer", "text": ["text"], "vocabulary": 120, "sentences": 500},
    "inference": {
        "stage": "classify",
        "encoder": {"layers": 1, "hidden": 64, "ffn": 128, "heads": 2, "max_length": 48},
        "tokenizer": "tokenizer",
        "labels": "xnli",
        "head": 64,
        "dropout": 0,
        "duration": {"epochs": 12},
        "optimization": {"learning_rate": 2e-3, "tokens_per_batch": 512, "precision": "fp32"},
        "trackers": [],
    },
    "test": {"stage": "judge", "model": "inference", "labels": "xnli"},
    "heard": {"stage": "judge", "model": "inference", "labels": "xnli", "spoken": True},
}


def rows(language: str) -> list[tuple[str, str, str]]:
    sure, maybe, is_at, never, places = WORDS[language]
    return [
        (
            f"{who} {how} goes: {place}",
            f"{who} {claim} {place}",
            "neutral" if how == maybe else "entailment" if claim == is_at else "contradiction",
        )
        for who, how, claim, place in itertools.product(
            ("Anna", "Bob"), (sure, maybe), (is_at, never), places
        )
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data" / "xnli"
    data.mkdir(parents=True)
    for split in ("dev", "test"):
        lines = ["language\tgold_label\tsentence1\tsentence2\tpairID"]
        for language in WORDS:
            lines += [f"{language}\t{label}\t{a}\t{b}\t{n}" for n, (a, b, label) in enumerate(rows(language))]
        (data / f"xnli.{split}.tsv").write_text("\n".join(lines) + "\n")
    lines = [f"{a}\t{b}\t{label.replace('diction', 'dictory')}" for a, b, label in rows("en") * 4]
    (data / "multinli.train.en.tsv").write_text("\n".join(["premise\thypo\tlabel", *lines]) + "\n")
    words = "".join(f"{text}\n" for language in WORDS for row in rows(language) * 4 for text in row[:2])
    syllables = itertools.product("bdfgklmnprstvz", "aeiou", "lmnrst")
    more = "".join(f"{a}{b}{c} {c}{b}{a} {a.upper()}{b}\n" for a, b, c in syllables)
    (tmp_path / "data" / "words.txt").write_text(words + more)
    return tmp_path


def recipe(folder: Path, **changes: Any) -> Path:
    entries = {
        "name": "inference",
        "data": str(folder / "data"),
        "corpora": {"words": {"path": "{data}/words.txt", "locales": ["en"], "format": "text"}},
        "labels": {"xnli": {"path": "{data}/xnli", "locales": ["en", "de"], "format": "xnli"}},
        "steps": STEPS | {"inference": STEPS["inference"] | changes},
    }
    file = folder / "recipe.yaml"
    file.write_text(yaml.safe_dump(entries))
    return file


def test_english_teaches_and_every_language_is_judged(folder: Path, understudy: Callable[..., Any]) -> None:
    file = recipe(folder)
    answer = understudy("run", file, "--runs", folder / "runs")
    assert answer.code == 0, answer.err
    runs = folder / "runs" / "inference"
    learned = Artifact.load(runs / "inference").numbers
    assert learned["train_examples"] == 128, "of English alone"
    assert learned["dev_examples"] == 32
    assert learned["locales"] == ["en"]
    assert learned["cut"] == {"train": 0, "dev": 0}
    told = Artifact.load(runs / "test").numbers
    assert told["accuracy.en"] == told["trained"] == learned["best"]["score"] == 1.0, (
        "dev and test are the same"
    )
    assert told["zero_shot"] == told["accuracy.de"] < 1
    assert told["mean"] == (told["accuracy.en"] + told["accuracy.de"]) / 2
    assert told["examples"] == {"en": 32, "de": 32}
    given = predictions(runs / "test")
    right = [row["label"] == row["predicted"] for row in given if row["locale"] == "de"]
    assert sum(right) / len(right) == told["accuracy.de"]
    assert Artifact.load(runs / "heard").numbers["spoken_without_rules"] == []
    assert [row["confidence"] for row in predictions(runs / "heard")] != [row["confidence"] for row in given]


def predictions(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "predictions.jsonl").read_text().splitlines()]


def test_rows_that_are_too_long_are_cut_and_counted(folder: Path, understudy: Callable[..., Any]) -> None:
    file = recipe(folder, max_length=16, duration={"steps": 1}, spoken=True)
    answer = understudy(
        "run", file, "--runs", folder / "runs", "--only", "text", "--only", "tokenizer", "--only", "inference"
    )
    assert answer.code == 0, answer.err
    told = Artifact.load(folder / "runs" / "inference" / "inference").numbers
    assert told["cut"] == {"train": 128, "dev": 32}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"train_locales": ["fr"]},
            "steps.inference.train_locales: no locale 'fr' in this label set; valid: de",
        ),
        ({"train_locales": ["de"]}, "locale 'de' has no 'train' example here"),
        ({"train_locales": []}, "steps.inference.train_locales: "),
        ({"train_locale": ["en"]}, "unknown key 'train_locale'; did you mean 'train_locales'?"),
        ({"tokenizer": None}, "'tokenizer' goes with 'encoder'"),
    ],
)
def test_mistakes_are_one_line(
    folder: Path, understudy: Callable[..., Any], changes: dict[str, Any], problem: str
) -> None:
    only = [word for step in ("text", "tokenizer", "inference") for word in ("--only", step)]
    answer = understudy("run", recipe(folder, **changes), "--runs", folder / "runs", *only)
    assert answer.code == 2
    assert problem in answer.err.splitlines()[-1]
    assert "Traceback" not in answer.err


def test_one_label_alone_is_no_task(folder: Path, understudy: Callable[..., Any]) -> None:
    file = folder / "data" / "xnli" / "multinli.train.en.tsv"
    file.write_text(
        "\n".join(line for line in file.read_text().splitlines() if "neutral" in line or "hypo" in line)
    )
    only = [word for step in ("text", "tokenizer", "inference") for word in ("--only", step)]
    answer = understudy("run", recipe(folder), "--runs", folder / "runs", *only)
    assert answer.code == 2
    assert "every training example is labelled 'neutral'; at least two labels are due" in answer.err


@pytest.mark.parametrize("architecture", ["bert", "xlm-roberta"])
def test_a_model_from_elsewhere_is_taught_and_judged(
    folder: Path, elsewhere: Callable[[str], Path], understudy: Callable[..., Any], architecture: str
) -> None:
    file = recipe(folder, model="encoder", encoder=None, tokenizer=None, duration={"steps": 2}, max_length=32)
    entries = yaml.safe_load(file.read_text())
    entries["steps"] = {
        "encoder": {"stage": "pretrained", "path": str(elsewhere(architecture))},
        "inference": {k: v for k, v in entries["steps"]["inference"].items() if v is not None},
        "test": entries["steps"]["test"],
    }
    file.write_text(yaml.safe_dump(entries))
    answer = understudy("run", file, "--runs", folder / "runs")
    assert answer.code == 0, answer.err
    told = Artifact.load(folder / "runs" / "inference" / "test").numbers
    assert 0 <= told["zero_shot"] <= 1
    assert told["base"] == "encoder"

"""Fine-tuning on what a fine-tuned teacher says, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from beside import Beside

RECIPE = Path(__file__).with_name("tiny.yaml")
SMALL = {"tokens_per_batch": 256}
NLU = {"stage": "finetune", "duration": {"steps": 6}, "optimization": SMALL}
STEPS: dict[str, Any] = {
    "small": {
        "stage": "pretrain",
        "shards": "mixed-shards",
        "encoder": {"layers": 1, "hidden": 16, "ffn": 16, "heads": 2, "max_length": 48},
        "duration": {"steps": 1},
        "optimization": SMALL,
    },
    "other-pieces": {"stage": "tokenizer", "text": ["mixed-text"], "vocabulary": 620, "sentences": 500},
    "other-shards": {"stage": "encode", "text": "mixed-text", "tokenizer": "other-pieces", "max_length": 48},
    "stranger": {
        "stage": "pretrain",
        "shards": "other-shards",
        "encoder": {"layers": 1, "hidden": 16, "ffn": 16, "heads": 2, "max_length": 48},
        "duration": {"steps": 1},
        "optimization": SMALL,
    },
    "teacher": NLU | {"model": "small", "labels": "all"},
    "strange-teacher": NLU | {"model": "stranger", "labels": "all"},
    "taught": NLU
    | {
        "model": "small",
        "labels": "tenth",
        "taught": {
            "model": "teacher",
            "text": ["mixed-text"],
            "utterances": 60,
            "labelled": 0.4,
            "augment": {"model": "small"},
        },
    },
    "by-stranger": NLU
    | {
        "model": "small",
        "labels": "tenth",
        "taught": {"model": "strange-teacher", "text": ["mixed-text"], "weights": {"hard": 0}},
    },
}


@pytest.fixture(scope="module")
def made(teachers: Path, tmp_path_factory: pytest.TempPathFactory) -> Beside:
    world = Beside(RECIPE, teachers, tmp_path_factory.mktemp("taught"))
    world.add(**STEPS)
    world.make(*STEPS)
    return world


def last(step: Path) -> dict[str, Any]:
    return json.loads((step / "log.jsonl").read_text().splitlines()[-1])


def test_a_student_hears_labels_and_teacher(made: Beside) -> None:
    assert {"intent", "slots", "intent_taught", "slots_taught"} <= last(made.made / "taught").keys()
    assert made.numbers("taught")["train_utterances"] < 60, "a tenth; what was taught is not counted"
    assert np.isfinite(last(made.made / "taught")["intent_taught"])


def test_a_teacher_with_other_pieces_is_heard_by_the_word(made: Beside) -> None:
    assert np.isfinite(last(made.made / "by-stranger")["slots_taught"])


def test_a_recipe_that_names_no_teacher_or_no_text_is_one_line(made: Beside, understudy: Any) -> None:
    bad = "steps.taught.taught.model=teachr"
    understudy("step", made.file, "taught", "--runs", made.runs, "--set", bad).is_user_error(
        "steps.taught.taught.model: no step 'teachr'; did you mean 'teacher'?"
    )
    bad = "steps.taught.taught.text=[small]"
    understudy("step", made.file, "taught", "--runs", made.runs, "--set", bad).is_user_error(
        "steps.taught.taught.text: step 'small' is a pretrain step; due here: prepare"
    )

"""Asking real models: a bundle through the runtime, and the fine-tuned model it was made of."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Command = Callable[..., Any]
pytestmark = pytest.mark.slow


def test_a_bundle_and_the_model_it_was_made_of_are_asked_about_dev(tiny: Any, understudy: Command) -> None:
    data = tiny.folder / "world" / "labelled"
    answers = {}
    for model in ("nlu-all", "export-all", "export-all/bundle"):
        asked = (
            "inspect",
            tiny.folder / model,
            "--data",
            data,
            "--error",
            "all",
            "--per-page",
            100,
            "--json",
        )
        answers[model] = json.loads(understudy(*asked).out)
        assert answers[model]["utterances"] == 30  # 15 of dev in each of two locales
        assert {case["reference"]["locale"] for case in answers[model]["cases"]} == {"en-US", "ja-JP"}
    assert answers["export-all"] == answers["export-all/bundle"]
    manifest = json.loads((tiny.folder / "export-all" / "manifest.json").read_text())
    served = manifest["numbers"]["served"]
    right = {"en-US": 0, "ja-JP": 0}
    for case in answers["export-all"]["cases"]:
        right[case["reference"]["locale"]] += not case["errors"]
    for locale, share in manifest["numbers"]["exact_match"][served].items():
        assert right[locale] / 15 == pytest.approx(share)
    best = json.loads((tiny.folder / "nlu-all" / "manifest.json").read_text())["numbers"]["best"]
    whole = sum(not case["errors"] for case in answers["nlu-all"]["cases"])
    assert whole / 30 == pytest.approx(best["exact_match"], abs=0.04)  # trained in bf16, asked in fp32


def test_an_evaluation_shows_what_the_test_split_holds(tiny: Any, understudy: Command) -> None:
    folder = tiny.folder / "test-all"
    answer = json.loads(understudy("inspect", folder, "--error", "all", "--json").out)
    scores = json.loads((folder / "scores.json").read_text())
    assert answer["utterances"] == scores["count"] == 40
    intents = answer["errors"].get("intent", 0)
    assert 1 - intents / 40 == pytest.approx(scores["intent_accuracy"])

"""Fine-tuning on a few utterances of two languages, for all tests of what it does and says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from understudy.core.artifact import Artifact, Manifest
from understudy.core.files import write_jsonl
from understudy.core.recipe.entries import Labels
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.stage import Inputs, LabelFiles
from understudy.stages.finetune import run
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


def toy() -> Data:
    return {locale: {split: frames(locale, split) for split in ("train", "dev")} for locale in THINGS}


@pytest.fixture(name="data")
def data_fixture() -> Callable[[], Data]:
    """By locale and split, anew at each call: play or stop one of four things, two of them in each domain."""
    return toy


@pytest.fixture(name="toy_step")
def toy_step_fixture() -> dict[str, Any]:
    """The config of the step."""
    return dict(BASE)


@pytest.fixture(scope="session")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer of them."""
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
        for locale, splits in (given or toy()).items():
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

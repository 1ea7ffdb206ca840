"""Models from elsewhere through a recipe: adapted, teaching, fine-tuned, measured, served."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from safetensors.numpy import load_file

from understudy.core.errors import UserError
from understudy.serving.runtime import Understudy
from understudy.stages.runner import Run
from understudy.tokenizer.load import load_tokenizer

pytestmark = pytest.mark.slow

Folder = Callable[[str], Path]
KINDS = ["bert", "distilbert", "xlm-roberta", "modernbert"]
SMALL = {"duration": {"steps": 4}, "optimization": {"tokens_per_batch": 256}, "trackers": []} | {
    "validate_every": 2,
    "checkpoint_every": 2,
}
STUDENT = {"layers": 1, "hidden": 16, "ffn": 32, "heads": 2, "max_length": 48}
LOCALES = ["en-US", "ja-JP"]
WORLD: dict[str, Any] = {
    "world": {"stage": "generate", "locales": LOCALES}
    | {"train": 40, "dev": 10, "test": 20, "unlabelled": 50, "generic": 150},
    "text": {"stage": "prepare", "corpora": ["public"], "pack_words": 0, "validation_share": 0.1},
    "tokenizer": {"stage": "tokenizer", "text": ["text"], "vocabulary": 600, "sentences": 500},
    "our-shards": {"stage": "encode", "text": "text", "tokenizer": "tokenizer", "max_length": 48},
}


class Chain:
    """A recipe that is made step by step."""

    def __init__(self, folder: Path) -> None:
        self.file, self.runs, self.made = folder / "chain.yaml", folder / "runs", folder / "runs" / "chain"
        self.steps = dict(WORLD)

    def make(self, **steps: Any) -> None:
        """Add steps and make them, in order; ``_`` in a name stands for ``-``."""
        named = {name.replace("_", "-"): step for name, step in steps.items()}
        self.steps |= named
        public = {"source": "world", "path": "generic/{language}.jsonl", "locales": ["en", "ja"]}
        labels = {
            "source": "world",
            "path": "labelled/{locale}.jsonl",
            "locales": LOCALES,
            "format": "frames",
        }
        recipe = {"name": "chain", "corpora": {"public": public}, "labels": {"all": labels}}
        self.file.write_text(yaml.safe_dump(recipe | {"steps": self.steps}))
        Run(self.file, self.runs).execute(list(named or WORLD), say=lambda _: None)

    def numbers(self, step: str) -> dict[str, Any]:
        return json.loads((self.made / step / "manifest.json").read_text())["numbers"]

    def weights(self, step: str) -> dict[str, Any]:
        return load_file(self.made / step / "model" / "model.safetensors")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    chain = Chain(tmp_path_factory.mktemp("chain"))
    chain.make()
    return chain


@pytest.fixture
def chain(world: Chain) -> Chain:
    world.steps = dict(WORLD)
    return world


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_chain(kind: str, chain: Chain, elsewhere: Folder) -> None:
    chain.make(
        **{
            kind: {"stage": "pretrained", "path": str(elsewhere(kind))},
            "shards": {"stage": "encode", "text": "text", "tokenizer": kind, "max_length": 48},
            "adapted": {"stage": "pretrain", "from": kind, "shards": "shards", **SMALL},
            "student": {"stage": "distill", "teacher": "adapted", "shards": "shards", "encoder": STUDENT}
            | {"weights": {"hidden": 1, "soft": 2, "mlm": 1}, **SMALL},
            "nlu": {"stage": "finetune", "model": "adapted", "labels": "all", **SMALL},
            "test": {"stage": "evaluate", "model": "nlu", "labels": "all"},
            "export": {"stage": "export", "model": "nlu", "labels": "all", "max_loss": 1},
            "table": {"stage": "measure", "models": [kind, "adapted", "student"], "corpora": ["public"]}
            | {"sentences": 5, "max_length": 48},
        }
    )
    rows = chain.numbers(kind)["vocabulary"]
    index = json.loads((chain.made / "shards" / "shards.json").read_text())
    assert index["vocabulary"] == index["special"]["vocabulary"] == rows
    tokenizer = load_tokenizer(chain.made / "shards" / "tokenizer")
    assert index["tokenizer"] == tokenizer.fingerprint == chain.numbers(kind)["tokenizer"]
    ids = np.load(chain.made / "shards" / "train" / "ids.npy")
    assert ids.max() < tokenizer.vocabulary_size
    # Stage 2 keeps the architecture and moves its weights.
    assert json.loads((chain.made / "adapted" / "model" / "config.json").read_text())["model_type"] == kind
    before, after = chain.weights(kind), chain.weights("adapted")
    assert before.keys() == after.keys()
    assert any(not np.array_equal(before[name], after[name]) for name in before)
    # The student is ours, with the teacher's table, so that their scores compare.
    student = json.loads((chain.made / "student" / "model" / "config.json").read_text())
    assert (student["model_type"], student["vocab_size"]) == ("roberta-prelayernorm", rows)
    assert chain.numbers("student")["parameters"]["total"] < chain.numbers("adapted")["parameters"]["total"]
    # Fine-tuning leaves the MLM head alone, whatever its name, and trains the layers.
    tuned = chain.weights("nlu")
    head = [name for name in tuned if name.startswith(("cls.", "lm_head.", "vocab_", "head.", "decoder."))]
    assert head
    assert all(np.array_equal(tuned[name], after[name]) for name in head if "decoder.weight" not in name)
    assert any(not np.array_equal(tuned[name], after[name]) for name in tuned if "layer" in name)
    assert set(chain.numbers("test")["by_locale"]) == set(LOCALES)
    measured = chain.numbers("table")["models"]
    assert list(measured) == [kind, "adapted", "student"]
    assert all(model["perplexity"] > 1 for model in measured.values())
    # What is served reads text as it was trained to, without transformers or torch.
    served = Understudy.load(chain.made / "export" / "bundle")
    (frame,) = served.predict(["wake me up [MASK] at seven </s>"], "en-US")
    assert frame.intent


def test_another_tokenizer_is_refused_before_training(chain: Chain, elsewhere: Folder) -> None:
    chain.make(
        theirs={"stage": "pretrained", "path": str(elsewhere("bert"))},
        others={"stage": "pretrained", "path": str(elsewhere("xlm-roberta"))},
        their_shards={"stage": "encode", "text": "text", "tokenizer": "others", "max_length": 48},
    )
    wrong: dict[str, dict[str, Any]] = {
        "wrong-start": {"stage": "pretrain", "from": "theirs", "shards": "their-shards"},
        "our-text": {"stage": "pretrain", "from": "theirs", "shards": "our-shards"},
        "our-student": {"stage": "distill", "teacher": "theirs", "shards": "our-shards", "encoder": STUDENT},
        "their-student": {
            "stage": "distill",
            "teacher": "theirs",
            "shards": "their-shards",
            "encoder": STUDENT,
        },
    }
    for name, step in wrong.items():
        with pytest.raises(UserError, match="another tokenizer"):
            chain.make(**{name: step | SMALL})
        assert not list(chain.made.glob(f".{name}.partial/log.jsonl"))
        del chain.steps[name]


def test_the_tokenizer_of_a_model_serves_random_weights_too(chain: Chain, elsewhere: Folder) -> None:
    chain.make(
        theirs={"stage": "pretrained", "path": str(elsewhere("bert"))},
        small={"stage": "finetune", "encoder": STUDENT, "tokenizer": "theirs", "labels": "all", **SMALL},
    )
    folders = [chain.made / step / "model" for step in ("theirs", "small")]
    assert len({(folder / "tokenizer.json").read_bytes() for folder in folders}) == 1

"""Training one label a row: what a batch holds, and that pairs and single texts are learned."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch

from understudy.core.recipe.optimization import Optimization
from understudy.model.classifier import Classifier, load_classifier, save_classifier
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.losses import IGNORE
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train
from understudy.training.classify_task import ClassifyTask, encode, predict_labels
from understudy.utterances.pairs import Example

PLACES = ("home", "school", "work", "the park", "the shop", "the lake")
PEOPLE = ("anna", "otto", "eve", "bob", "carl", "dora", "fritz", "greta", "hugo", "ida")


def pairs(part: int) -> list[Example]:
    """The first text says whether one is at the place, the second where; a label needs both."""
    made = []
    for number, (who, (at, place)) in enumerate(itertools.product(PEOPLE, enumerate(PLACES))):
        for sure, claim in itertools.product(("surely", "maybe"), ("stays at", "avoids")):
            label = "neutral" if sure == "maybe" else "entailment" if claim == "stays at" else "contradiction"
            texts = f"{who} {sure} goes to {place}", f"{who} {claim} {place}"
            if (number + at) % 4 == part:
                made.append(Example(str(number), "en", *texts, label))
    return made


TRAIN = pairs(0) + pairs(1) + pairs(3)
DEV = pairs(2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    train([text for each in TRAIN for text in (each.text, each.pair or "")], 32, "", 0, folder)
    return folder


def task_of(folder: Path, train: list[Example] = TRAIN, dev: list[Example] = DEV) -> ClassifyTask:
    subwords = Subwords.load(folder)
    torch.manual_seed(0)
    config = EncoderConfig(
        vocabulary=subwords.vocabulary_size, layers=1, hidden=64, ffn=128, heads=2, max_length=48, dropout=0.0
    )
    model = Classifier(MaskedLanguageModel(config), ("contradiction", "entailment", "neutral"), 64)
    model.base.requires_grad_(False)
    model.encoder.requires_grad_(True)
    return ClassifyTask(
        model,
        subwords,
        train=train,
        dev=dev,
        settings=Optimization(tokens_per_batch=512, precision="fp32"),
        max_length=48,
        seed=0,
    )


def test_a_batch_holds_pieces_and_labels_of_its_rows(folder: Path) -> None:
    task = task_of(folder, [*TRAIN, Example("x", "en", "anna", None, "strange")])
    seen = []
    for batch in task.batches(0):
        ids, mask, labels = task.inputs(batch, 0)
        seen += batch.rows.tolist()
        assert task.tokens(batch) == int(mask.sum())
        for place, row in enumerate(batch.rows):
            pieces = task.rows.ids[row]
            assert ids[place].tolist() == pieces + [1] * (batch.length - len(pieces))
            assert mask[place].tolist() == [True] * len(pieces) + [False] * (batch.length - len(pieces))
            due = IGNORE if row == len(TRAIN) else task.model.labels.index(TRAIN[row].label)
            assert int(labels[place]) == due
    assert sorted(seen) == list(range(len(TRAIN) + 1))


def test_a_label_that_needs_both_texts_is_learned(run, folder: Path, tmp_path: Path) -> None:
    task = task_of(folder)
    start = task.validate()["accuracy"]
    numbers = run(task, tmp_path, steps=120, validate_every=20, checkpoint_every=1000, settings=task.settings)
    assert start < 0.7
    assert max(entry["score"] for entry in numbers["history"]) > 0.95
    # Without the second text the label cannot be told.
    alone = encode(task.tokenizer, [Example("", "en", each.text, None, each.label) for each in DEV], 48)
    given = predict_labels(task.model, alone, task.pad).argmax(axis=-1)
    assert np.mean([task.model.labels[i] == each.label for i, each in zip(given, DEV, strict=True)]) < 0.8


def test_probabilities_keep_the_order_and_survive_saving(folder: Path, tmp_path: Path) -> None:
    task = task_of(folder)
    task.model.eval()
    before = predict_labels(task.model, task.dev_rows, task.pad)
    assert before.shape == (len(DEV), 3)
    assert before.sum(axis=1) == pytest.approx(np.ones(len(DEV)))
    one = encode(task.tokenizer, DEV[3:4], 48)
    assert predict_labels(task.model, one, task.pad)[0] == pytest.approx(before[3], abs=1e-5)
    save_classifier(task.model, tmp_path, folder, 48)
    loaded, limit = load_classifier(tmp_path)
    assert (loaded.labels, limit) == (task.model.labels, 48)
    assert predict_labels(loaded, task.dev_rows, task.pad) == pytest.approx(before, abs=1e-6)

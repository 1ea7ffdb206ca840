"""One label from a text or a pair, trained and selected on some locales; the best weights by accuracy."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from understudy.core.errors import UserError
from understudy.core.recipe.classify_steps import Classify
from understudy.core.stage import Inputs
from understudy.model.classifier import Classifier, save_classifier
from understudy.stages.base import base_of
from understudy.stages.fit import fit
from understudy.text.locale import Locale
from understudy.text.spoken import has_rules, spoken
from understudy.tokenizer.load import load_tokenizer
from understudy.training.classify_task import ClassifyTask
from understudy.training.world import World
from understudy.utterances.pairs import Example, read_examples


def run(config: Classify, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Train; the payload is ``model/``, ``head.safetensors`` and ``classes.json``."""
    world = World.here(config.parallel)
    files = inputs.labels[config.labels]
    try:
        read = {
            "train": read_examples(files, "train", config.train_locales),
            "dev": read_examples(files, "dev", config.train_locales),
        }
    except UserError as error:
        place = None if error.file else "train_locales"
        raise UserError(error.problem, file=error.file, place=error.place or place) from None
    train, dev = ([in_form(row, config.spoken) for row in examples.rows] for examples in read.values())
    labels = tuple(sorted({example.label for example in train}))
    if len(labels) < 2:
        raise UserError(f"every training example is labelled '{labels[0]}'; at least two labels are due")
    base, folder = base_of(config, inputs)
    torch.manual_seed(config.seed)
    model = Classifier(base, labels, config.head)
    model.requires_grad_(False)
    model.head.requires_grad_(True)
    model.encoder.requires_grad_(not config.frozen)
    max_length = min(config.max_length, base.config.max_length)
    task = ClassifyTask(
        model,
        load_tokenizer(folder),
        train=train,
        dev=dev,
        settings=config.optimization,
        max_length=max_length,
        seed=config.seed,
        device=world.device,
    )
    numbers = fit(task, config, out, examples=len(train), tokens=int(task.lengths.sum()))
    if world.main:
        save_classifier(model, out, folder, max_length)
        shutil.rmtree(out / "checkpoints", ignore_errors=True)
        (out / "best.safetensors").unlink(missing_ok=True)
    locales = sorted({example.locale for example in train})
    return {
        "parameters": model.served_parameters,
        "train_examples": len(train),
        "dev_examples": len(dev),
        "classes": list(labels),
        "locales": locales,
        "cut": {"train": task.rows.cut, "dev": task.dev_rows.cut},
        "dropped": {split: dict(examples.dropped) for split, examples in read.items() if examples.dropped},
        "unseen_in_training": sorted({example.label for example in dev} - set(labels)),
        **({"spoken_without_rules": without_rules(locales)} if config.spoken else {}),
        "best": max(numbers["history"], key=lambda entry: float(entry["score"])),
        **numbers,
    }


def in_form(example: Example, speak: bool) -> Example:
    """The example as it was written, or as it is spoken (paper A 2.2)."""
    if not speak:
        return example
    pair = None if example.pair is None else spoken(example.pair, example.locale)
    return replace(example, text=spoken(example.text, example.locale), pair=pair)


def without_rules(locales: list[str]) -> list[str]:
    """Those whose spoken form is lower case without punctuation and no more."""
    return [locale for locale in locales if not has_rules(Locale.parse(locale).language)]

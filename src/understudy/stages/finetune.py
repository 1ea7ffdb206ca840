"""Domain, intent and slots on several languages together; the best weights by development data."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from understudy.core.errors import UserError
from understudy.core.files import write_jsonl
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.stage import Inputs
from understudy.export.card import write_card
from understudy.model.nlu import NluModel, save_nlu, served_parameters
from understudy.model.trained import Trained
from understudy.stages.base import base_of
from understudy.stages.calibrate import calibrate, read_outside
from understudy.stages.card import of_finetuning
from understudy.stages.fit import fit
from understudy.stages.search import History, search
from understudy.stages.taught import task_of
from understudy.tokenizer.cuts import CutTokenizer, save_cuts, with_cuts
from understudy.tokenizer.load import load_tokenizer
from understudy.training.nlu_task import NluTask
from understudy.training.world import World
from understudy.utterances.findings import (
    contradiction_findings,
    contradictions,
    misaligned,
    one_class,
    unseen,
)
from understudy.utterances.frame import Frame
from understudy.utterances.select import read_selected
from understudy.utterances.tags import LabelSet

FINDINGS = "findings.jsonl"
"""Utterances that contradict each other, and those whose slots no model can tell."""


def run(
    config: Finetune, inputs: Inputs, out: Path, ends: Callable[[History], bool] = lambda _: False
) -> dict[str, Any]:
    """Fine-tune; the payload is what :func:`.save_nlu` writes, and ``findings.jsonl``."""
    if config.search is not None:
        return search(run, config, inputs, out)
    world = World.here(config.parallel)
    if config.unfreeze_every is not None and world.size > 1:
        raise UserError(
            "layers that are freed one by one need a single process; drop it, or start without torchrun",
            place="unfreeze_every",
        )
    files = inputs.labels[config.labels]
    read = partial(read_selected, files, domain=config.domain, locales=config.locales)
    train, dev = read("train"), read("dev")
    if config.rejection is not None and config.rejection.train:
        train += read_outside(config.rejection, inputs, "train", config.locales)
    labels = LabelSet.of(train)
    if "domain" in config.heads.names and labels.domains == ("",):
        raise UserError("the utterances name no domain; leave the domain head out", place="heads.domain")
    base, folder = base_of(config, inputs)
    tokenizer = load_tokenizer(folder)
    if config.cut_pieces and "slots" in config.heads.names:
        tokenizer = with_cuts(tokenizer, train)
    torch.manual_seed(config.seed)
    model = NluModel(base, labels, config.heads)
    rate = config.head_learning_rate or config.optimization.learning_rate
    task = task_of(config.taught, inputs, config.seed, world)(
        model,
        tokenizer,
        train=train,
        dev=dev,
        settings=config.optimization,
        max_length=min(config.max_length, base.config.max_length),
        seed=config.seed,
        slot_weight=config.slot_weight,
        weighting=config.class_weights.items(),
        label_smoothing=config.label_smoothing,
        r_drop=config.r_drop,
        trained=Trained(
            frozen=config.frozen,
            unfreeze_every=config.unfreeze_every,
            head_factor=rate / config.optimization.learning_rate,
            layer_decay=config.layer_decay,
        ),
        device=world.device,
    )
    found = _findings(task, train, dev, out, world)
    numbers = fit(task, config, out, examples=len(task.lengths), tokens=int(task.lengths.sum()), ends=ends)
    if world.main:
        save_nlu(model, out, folder)
        save_cuts(tokenizer, out / "model")
        shutil.rmtree(out / "checkpoints", ignore_errors=True)
        (out / "best.safetensors").unlink(missing_ok=True)
        beyond = read_outside(config.rejection, inputs, "dev", config.locales)
        calibrated = calibrate(out, dev, config.rejection, beyond, world.device)
        numbers["calibration"] = calibrated.calibration.model_dump()
    numbers = {
        "parameters": served_parameters(model),
        "heads": config.heads.as_json(),
        "seed": config.seed,
        "domain": config.domain,
        "train_utterances": len(train),
        "fraction": files.config.fraction,
        "license": files.config.license,
        "dev_utterances": len(dev),
        "intents": len(labels.intents),
        "slots": len(labels.tags) // 2,
        "cut_pieces": len(tokenizer.cuts) if isinstance(tokenizer, CutTokenizer) else 0,
        "locales": sorted({frame.locale for frame in train}),
        **found,
        "judged_by": task.judged_by,
        "best": max(numbers["history"], key=lambda entry: float(entry["score"])),
        **numbers,
    }
    if world.main:
        write_card(of_finetuning(model, config, inputs, out, numbers, calibrated), out / "model")
    return numbers


def _findings(
    task: NluTask, train: Sequence[Frame], dev: Sequence[Frame], out: Path, world: World
) -> dict[str, Any]:
    """What is wrong with the labels: in ``findings.jsonl``, counted for the manifest, said in a line."""
    labels, groups = task.model.labels, contradictions(train)
    rows = contradiction_findings(groups)
    single, strange = one_class(train, task.model.heads), unseen(dev, labels)
    numbers: dict[str, Any] = {
        "contradictions": {"texts": len(groups), "utterances": len(rows)},
        "one_class": single,
        "unseen_in_dev": strange,
        "cut_utterances": task.cut,
    }
    lines = []
    if task.cut:
        lines.append(
            f"{task.cut} of {len(train)} training utterances have more than {task.max_length} pieces, and "
            "what is behind is cut off; raise max_length"
        )
    if groups:
        lines.append(
            f"{len(groups)} texts stand in the training data with different labels, in {len(rows)} "
            f"utterances; no model can answer each of them right ({FINDINGS})"
        )
    for head, name in single.items():
        what = "no training utterance has a slot" if head == "slots" else f"all utterances have '{name}'"
        lines.append(f"the {head} head has nothing to learn: {what}")
    for kind, names in strange.items():
        if names:
            lines.append(f"{kind} of development utterances that training has not: {', '.join(names)}")
    if "slots" in task.model.heads:
        inside = misaligned(train, task.offsets, labels)
        rows += inside
        numbers["misaligned"] = {"utterances": len(inside), "of": len(train)}
        if inside:
            lines.append(
                f"slots of {len(inside)} of {len(train)} training utterances begin or end inside of a word "
                f"or piece, or behind max_length, and are taught as near as may be ({FINDINGS})"
            )
    if world.main:
        for line in lines:
            print(f"{out.name.strip('.').removesuffix('.partial')}: {line}", file=sys.stderr)
        write_jsonl(out / FINDINGS, rows)
    return numbers

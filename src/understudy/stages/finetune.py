"""Joint intent and slots on several languages together; the best weights by development exact match."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch

from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.stage import Inputs
from understudy.model.config import encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.model.nlu import NluModel, save_nlu, served_parameters
from understudy.stages.fit import fit
from understudy.tokenizer.load import load_tokenizer, tokenizer_folder
from understudy.training.nlu_task import NluTask
from understudy.training.world import World
from understudy.utterances.read import read_split
from understudy.utterances.tags import LabelSet


def run(config: Finetune, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Fine-tune; the payload is ``model/``, ``heads.safetensors``, ``labels.json`` and ``nlu.json``."""
    world = World.here(config.parallel)
    files = inputs.labels[config.labels]
    frames = read_split(files, "train")
    labels = LabelSet.of(frames)
    torch.manual_seed(config.seed)
    if config.model is not None:
        tokenizer = inputs.artifacts[config.model].file("model")
        base = load_model(tokenizer, dropout=config.dropout)
    else:
        assert config.encoder is not None and config.tokenizer is not None
        tokenizer = tokenizer_folder(inputs.artifacts[config.tokenizer].path)
        shape = config.encoder.model_copy(update={"dropout": config.dropout})
        base = MaskedLanguageModel(encoder_config(shape, load_tokenizer(tokenizer).vocabulary_size))
    torch.manual_seed(config.seed)
    model = NluModel(base, labels, config.head)
    trained = (model.intent_head, model.slot_head) if config.frozen else (model,)
    model.requires_grad_(False)
    for part in trained:
        part.requires_grad_(True)
    encoder = {id(parameter) for parameter in model.encoder.parameters()}
    for parameter in base.parameters():
        if id(parameter) not in encoder:  # the MLM head, whatever the architecture calls it
            parameter.requires_grad_(False)
    task = NluTask(
        model,
        load_tokenizer(tokenizer),
        train=frames,
        dev=read_split(files, "dev"),
        settings=config.optimization,
        max_length=min(config.max_length, base.config.max_length),
        slot_weight=config.slot_weight,
        seed=config.seed,
        device=world.device,
    )
    numbers = fit(task, config, out, examples=len(frames), tokens=int(task.lengths.sum()))
    if world.main:
        save_nlu(model, out, tokenizer)
        shutil.rmtree(out / "checkpoints", ignore_errors=True)
        (out / "best.safetensors").unlink(missing_ok=True)
    return {
        "parameters": served_parameters(model),
        "train_utterances": len(frames),
        "intents": len(labels.intents),
        "slots": len(labels.tags) // 2,
        "locales": sorted({frame.locale for frame in frames}),
        "best": max(numbers["history"], key=lambda entry: float(entry["score"])),
        **numbers,
    }

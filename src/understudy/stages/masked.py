"""What the two stages that train on masked rows share."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import torch
from torch import nn

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.recipe.distill_steps import Phase
from understudy.core.recipe.model_steps import Pretrain
from understudy.core.stage import Inputs
from understudy.model.config import encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model, save_model
from understudy.objectives.losses import Objective
from understudy.stages.fit import fit, handed_on, remove_traces, save_all
from understudy.stages.nouns import nouns_to_fill_in
from understudy.tokenizer.load import load_tokenizer
from understudy.training.masked_task import MaskedTask
from understudy.training.shards import TokenShards
from understudy.training.world import World


def start_model(config: Pretrain | Phase, inputs: Inputs, *, later: bool = False) -> MaskedLanguageModel:
    """The model to train: another step's, or random weights by the config's seed.

    Args:
        later: random weights take no memory before the engine knows which process holds what.

    Raises:
        UserError: the shards were made with another tokenizer than the model's.
    """
    shards = inputs.artifacts[config.shards]
    if config.start is not None:
        folder = inputs.artifacts[config.start].file("model")
        same_tokenizer(folder, shards.file("tokenizer"))
        return load_model(folder)
    assert config.encoder is not None
    sizes = encoder_config(config.encoder, TokenShards(shards, "train").vocabulary)
    torch.manual_seed(config.seed)
    with torch.device("meta" if later else "cpu"):
        return MaskedLanguageModel(sizes)


def same_tokenizer(one: Path, other: Path) -> None:
    """Raise a :class:`UserError` unless both folders hold the same tokenizer."""
    if load_tokenizer(one).fingerprint != load_tokenizer(other).fingerprint:
        raise UserError(f"has another tokenizer than {other}; use one tokenizer in the whole chain", file=one)


def train_rows(artifact: Artifact, *models: MaskedLanguageModel) -> TokenShards:
    """The rows to train on.

    Raises:
        UserError: a model does not read the longest.
    """
    shards = TokenShards(artifact, "train")
    longest = int(shards.lengths.max())
    for model in models:
        if longest > model.config.max_length:
            raise UserError(
                f"rows of up to {longest} pieces do not fit a model of {model.config.max_length}; "
                "encode them with a smaller max_length, or raise encoder.max_length",
                file=artifact.path,
            )
    return shards


def train_masked(
    config: Pretrain, inputs: Inputs, out: Path, *, model: MaskedLanguageModel, objective: Objective
) -> dict[str, Any]:
    """Train, save ``model/`` under ``out`` and return the manifest's numbers."""
    world = World.here(config.parallel)
    artifact = inputs.artifacts[config.shards]
    shards = train_rows(artifact, model)
    tokenizer = load_tokenizer(shards.tokenizer)
    task = MaskedTask(
        objective,
        model,
        train=shards,
        validation=TokenShards(artifact, "validation"),
        settings=config.optimization,
        seed=config.seed,
        device=world.device,
        characters=tokenizer.characters,
        nouns=nouns_to_fill_in(config, inputs, tokenizer, model.config.max_length),
    )
    numbers = fit(task, config, out, examples=len(shards), tokens=int(shards.lengths.sum()))
    if world.main:
        whole = cast(nn.Module, objective)
        save_all(whole, out, numbers, lambda folder: save_model(model, folder / "model", shards.tokenizer))
        remove_traces(out, numbers)
    return {"parameters": model.config.parameters, **numbers, **handed_on(config, numbers)}

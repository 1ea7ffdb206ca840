"""The encoder that a fine-tuning begins with."""

from __future__ import annotations

from pathlib import Path

import torch

from understudy.core.recipe.classify_steps import Classify
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.stage import Inputs
from understudy.model.config import encoder_config
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.tokenizer.load import load_tokenizer, tokenizer_folder


def base_of(config: Finetune | Classify, inputs: Inputs) -> tuple[MaskedLanguageModel, Path]:
    """The step's ``model``, or random weights of its ``encoder``'s size, and the folder of the tokenizer."""
    torch.manual_seed(config.seed)
    if config.model is not None:
        folder = inputs.artifacts[config.model].file("model")
        return load_model(folder, dropout=config.dropout), folder
    assert config.encoder is not None and config.tokenizer is not None
    folder = tokenizer_folder(inputs.artifacts[config.tokenizer].path)
    shape = config.encoder.model_copy(update={"dropout": config.dropout})
    return MaskedLanguageModel(encoder_config(shape, load_tokenizer(folder).vocabulary_size)), folder

"""Models as plain Hugging Face folders: stock ``AutoModelForMaskedLM`` and ``AutoTokenizer`` load them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.model.adapters import AdaptedModel, load_adapted, load_adapted_sizes
from understudy.model.config import EncoderConfig
from understudy.model.encoder import POSITION_OFFSET, MaskedLanguageModel
from understudy.tokenizer.load import copy_tokenizer

_BODY = "roberta_prelayernorm."

_TOP = {
    "encoder.words.weight": f"{_BODY}embeddings.word_embeddings.weight",
    "encoder.positions.weight": f"{_BODY}embeddings.position_embeddings.weight",
    "encoder.token_type": f"{_BODY}embeddings.token_type_embeddings.weight",
    "encoder.embedding_norm": f"{_BODY}embeddings.LayerNorm",
    "encoder.final_norm": f"{_BODY}LayerNorm",
    "head_dense": "lm_head.dense",
    "head_norm": "lm_head.layer_norm",
    "head_bias": "lm_head.bias",
}
_BLOCK = {
    "attention_norm": "attention.LayerNorm",
    "attention_output": "attention.output.dense",
    "ffn_norm": "intermediate.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
}

# What the encoder does in one way only.
OURS = "roberta-prelayernorm"
_FIXED = {
    "model_type": OURS,
    "hidden_act": "gelu",
    "type_vocab_size": 1,
    "tie_word_embeddings": True,
}


def _names(config: EncoderConfig) -> dict[str, str]:
    """Our parameter -> theirs, all but query, key and value."""
    table = dict(_TOP)
    for layer in range(config.layers):
        for ours, theirs in _BLOCK.items():
            table[f"encoder.blocks.{layer}.{ours}"] = f"{_BODY}encoder.layer.{layer}.{theirs}"
    names: dict[str, str] = {}
    for ours, theirs in table.items():
        if ours in ("encoder.token_type", "head_bias") or ours.endswith(".weight"):
            names[ours] = theirs
        else:
            names |= {f"{ours}.{kind}": f"{theirs}.{kind}" for kind in ("weight", "bias")}
    return names


def to_huggingface(model: MaskedLanguageModel) -> dict[str, Tensor]:
    """The weights under Hugging Face's names; the tied output matrix is left to the tying."""
    ours = model.state_dict()
    theirs = {name: ours[key] for key, name in _names(model.config).items()}
    for layer in range(model.config.layers):
        for kind in ("weight", "bias"):
            parts = ours[f"encoder.blocks.{layer}.query_key_value.{kind}"].chunk(3)
            for part, tensor in zip(("query", "key", "value"), parts, strict=True):
                theirs[f"{_BODY}encoder.layer.{layer}.attention.self.{part}.{kind}"] = tensor
    return {name: tensor.detach().float().contiguous().clone() for name, tensor in theirs.items()}


def from_huggingface(theirs: dict[str, Tensor], config: EncoderConfig, file: Path) -> dict[str, Tensor]:
    """Weights under our names.

    Raises:
        UserError: a weight is missing.
    """
    try:
        ours = {key: theirs[name] for key, name in _names(config).items()}
        for layer in range(config.layers):
            for kind in ("weight", "bias"):
                ours[f"encoder.blocks.{layer}.query_key_value.{kind}"] = torch.cat(
                    [
                        theirs[f"{_BODY}encoder.layer.{layer}.attention.self.{part}.{kind}"]
                        for part in ("query", "key", "value")
                    ]
                )
    except KeyError as error:
        raise UserError(f"holds no weight {error}; a RobertaPreLayerNorm model is due", file=file) from None
    return ours


def _config_to_json(config: EncoderConfig) -> dict[str, Any]:
    return {
        "architectures": ["RobertaPreLayerNormForMaskedLM"],
        **_FIXED,
        "vocab_size": config.vocabulary,
        "num_hidden_layers": config.layers,
        "hidden_size": config.hidden,
        "intermediate_size": config.ffn,
        "num_attention_heads": config.heads,
        "max_position_embeddings": config.max_length + POSITION_OFFSET,
        "hidden_dropout_prob": config.dropout,
        "attention_probs_dropout_prob": config.share_of_attention_dropped,
        "layer_norm_eps": config.norm_epsilon,
        "initializer_range": config.initial_deviation,
        "bos_token_id": 0,
        "pad_token_id": 1,
        "eos_token_id": 2,
        "dtype": "float32",
    }


def load_config(folder: Path) -> EncoderConfig:
    """The sizes in a model folder's ``config.json``.

    Raises:
        UserError: missing file, missing or wrong key, or another architecture.
    """
    file = folder / "config.json"
    raw = _read_config(file)
    for key, due in _FIXED.items():
        if raw.get(key) != due:
            raise UserError(f"'{raw.get(key)}' cannot be read yet; due: {due}", file=file, place=key)
    try:
        attention_dropout = raw["attention_probs_dropout_prob"]
        config = EncoderConfig(
            vocabulary=raw["vocab_size"],
            layers=raw["num_hidden_layers"],
            hidden=raw["hidden_size"],
            ffn=raw["intermediate_size"],
            heads=raw["num_attention_heads"],
            max_length=raw["max_position_embeddings"] - POSITION_OFFSET,
            dropout=raw["hidden_dropout_prob"],
            attention_dropout=None if attention_dropout == raw["hidden_dropout_prob"] else attention_dropout,
            norm_epsilon=raw["layer_norm_eps"],
            initial_deviation=raw["initializer_range"],
        )
        divides = config.hidden % config.heads == 0
    except KeyError as error:
        raise UserError(f"key {error} is missing", file=file) from None
    except (TypeError, ZeroDivisionError):
        raise UserError("a size is no number", file=file) from None
    if not divides:
        raise UserError(
            f"{config.heads} heads do not divide the hidden size {config.hidden}",
            file=file,
            place="num_attention_heads",
        )
    return config


def _read_config(file: Path) -> dict[str, Any]:
    raw = read_json(file)
    if not isinstance(raw, dict):
        raise UserError("a JSON object is due", file=file)
    return raw


def load_weights(file: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file.

    Raises:
        UserError: missing, or cut short.
    """
    if not file.is_file():
        raise UserError("no such file; a safetensors file is due", file=file)
    try:
        return load_file(file)
    except (SafetensorError, OSError, ValueError) as error:
        raise UserError(f"cannot be read, it may be cut short ({error})", file=file) from None


def save_model(model: MaskedLanguageModel, folder: Path, tokenizer: Path) -> None:
    """Write ``config.json``, safetensors in float32 and the tokenizer's files.

    Args:
        model: ours; or one that :func:`load_model` adapted, which is written as its own kind.
        folder: where to.
        tokenizer: a folder that holds the tokenizer's files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(model, AdaptedModel):
        model.save(folder)
    else:
        write_json(folder / "config.json", _config_to_json(model.config))
        save_file(to_huggingface(model), folder / "model.safetensors", metadata={"format": "pt"})
    copy_tokenizer(tokenizer, folder)


def load_sizes(folder: Path) -> EncoderConfig:
    """The sizes of the model that :func:`load_model` would load, without its weights.

    Raises:
        UserError: as :func:`load_model`, of ``config.json``.
    """
    ours = _read_config(folder / "config.json").get("model_type", OURS) == OURS
    return load_config(folder) if ours else load_adapted_sizes(folder)


def load_model(folder: Path, dropout: float | None = None) -> MaskedLanguageModel:
    """A model that :func:`save_model` or Hugging Face wrote, in float32, in evaluation mode.

    RobertaPreLayerNorm becomes our encoder; any other masked language model is adapted to its interface, and
    ``transformers`` is imported for it.

    Args:
        folder: holds ``config.json`` and safetensors.
        dropout: replaces the one in ``config.json``.

    Raises:
        UserError: a file is missing, cut short, or of no masked language model; ``transformers`` is missing.
    """
    if _read_config(folder / "config.json").get("model_type", OURS) != OURS:
        return load_adapted(folder, dropout)
    config = load_config(folder)
    if dropout is not None:
        config = replace(config, dropout=dropout, attention_dropout=None)
    file = folder / "model.safetensors"
    weights = from_huggingface(load_weights(file), config, file)
    with torch.device("meta"):
        model = MaskedLanguageModel(config)
    try:
        # The file may be in half precision, and is mapped into memory: training needs a copy.
        wide = {name: tensor.to(torch.float32, copy=True) for name, tensor in weights.items()}
        model.load_state_dict(wide, assign=True)
    except RuntimeError as error:
        raise UserError(f"does not fit config.json ({error})", file=file) from None
    return model.eval()

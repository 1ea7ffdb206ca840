"""What a recipe or a preset will cost before anything runs: parameters and sizes, for now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.recipe.load import load_recipe
from understudy.core.recipe.model_steps import Distill, EncoderShape, Pretrain
from understudy.core.recipe.nlu_steps import Finetune
from understudy.core.recipe.schema import Recipe
from understudy.core.recipe.text_steps import Tokenizer
from understudy.model.config import EncoderConfig, encoder_config

BYTES = {"weights_fp32": 4, "training_state": 16}
"""A parameter: float32; and weight, gradient and Adam's two moments in float32."""


def plan_preset(preset: str, vocabulary: int) -> dict[str, Any]:
    """Parameters, operations a token and bytes of one encoder.

    Raises:
        UserError: unknown preset.
    """
    return _sizes(encoder_config(EncoderShape(preset=preset), vocabulary))


def _sizes(config: EncoderConfig) -> dict[str, Any]:
    # `encoder` is the count that the papers quote: without embeddings and output layer.
    return {
        "parameters": {
            "embedding": config.embedding_parameters,
            "encoder": config.encoder_parameters,
            "total": config.total_parameters,
        },
        "flops_per_token": config.flops_per_token(),
        "bytes": {name: size * config.total_parameters for name, size in BYTES.items()},
    }


def plan_recipe(file: Path, overrides: list[str]) -> dict[str, Any]:
    """The same for every step of a recipe that trains an encoder.

    Raises:
        UserError: anything wrong with the recipe.
    """
    recipe = load_recipe(file, overrides)
    steps: dict[str, Any] = {}
    for name in recipe.steps:
        shape = _shape(recipe, name)
        if shape is not None:
            steps[name] = {
                "stage": recipe.steps[name].stage,
                **_sizes(encoder_config(shape, _vocabulary(recipe))),
            }
    return {"recipe": recipe.name, "vocabulary": _vocabulary(recipe), "steps": steps}


def _shape(recipe: Recipe, step: str) -> EncoderShape | None:
    config = recipe.steps[step]
    if not isinstance(config, Pretrain | Distill | Finetune):
        return None
    if config.encoder is not None:
        return config.encoder
    start = config.model if isinstance(config, Finetune) else config.start
    return None if start is None else _shape(recipe, start)


def _vocabulary(recipe: Recipe) -> int:
    steps = (config for config in recipe.steps.values() if isinstance(config, Tokenizer))
    sizes = [config.vocabulary for config in steps if isinstance(config.vocabulary, int)]
    return sizes[0] if sizes else 150_000

"""What is done to each layer alike, whatever the engine."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from understudy.model.adapters import AdaptedModel
from understudy.model.encoder import Block

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Parallel


def layers_of(module: nn.Module) -> list[nn.Module]:
    """The encoder's layers, in order; of an architecture whose layers cannot be told apart, none."""
    layers: list[nn.Module] = []
    for part in module.modules():
        if isinstance(part, Block):
            layers.append(part)
        elif isinstance(part, AdaptedModel):
            layers += part.encoder.blocks
    return layers


def prepare_layers(module: nn.Module, parallel: Parallel) -> None:
    """Compile layers and compute their activations again in the backward pass, as the recipe says.

    Only ``forward`` is replaced: names of weights stay, and hooks that gather weights run outside of it.
    """
    for layer in layers_of(module):
        forward = layer.forward
        if parallel.compile:
            forward = torch.compile(forward)
        if parallel.activation_checkpointing:
            forward = functools.partial(checkpoint, forward, use_reentrant=False)
        if forward != layer.forward:
            layer.forward = forward

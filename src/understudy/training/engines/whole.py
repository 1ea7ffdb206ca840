"""A module whose weights were sharded, made whole."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn


def replace_weights(module: nn.Module, weights: Mapping[str, Tensor]) -> None:
    """Put plain tensors in the place of parameters of whatever kind.

    Args:
        weights: by name; what is not named stays.
    """
    for name, tensor in weights.items():
        path, _, leaf = name.rpartition(".")
        setattr(module.get_submodule(path), leaf, nn.Parameter(tensor, requires_grad=False))

"""The queries, keys and values of one layer of a model, ours or another's, as it computes them."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.model.encoder import MaskedLanguageModel
from understudy.objectives.matching import Projected

_TOGETHER = ("query_key_value", "Wqkv")
_APART = (("query", "q_lin", "q_proj"), ("key", "k_lin", "k_proj"), ("value", "v_lin", "v_proj"))
"""What models of Hugging Face's call them."""


class Projections:
    """Notes what the projections of a layer make at each forward pass.

    Raises:
        UserError: the layer's attention has no such projections.
    """

    def __init__(self, model: MaskedLanguageModel, layer: int) -> None:
        if not model.encoder.blocks:
            raise UserError("its layers cannot be told apart; leave out relations", place="weights.relations")
        parts = {
            name.rpartition(".")[2]: part
            for name, part in model.encoder.blocks[layer].named_modules()
            if isinstance(part, nn.Linear)
        }
        self._made: dict[int, Tensor] = {}
        together = [part for name, part in parts.items() if name in _TOGETHER]
        apart = [next((parts[name] for name in names if name in parts), None) for names in _APART]
        found = together[:1] or [part for part in apart if part is not None]
        if len(found) not in (1, 3):
            raise UserError(
                "its attention has no queries, keys and values of their own; leave out relations",
                place="weights.relations",
            )
        for number, part in enumerate(found):
            part.register_forward_hook(self._noting(number))

    def take(self) -> Projected:
        """Those of the last pass, (B, L, H) each."""
        made = [self._made.pop(number) for number in sorted(self._made)]
        query, key, value = made[0].chunk(3, dim=-1) if len(made) == 1 else made
        return query, key, value

    def _noting(self, number: int) -> Any:
        def note(_module: nn.Module, _inputs: Any, output: Tensor) -> None:
            self._made[number] = output

        return note

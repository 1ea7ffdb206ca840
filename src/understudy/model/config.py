"""Sizes of encoders: presets, and parameters counted in closed form. Imports no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.core.errors import UserError, nearest
from understudy.core.recipe.presets import PRESETS

if TYPE_CHECKING:
    from understudy.core.recipe.model_steps import EncoderShape


@dataclass(frozen=True, kw_only=True)
class EncoderConfig:
    """Everything that fixes an encoder's parameters."""

    vocabulary: int
    layers: int
    hidden: int
    ffn: int
    heads: int
    max_length: int
    """Longest sequence in pieces, special tokens included."""
    dropout: float = 0.1
    attention_dropout: float | None = None
    """Of attention weights; none: as ``dropout``."""
    norm_epsilon: float = 1e-5
    initial_deviation: float = 0.02
    """Of matrices and embeddings at the start; RoBERTa's is 0.02."""

    @property
    def share_of_attention_dropped(self) -> float:
        """``attention_dropout``, or where that is none ``dropout``."""
        return self.dropout if self.attention_dropout is None else self.attention_dropout

    @property
    def head_size(self) -> int:
        """Width of one attention head."""
        return self.hidden // self.heads

    @property
    def embedding_parameters(self) -> int:
        """Word, position and token-type embeddings and their layer norm.

        Positions start at 2, as in RoBERTa (0 and 1 are never used), hence the two extra rows.
        """
        return (self.vocabulary + self.max_length + 2 + 1) * self.hidden + 2 * self.hidden

    @property
    def layer_parameters(self) -> int:
        """One layer: 4H^2 + 2HF, biases, and the two layer norms before attention and feed-forward."""
        h, f = self.hidden, self.ffn
        return (4 * h * h + 4 * h) + (2 * h * f + f + h) + 4 * h

    @property
    def encoder_parameters(self) -> int:
        """All layers and the last layer norm, without embeddings and output layer."""
        return self.layers * self.layer_parameters + 2 * self.hidden

    @property
    def output_parameters(self) -> int:
        """The MLM head: dense, layer norm and one bias a piece (its matrix is the embedding)."""
        return self.hidden * self.hidden + 3 * self.hidden + self.vocabulary

    @property
    def total_parameters(self) -> int:
        """Encoder, embeddings and MLM head."""
        return self.embedding_parameters + self.encoder_parameters + self.output_parameters

    @property
    def parameters(self) -> dict[str, int]:
        """The counts that manifests and plans give; ``encoder`` is the one that the papers quote."""
        return {
            "embedding": self.embedding_parameters,
            "encoder": self.encoder_parameters,
            "total": self.total_parameters,
        }

    def flops_per_token(self, length: int | None = None, *, training: bool = True) -> int:
        """Floating-point operations a token, MLM output layer not counted.

        A multiply-add is two operations, so a forward pass costs 2 per weight of each matrix, and
        4 * length * H a layer for attention's two products; the backward pass costs twice the forward.
        """
        length = length or self.max_length
        h, f = self.hidden, self.ffn
        forward = self.layers * (2 * (4 * h * h + 2 * h * f) + 4 * length * h)
        return 3 * forward if training else forward


@dataclass(frozen=True, kw_only=True)
class AdaptedConfig(EncoderConfig):
    """Sizes of an architecture for which the closed forms do not hold; parameters are counted."""

    architecture: str
    counted: tuple[int, int, int]
    """Parameters of the embeddings, of the layers, and of the head."""

    @property
    def embedding_parameters(self) -> int:
        """Counted."""
        return self.counted[0]

    @property
    def encoder_parameters(self) -> int:
        """Counted: all of the body but the embeddings."""
        return self.counted[1]

    @property
    def output_parameters(self) -> int:
        """Counted: what only the head has."""
        return self.counted[2]

    def flops_per_token(self, length: int | None = None, *, training: bool = True) -> int:
        """As of our encoder, from the counted parameters."""
        length = length or self.max_length
        forward = 2 * self.encoder_parameters + 4 * self.layers * length * self.hidden
        return 3 * forward if training else forward


def small_deviation(hidden: int) -> float:
    """sqrt(2 / 5H), small enough for deep pre-layernorm models and large enough for narrow ones.

    Nguyen and Salazar 2019, section 2.2. At 768 it is RoBERTa's 0.02 (0.023); at 128, where 0.02 lets hardly
    a signal through, 0.056.
    """
    return math.sqrt(2 / (5 * hidden))


def encoder_config(shape: EncoderShape, vocabulary: int) -> EncoderConfig:
    """The config of a recipe's ``encoder`` entry; sizes given beside a preset override it.

    Raises:
        UserError: unknown preset, or heads that do not divide the hidden size.
    """
    sizes: dict[str, int] = {"max_length": 128}
    if shape.preset is not None:
        if shape.preset not in PRESETS:
            raise UserError(f"no preset '{shape.preset}'; {nearest(shape.preset, PRESETS)}", place="preset")
        sizes |= PRESETS[shape.preset]
    given = {name: getattr(shape, name) for name in ("layers", "hidden", "ffn", "heads", "max_length")}
    sizes |= {name: value for name, value in given.items() if value is not None}
    config = EncoderConfig(
        vocabulary=vocabulary,
        dropout=shape.dropout,
        attention_dropout=shape.attention_dropout,
        initial_deviation=shape.initial_deviation or small_deviation(sizes["hidden"]),
        **sizes,
    )
    if config.hidden % config.heads:
        raise UserError(
            f"{config.heads} heads do not divide the hidden size {config.hidden}", place="encoder.heads"
        )
    return config

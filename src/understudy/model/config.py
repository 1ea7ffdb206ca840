"""Sizes of encoders: presets, and parameters counted in closed form. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from understudy.core.errors import UserError, nearest

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

    def flops_per_token(self, length: int | None = None, *, training: bool = True) -> int:
        """Floating-point operations a token, MLM output layer not counted.

        A multiply-add is two operations, so a forward pass costs 2 per weight of each matrix, and
        4 * length * H a layer for attention's two products; the backward pass costs twice the forward.
        """
        length = length or self.max_length
        h, f = self.hidden, self.ffn
        forward = self.layers * (2 * (4 * h * h + 2 * h * f) + 4 * length * h)
        return 3 * forward if training else forward


# Paper A table 7, [B]'s 16-head student, and the two base-size models of table 6.
PRESETS: dict[str, dict[str, int]] = {
    "5m": {"layers": 4, "hidden": 312, "ffn": 1200, "heads": 12, "max_length": 512},
    "17m": {"layers": 4, "hidden": 768, "ffn": 1200, "heads": 12, "max_length": 512},
    "17m-b": {"layers": 4, "hidden": 768, "ffn": 1200, "heads": 16, "max_length": 512},
    "85m": {"layers": 12, "hidden": 768, "ffn": 3072, "heads": 12, "max_length": 512},
    "170m": {"layers": 16, "hidden": 1024, "ffn": 3072, "heads": 16, "max_length": 512},
    # The paper prints 16 heads of 64, which is not 1536; 24 heads of 64 are.
    "700m": {"layers": 20, "hidden": 1536, "ffn": 6144, "heads": 24, "max_length": 1024},
    "2.3b": {"layers": 29, "hidden": 2560, "ffn": 10240, "heads": 32, "max_length": 512},
    "9.3b": {"layers": 46, "hidden": 4096, "ffn": 16384, "heads": 32, "max_length": 1024},
}


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
        initial_deviation=shape.initial_deviation,
        **sizes,
    )
    if config.hidden % config.heads:
        raise UserError(
            f"{config.heads} heads do not divide the hidden size {config.hidden}", place="encoder.heads"
        )
    return config

"""A RoBERTa encoder with pre-layernorm and its MLM head (paper A 2.4).

The same mathematics as Hugging Face's RobertaPreLayerNorm, with one matrix for query, key and value.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.model.attention import Kernel, Packing, attention, choose_kernel, packed_attention, packing
from understudy.model.config import EncoderConfig
from understudy.model.dropout import dropped
from understudy.model.start import draw_seed, initialise

POSITION_OFFSET = 2
"""RoBERTa numbers positions from pad_id + 1; checkpoints of that family expect it."""


class Block(nn.Module):
    """Attention and feed-forward, each behind its layer norm and beside a residual.

    Torch's layer norm sums in float32 whatever it is given, which is the paper's second cure of overflows in
    float16; under autocast the residual stream itself stays in float32.
    """

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        h = config.hidden
        self.heads = config.heads
        self.dropout = config.dropout
        self.attention_dropout = config.share_of_attention_dropped
        self.attention_norm = nn.LayerNorm(h, config.norm_epsilon)
        self.query_key_value = nn.Linear(h, 3 * h)
        self.attention_output = nn.Linear(h, h)
        self.ffn_norm = nn.LayerNorm(h, config.norm_epsilon)
        self.up = nn.Linear(h, config.ffn)
        self.down = nn.Linear(config.ffn, h)

    def forward(self, x: Tensor, where: Tensor | Packing) -> Tensor:
        """One layer.

        Args:
            x: (B, L, H) padded, or (T, H) packed.
            where: padded: (B, 1, 1, L), 0 where a key may be attended to and -inf on padding;
                packed: where the sequences lie.
        """
        qkv = self.query_key_value(self.attention_norm(x))
        dropout = self.attention_dropout if self.training else 0.0
        if isinstance(where, Packing):
            attended = packed_attention(qkv.view(len(x), 3, self.heads, -1), where, dropout)
        else:
            batch, length, _ = x.shape
            query, key, value = qkv.view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            attended = attention(query, key, value, where, dropout).transpose(1, 2)
        x = x + dropped(self.attention_output(attended.reshape(x.shape)), self.dropout, self.training)
        fed = self.down(F.gelu(self.up(self.ffn_norm(x))))
        return x + dropped(fed, self.dropout, self.training)


class Encoder(nn.Module):
    """Embeddings, layers and the last layer norm."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        h = config.hidden
        self.words = nn.Embedding(config.vocabulary, h)
        self.positions = nn.Embedding(config.max_length + POSITION_OFFSET, h)
        self.token_type = nn.Parameter(torch.zeros(1, h))
        self.embedding_norm = nn.LayerNorm(h, config.norm_epsilon)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.final_norm = nn.LayerNorm(h, config.norm_epsilon)

    def forward(self, ids: Tensor, mask: Tensor, states: list[Tensor] | None = None) -> Tensor:
        """Encode a padded batch.

        Args:
            ids: (B, L) piece ids; each row starts at position 0 and is padded on the right.
            mask: (B, L), nonzero at real pieces.
            states: if given, the output of every layer (before the last norm) is appended to it.

        Returns:
            (B, L, H) after the last layer norm; padding positions hold no meaning.

        Raises:
            UserError: the rows are longer than the position table.
        """
        check_length(ids.shape[1], self.config)
        places = torch.arange(ids.shape[1], device=ids.device)
        bias = torch.zeros(mask.shape, device=ids.device).masked_fill(~mask.bool(), float("-inf"))
        return self._layers(self._embedded(ids, places), bias[:, None, None, :], states)

    def packed(
        self,
        ids: Tensor,
        positions: Tensor,
        borders: Tensor,
        states: list[Tensor] | None = None,
        *,
        longest: int | None = None,
        kernel: Kernel | None = None,
    ) -> Tensor:
        """Encode sequences that lie end to end; none sees another.

        Args:
            ids: (T,) piece ids.
            positions: (T,) the place of each in its sequence, from 0.
            borders: (S + 1,) from 0 to T: sequence s is pieces ``borders[s]`` to ``borders[s + 1]``.
            states: as in :meth:`forward`, of shape (T, H).
            longest: length of the longest sequence, where the caller knows it; none: ``max_length``.
            kernel: none: the fastest there is, see :mod:`understudy.model.attention`.

        Returns:
            (T, H) after the last layer norm.

        Raises:
            UserError: a sequence is longer than the position table (on a GPU the lookup itself fails), or
                attention dropout is asked of a kernel that has none.
            ValueError: the borders are not those of ``ids``.
        """
        if ids.device.type == "cpu":
            if borders[0] != 0 or borders[-1] != len(ids) or (borders.diff() < 0).any():
                raise ValueError(f"borders must ascend from 0 to {len(ids)}")
            check_length(int(positions.max()) + 1 if len(positions) else 0, self.config)
        x = self._embedded(ids, positions)
        if kernel is None:
            kernel = choose_kernel(x.device, _product_dtype(x), self.config.head_size)
        where = packing(borders, len(ids), longest or self.config.max_length, kernel)
        return self._layers(x, where, states)

    def _embedded(self, ids: Tensor, places: Tensor) -> Tensor:
        x = self.words(ids) + self.positions(places + POSITION_OFFSET) + self.token_type
        return dropped(self.embedding_norm(x), self.config.dropout, self.training)

    def _layers(self, x: Tensor, where: Tensor | Packing, states: list[Tensor] | None) -> Tensor:
        for block in self.blocks:
            x = block(x, where)
            if states is not None:
                states.append(x)
        normed: Tensor = self.final_norm(x)
        return normed


class MaskedLanguageModel(nn.Module):
    """Encoder and MLM head; the output matrix is the word embedding."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        seed = draw_seed()
        self.config = config
        self.encoder = Encoder(config)
        self.head_dense = nn.Linear(config.hidden, config.hidden)
        self.head_norm = nn.LayerNorm(config.hidden, config.norm_epsilon)
        self.head_bias = nn.Parameter(torch.zeros(config.vocabulary))
        initialise(self, seed, config.initial_deviation)

    def head(self, hidden: Tensor) -> Tensor:
        """(N, H) encoder outputs -> (N, H), what the output matrix is multiplied with."""
        transformed: Tensor = self.head_norm(F.gelu(self.head_dense(hidden)))
        return transformed

    @property
    def output_matrix(self) -> Tensor:
        """(V, H): the word embedding; its bias is ``head_bias``."""
        return self.encoder.words.weight

    def logits(self, hidden: Tensor) -> Tensor:
        """(N, H) encoder outputs at the positions of interest -> (N, V) scores of the pieces."""
        return F.linear(self.head(hidden), self.output_matrix, self.head_bias)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(B, L) ids and mask -> (B, L, V) scores everywhere; training uses :meth:`logits` where masked."""
        return self.logits(self.encoder(ids, mask))


def check_length(length: int, config: EncoderConfig) -> None:
    """Raise a :class:`UserError` if a row is longer than the position table."""
    if length > config.max_length:
        raise UserError(
            f"rows of {length} pieces do not fit a model of {config.max_length}; shorten them, or raise "
            "encoder.max_length",
            place="encoder.max_length",
        )


def _product_dtype(x: Tensor) -> torch.dtype:
    """What matrix products of ``x`` will be in."""
    device = x.device.type
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else x.dtype

"""A RoBERTa encoder with pre-layernorm and its MLM head (paper A 2.4).

The same mathematics as Hugging Face's RobertaPreLayerNorm, with one matrix for query, key and value.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from understudy.model.config import EncoderConfig

POSITION_OFFSET = 2
"""RoBERTa numbers positions from pad_id + 1; checkpoints of that family expect it."""


class Block(nn.Module):
    """Attention and feed-forward, each behind its layer norm and beside a residual."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        h = config.hidden
        self.heads = config.heads
        self.dropout = config.dropout
        self.attention_norm = nn.LayerNorm(h, config.norm_epsilon)
        self.query_key_value = nn.Linear(h, 3 * h)
        self.attention_output = nn.Linear(h, h)
        self.ffn_norm = nn.LayerNorm(h, config.norm_epsilon)
        self.up = nn.Linear(h, config.ffn)
        self.down = nn.Linear(config.ffn, h)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """One layer.

        Args:
            x: (B, L, H).
            bias: (B, 1, 1, L), 0 where a key may be attended to and -inf on padding.
        """
        batch, length, hidden = x.shape
        qkv = self.query_key_value(self.attention_norm(x))
        query, key, value = qkv.view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        attended = attention(query, key, value, bias, self.dropout if self.training else 0.0)
        attended = self.attention_output(attended.transpose(1, 2).reshape(batch, length, hidden))
        x = x + F.dropout(attended, self.dropout, self.training)
        fed = self.down(F.gelu(self.up(self.ffn_norm(x))))
        return x + F.dropout(fed, self.dropout, self.training)


def attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor, dropout: float) -> Tensor:
    """Softmax attention, statistics in float32.

    Torch's fused kernel is right everywhere but for training on CPU, where its backward pass is many times
    as slow as these four operations at the lengths of utterances (``benchmarks/attention_cpu.py``).

    Args:
        query, key, value: (B, heads, L, D).
        bias: (B, 1, 1, L), added to the scores.
        dropout: share of the attention weights dropped.
    """
    if query.device.type != "cpu" or not torch.is_grad_enabled():
        return F.scaled_dot_product_attention(query, key, value, bias.to(query.dtype), dropout)
    scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    weights = F.dropout(F.softmax(scores + bias, dim=-1, dtype=torch.float32), dropout, dropout > 0)
    return weights.to(value.dtype) @ value


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
        """
        places = torch.arange(POSITION_OFFSET, POSITION_OFFSET + ids.shape[1], device=ids.device)
        x = self.words(ids) + self.positions(places) + self.token_type
        x = F.dropout(self.embedding_norm(x), self.config.dropout, self.training)
        bias = torch.zeros(mask.shape, device=ids.device).masked_fill(~mask.bool(), float("-inf"))
        for block in self.blocks:
            x = block(x, bias[:, None, None, :])
            if states is not None:
                states.append(x)
        normed: Tensor = self.final_norm(x)
        return normed


class MaskedLanguageModel(nn.Module):
    """Encoder and MLM head; the output matrix is the word embedding."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.head_dense = nn.Linear(config.hidden, config.hidden)
        self.head_norm = nn.LayerNorm(config.hidden, config.norm_epsilon)
        self.head_bias = nn.Parameter(torch.zeros(config.vocabulary))
        initialise(self)

    def logits(self, hidden: Tensor) -> Tensor:
        """(N, H) encoder outputs at the positions of interest -> (N, V) scores of the pieces."""
        transformed = self.head_norm(F.gelu(self.head_dense(hidden)))
        return F.linear(transformed, self.encoder.words.weight, self.head_bias)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(B, L) ids and mask -> (B, L, V) scores everywhere; training uses :meth:`logits` where masked."""
        return self.logits(self.encoder(ids, mask))


def initialise(module: nn.Module) -> None:
    """Every weight's start, in one place: matrices and embeddings N(0, 0.02), biases 0, norms 1 and 0."""
    for part in module.modules():
        if isinstance(part, nn.Linear | nn.Embedding):
            nn.init.normal_(part.weight, std=0.02)
        if isinstance(part, nn.Linear) and part.bias is not None:
            nn.init.zeros_(part.bias)
        if isinstance(part, nn.LayerNorm):
            nn.init.ones_(part.weight)
            nn.init.zeros_(part.bias)

"""A BERT-style sentence encoder in MLX: token ids and a mask in, one normalised vector a sentence out."""

import math
from dataclasses import dataclass

import mlx.core as mx
import mlx.nn as nn


@dataclass(frozen=True)
class Config:
    """Sizes as in the checkpoint's config.json."""

    vocab_size: int = 30522
    max_position_embeddings: int = 512
    type_vocab_size: int = 2
    hidden_size: int = 384
    num_hidden_layers: int = 6
    num_attention_heads: int = 12
    intermediate_size: int = 1536
    layer_norm_eps: float = 1e-12


class Embeddings(nn.Module):
    """The sum of word, position and token type, normalised: (batch, sequence) int32 to (batch, sequence, hidden) float32."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.word = nn.Embedding(config.vocab_size, config.hidden_size)
        self.position = nn.Embedding(config.max_position_embeddings, config.hidden_size)
        self.token_type = nn.Embedding(config.type_vocab_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def __call__(self, input_ids: mx.array) -> mx.array:
        positions = self.position(mx.arange(input_ids.shape[1]))
        # every token is of the first sentence
        token_types = self.token_type(mx.zeros_like(input_ids))
        return self.norm(self.word(input_ids) + positions + token_types)


class Attention(nn.Module):
    """Multi-head self-attention with an additive mask of shape (batch, 1, 1, sequence)."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.heads = config.num_attention_heads
        self.query = nn.Linear(config.hidden_size, config.hidden_size)
        self.key = nn.Linear(config.hidden_size, config.hidden_size)
        self.value = nn.Linear(config.hidden_size, config.hidden_size)
        self.output = nn.Linear(config.hidden_size, config.hidden_size)

    def __call__(self, hidden: mx.array, mask: mx.array) -> mx.array:
        query, key, value = (self._split(part(hidden)) for part in (self.query, self.key, self.value))
        scores = query @ key.transpose(0, 1, 3, 2) * (1 / math.sqrt(query.shape[-1])) + mask
        context = mx.softmax(scores, axis=-1) @ value
        return self.output(context.transpose(0, 2, 1, 3).reshape(hidden.shape))

    def _split(self, projected: mx.array) -> mx.array:
        batch, sequence, size = projected.shape
        return projected.reshape(batch, sequence, self.heads, size // self.heads).transpose(0, 2, 1, 3)


class Layer(nn.Module):
    """Attention and a feed-forward part, each added to its input and then normalised."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.attention = Attention(config)
        self.attention_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.intermediate = nn.Linear(config.hidden_size, config.intermediate_size)
        self.output = nn.Linear(config.intermediate_size, config.hidden_size)
        self.output_norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def __call__(self, hidden: mx.array, mask: mx.array) -> mx.array:
        hidden = self.attention_norm(hidden + self.attention(hidden, mask))
        return self.output_norm(hidden + self.output(nn.gelu(self.intermediate(hidden))))


class SentenceEncoder(nn.Module):
    """Mean of the unmasked tokens' last states, of unit length.

    `input_ids` and `attention_mask` are int32 of shape (batch, sequence), the mask 1 for tokens and 0 for padding; the result
    is float32 of shape (batch, hidden_size).
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.embeddings = Embeddings(config)
        self.layers = [Layer(config) for _ in range(config.num_hidden_layers)]

    def __call__(self, input_ids: mx.array, attention_mask: mx.array) -> mx.array:
        kept = attention_mask.astype(mx.float32)
        mask = (1.0 - kept[:, None, None, :]) * -1e9
        hidden = self.embeddings(input_ids)
        for layer in self.layers:
            hidden = layer(hidden, mask)
        summed = (hidden * kept[:, :, None]).sum(axis=1)
        mean = summed / mx.maximum(kept.sum(axis=1, keepdims=True), 1e-9)
        return mean / mx.maximum(mx.linalg.norm(mean, axis=1, keepdims=True), 1e-12)

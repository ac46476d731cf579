"""Language models of mlx-lm with two layers and small random weights, each size its own so that none can hide another."""

import importlib

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_map

_COMMON = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "intermediate_size": 96,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "rms_norm_eps": 2.0**-17,
    "vocab_size": 100,
}
# what a model has beside the common; 1/16 and the sizes' roots are exact in bfloat16 too
CONFIGURATIONS: dict[str, dict[str, object]] = {
    "llama": {"tie_word_embeddings": False},
    "qwen2": {},
    "gemma2": {"head_dim": 16, "query_pre_attn_scalar": 256},
    "phi3": {"original_max_position_embeddings": 4096},
    "mixtral": {"num_local_experts": 4, "rope_theta": 10000.0},
}
NAMES = tuple(CONFIGURATIONS)


def network(name: str, dtype: mx.Dtype = mx.float32) -> nn.Module:
    """The model with seeded weights that `dtype` holds."""
    module = importlib.import_module(f"mlx_lm.models.{name}")
    mx.random.seed(5)
    model = module.Model(module.ModelArgs.from_dict({"model_type": name, **_COMMON, **CONFIGURATIONS[name]}))
    model.update(tree_map(lambda p: (p + 0.1 * mx.random.normal(p.shape)).astype(dtype), model.parameters()))
    mx.eval(model.parameters())
    return model.eval()


def quantised(model: nn.Module, **options: object) -> nn.Module:
    """The model with its linear layers and embeddings in four bits, or as `options` say."""
    nn.quantize(model, **{"group_size": 32, "bits": 4, **options})
    mx.eval(model.parameters())
    return model

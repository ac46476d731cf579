"""Small models with seeded weights, the two examples' architectures."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import mlx.core as mx
import mlx.nn as nn
from mlx.utils import tree_flatten, tree_map

ROOT = Path(__file__).resolve().parents[3]


def example(name: str, script: str) -> ModuleType:
    """A script of examples/<name>/ as a module."""
    path = ROOT / "examples" / name / f"{script}.py"
    key = f"example_{name}_{script}"
    if key not in sys.modules:
        spec = importlib.util.spec_from_file_location(key, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[key] = module
        spec.loader.exec_module(module)
    return sys.modules[key]


class SmallCnn(nn.Module):
    """(batch, 8, 8, 1) float32 to ten logits."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 8, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.head = nn.Linear(8 * 4 * 4, 10)

    def __call__(self, image: mx.array) -> mx.array:
        hidden = self.pool(nn.relu(self.first(image)))
        return self.head(hidden.reshape(hidden.shape[0], -1))


def small_cnn() -> nn.Module:
    """SmallCnn with weights from a fixed seed."""
    mx.random.seed(7)
    return randomised(SmallCnn())


def tiny_encoder() -> nn.Module:
    """The encoder example with two layers of 12, weights from a fixed seed."""
    encoder = example("encoder", "encoder")
    mx.random.seed(11)
    return randomised(
        encoder.SentenceEncoder(
            encoder.Config(
                vocab_size=40,
                max_position_embeddings=64,
                hidden_size=12,
                num_hidden_layers=2,
                num_attention_heads=3,
                intermediate_size=20,
            )
        )
    )


def randomised(module: nn.Module) -> nn.Module:
    """Moves every parameter off its initial value, so that none is all ones or zeros."""
    module.update(tree_map(lambda p: p + 0.1 * mx.random.normal(p.shape), module.parameters()))
    mx.eval(module.parameters())
    return module


CNN_DIMS = {"image": ("batch", 8, 8, 1)}
ENCODER_INPUTS = {name: mx.ones((2, 5), dtype=mx.int32) for name in ("input_ids", "attention_mask")}
ENCODER_DIMS = {name: ("batch", "sequence") for name in ENCODER_INPUTS}


def mlx_parameters(module: nn.Module) -> list[tuple[str, mx.array]]:
    """All parameters by dotted path."""
    return tree_flatten(module.parameters())

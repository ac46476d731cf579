"""Cases of the two examples' networks, small and with random weights."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import mlx.core as mx
import mlx.nn as nn

from cases import Cases, generator, integers, main, normal

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def script(name: str, file: str) -> ModuleType:
    """A script of examples/<name>/ as a module."""
    key = f"example_{name}_{file}"
    spec = importlib.util.spec_from_file_location(key, EXAMPLES / name / f"{file}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[key] = module
    spec.loader.exec_module(module)
    return module


def seeded(name: str, module: nn.Module) -> nn.Module:
    """Weights that depend on the name alone, and biases and norms off what they begin with."""
    rng = generator(name)
    module.apply(lambda p: p + 0.1 * normal(rng, *p.shape) if p.ndim < 2 else normal(rng, *p.shape, scale=0.3))
    mx.eval(module.parameters())
    return module.eval()


def make(cases: Cases) -> None:
    digits = seeded("digits", script("digits", "train").DigitReader())
    image = {"image": 8 + 4 * normal(generator("digits image"), 3, 8, 8, 1)}
    cases.add("examples.digits", digits, image, dims={"image": ("batch", 8, 8, 1)}, outputs=["logits"])
    encoder = script("encoder", "encoder")
    config = encoder.Config(
        vocab_size=40,
        max_position_embeddings=64,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=20,
    )
    inputs = {
        "input_ids": integers(generator("encoder ids"), 0, 40, 3, 9),
        "attention_mask": (mx.arange(9)[None] < mx.array([[9], [4], [1]])).astype(mx.int32),
    }
    dims = {name: ("batch", "sequence") for name in inputs}
    cases.add("examples.encoder", seeded("encoder", encoder.SentenceEncoder(config)), inputs, dims=dims, outputs=["embedding"])


if __name__ == "__main__":
    main(make)

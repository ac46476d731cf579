"""Whole networks as cases: both examples, and language models of mlx-lm with two layers and small random weights."""

import importlib
import importlib.util
import sys
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
from cases import Cases, generator, integers, main, normal
from mlx.utils import tree_map

_EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
_COMMON = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "intermediate_size": 96,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "rms_norm_eps": 1e-5,
    "vocab_size": 100,
    "tie_word_embeddings": False,
}
# what a model has beside the common
_LANGUAGE_MODELS: dict[str, dict[str, object]] = {
    "gemma2": {"head_dim": 16, "query_pre_attn_scalar": 144},
    "llama": {},
    "mixtral": {"num_local_experts": 4},
    "olmo2": {},
    "phi3": {},
    "qwen2": {},
    "qwen3": {"head_dim": 16, "max_position_embeddings": 256, "rope_theta": 10000.0},
}


def _moved(module: nn.Module, seed: int, dtype: mx.Dtype = mx.float32) -> nn.Module:
    """Parameters off what they begin with, none all ones or zeros, in a type."""
    mx.random.seed(seed)
    module.update(tree_map(lambda p: (p + 0.1 * mx.random.normal(p.shape)).astype(dtype), module.parameters()))
    mx.eval(module.parameters())
    return module.eval()


def _script(name: str, script: str) -> object:
    key = f"example_{name}_{script}"
    spec = importlib.util.spec_from_file_location(key, _EXAMPLES / name / f"{script}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[key] = module
    spec.loader.exec_module(module)
    return module


def _examples(cases: Cases) -> None:
    digits = _moved(_script("digits", "train").DigitReader(), 7)
    shape = (3, 8, 8, 1)
    image = {"image": normal(generator("digits"), *shape)}
    cases.add("examples/digits", digits, image, dims={"image": ("batch", *shape[1:])}, outputs=["logits"])
    encoder = _script("encoder", "encoder")
    config = encoder.Config(
        vocab_size=40,
        max_position_embeddings=64,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=20,
    )
    inputs = {
        "input_ids": integers(generator("encoder"), 0, 40, 3, 9),
        "attention_mask": (mx.arange(9)[None] < mx.array([[9], [4], [1]])).astype(mx.int32),
    }
    dims = {name: ("batch", "sequence") for name in inputs}
    module = _moved(encoder.SentenceEncoder(config), 11)
    for form in ("cpu", "gpu"):
        cases.add(f"examples/encoder/{form}", module, inputs, dims=dims, outputs=["embedding"], gpu=form == "gpu")


class _Cache:
    """Keys and values so far, as arrays that come in and go out."""

    def __init__(self, offset: mx.array, keys: mx.array, values: mx.array) -> None:
        self.offset, self.keys, self.values = offset, keys, values

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        self.keys = mx.concatenate([self.keys, keys], axis=2)
        self.values = mx.concatenate([self.values, values], axis=2)
        return self.keys, self.values

    def make_mask(self, size: int, *, return_array: bool = False, **options: object) -> mx.array | str | None:
        if size == 1:
            return None
        return mx.tril(mx.ones((size, size), dtype=mx.bool_)) if return_array else "causal"


class _Decode(nn.Module):
    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def __call__(self, inputs: mx.array, offset: mx.array, *past: mx.array) -> list[mx.array]:
        caches = [_Cache(offset, past[at], past[at + 1]) for at in range(0, len(past), 2)]
        return [self.model(inputs, cache=caches), *(array for cache in caches for array in (cache.keys, cache.values))]


def _language_models(cases: Cases) -> None:
    for name, own in _LANGUAGE_MODELS.items():
        module = importlib.import_module(f"mlx_lm.models.{name}")
        tokens = integers(generator(name), 0, 100, 2, 9)
        for kind, dtype in (("float32", mx.float32), ("bfloat16", mx.bfloat16), ("4-bit", mx.float32)):
            model = _moved(module.Model(module.ModelArgs.from_dict({"model_type": name, **_COMMON, **own})), 5, dtype)
            if kind == "4-bit":
                nn.quantize(model, group_size=32, bits=4)
                mx.eval(model.parameters())
            # MLX traces experts in bfloat16 on a CPU, but computes them in float32 only
            compute = name != "mixtral" or dtype == mx.float32
            prefill = {"inputs": tokens}
            rng = generator(f"{name}/{kind}")
            past = {f"past{at}": normal(rng, 2, 2, 8, 16, dtype=dtype) for at in range(4)}
            step = {"inputs": tokens[:, 8:], "offset": mx.array(8), **past}
            for form in ("cpu", "gpu"):
                case, options = f"mlx-lm/{name}/{kind}", {"weights": model, "compute": compute, "gpu": form == "gpu"}
                cases.add(f"{case}/prefill/{form}", model, prefill, outputs=["logits"], **options)
                cases.add(f"{case}/decode/{form}", _Decode(model), step, **options)


def make(cases: Cases) -> None:
    """All networks."""
    # compiled functions take seconds to compile, and mean the same
    mx.disable_compile()
    _examples(cases)
    _language_models(cases)


if __name__ == "__main__":
    main(make)

"""Cases of language models of mlx-lm: two layers with random weights, prefill without a cache and steps with one."""

import importlib

import mlx.core as mx
import mlx.nn as nn

from cases import Cases, generator, integers, main, normal

COMMON = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "intermediate_size": 128,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "rms_norm_eps": 1e-5,
    "vocab_size": 96,
    "rope_theta": 10000.0,
    "max_position_embeddings": 512,
}
MODELS: dict[str, dict[str, object]] = {
    "llama": {},
    "qwen2": {"tie_word_embeddings": True},
    "qwen3": {"head_dim": 32, "tie_word_embeddings": True},
    "gemma2": {"head_dim": 32, "query_pre_attn_scalar": 32.0},
    "phi3": {},
    "olmo2": {"tie_word_embeddings": False},
    "mixtral": {"num_local_experts": 4, "num_experts_per_tok": 2},
}


class Cache:
    """Keys and values so far, which a step's are put behind; the offset is an array, so that it isn't baked."""

    def __init__(self, keys: mx.array, values: mx.array, offset: mx.array) -> None:
        self.keys, self.values, self.offset = keys, values, offset

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """As mlx-lm's caches."""
        self.keys = mx.concatenate([self.keys, keys], axis=2)
        self.values = mx.concatenate([self.values, values], axis=2)
        return self.keys, self.values

    def make_mask(self, length: int, return_array: bool = False, window_size: int | None = None) -> object:
        """Each new position sees all before it and itself."""
        if length == 1:
            return None
        if not return_array:
            return "causal"
        past = self.keys.shape[2]
        return mx.arange(past, past + length)[:, None] >= mx.arange(past + length)[None]


def model(name: str, precision: str) -> nn.Module:
    """A model whose weights depend on its name alone."""
    module = importlib.import_module(f"mlx_lm.models.{name}")
    settings = COMMON | MODELS[name] | {"model_type": name}
    made = module.Model(module.ModelArgs.from_dict(settings))
    rng = generator(name)
    made.apply(lambda p: normal(rng, *p.shape, scale=1.0 if p.ndim == 1 else p.shape[-1] ** -0.5))
    if precision == "bfloat16":
        made.set_dtype(mx.bfloat16)
    if precision == "4-bit":
        nn.quantize(made, group_size=32, bits=4, class_predicate=lambda _, m: hasattr(m, "to_quantized"))
    made.eval()
    mx.eval(made.parameters())
    return made


def oracle(name: str, precision: str) -> nn.Module | None:
    """The same weights in float32, where MLX has no bfloat16 kernel on a CPU."""
    if name != "mixtral" or precision != "bfloat16":
        return None
    wide = model(name, precision)
    wide.set_dtype(mx.float32)
    return wide


def rounded(result: object) -> object:
    """What the oracle gives, in the model's own type."""
    if isinstance(result, dict):
        return {key: value.astype(mx.bfloat16) for key, value in result.items()}
    return result.astype(mx.bfloat16)


def prefill(cases: Cases, name: str, precision: str, made: nn.Module) -> None:
    wide = oracle(name, precision)
    ids = integers(generator(f"{name} ids"), 0, 96, 2, 7)
    cases.add(
        f"{name}-{precision}-prefill",
        made,
        {"inputs": ids},
        dims={"inputs": ("batch", "sequence")},
        outputs=["logits"],
        oracle=None if wide is None else lambda inputs: rounded(wide(inputs)),
    )


def step(cases: Cases, name: str, precision: str, made: nn.Module, length: int) -> None:
    """`length` tokens behind five."""
    heads, width = COMMON["num_key_value_heads"], MODELS[name].get("head_dim", 16)
    dtype = mx.bfloat16 if precision == "bfloat16" else mx.float32
    layers = len(made.layers)

    def run(net: nn.Module, inputs: mx.array, offset: mx.array, past: dict[str, mx.array]) -> dict[str, mx.array]:
        caches = [Cache(past[f"keys{i}"], past[f"values{i}"], offset) for i in range(layers)]
        logits = net(inputs, cache=caches)
        results = {"logits": logits}
        for index, cache in enumerate(caches):
            results[f"new_keys{index}"], results[f"new_values{index}"] = cache.keys, cache.values
        return results

    def call(inputs: mx.array, offset: mx.array, **past: mx.array) -> dict[str, mx.array]:
        return run(made, inputs, offset, past)

    wide = oracle(name, precision)

    def exact(inputs: mx.array, offset: mx.array, **past: mx.array) -> dict[str, mx.array]:
        return rounded(run(wide, inputs, offset, {key: value.astype(mx.float32) for key, value in past.items()}))

    rng = generator(f"{name} step")
    inputs = {"inputs": integers(rng, 0, 96, 2, length), "offset": mx.array(5)}
    dims: dict[str, tuple] = {"inputs": ("batch", length)}
    for index in range(layers):
        for part in ("keys", "values"):
            inputs[f"{part}{index}"] = normal(rng, 2, heads, 5, width, dtype=dtype)
            dims[f"{part}{index}"] = ("batch", heads, "past", width)
    cases.add(f"{name}-{precision}-step{length}", call, inputs, dims=dims, weights=made, oracle=exact if wide else None)


def make(cases: Cases) -> None:
    for name in MODELS:
        for precision in ("float32", "bfloat16", "4-bit"):
            made = model(name, precision)
            prefill(cases, name, precision, made)
            step(cases, name, precision, made, 1)
            step(cases, name, precision, made, 3)


if __name__ == "__main__":
    main(make)

"""Language models in the reference against MLX: float32, bfloat16 and quantised."""

from collections.abc import Callable, Iterator

import mlx.core as mx
import mlx.nn as nn
import networks
import pytest
from mlx.utils import tree_map
from references import compare, reference_of, whole

TOKENS = whole(2, 9, low=0, high=100)


@pytest.fixture(autouse=True)
def uncompiled() -> Iterator[None]:
    """Compiled functions take seconds to compile."""
    mx.disable_compile()
    yield
    mx.enable_compile()


def logits(model: Callable) -> object:
    """The reference's, with sizes that may change."""
    _, reference = reference_of(model, {"inputs": TOKENS}, outputs=["logits"], weights=model)
    return reference.run({"inputs": TOKENS})["logits"]


@pytest.mark.parametrize("name", networks.NAMES)
def test_in_float32(name: str) -> None:
    model = networks.network(name)
    compare(logits(model), model(TOKENS), 2e-5)


@pytest.mark.parametrize("name", networks.NAMES)
def test_in_bfloat16_it_is_what_float32_is_with_the_same_weights(name: str) -> None:
    model = networks.network(name, mx.bfloat16)
    found = logits(model)
    model.update(tree_map(lambda p: p.astype(mx.float32), model.parameters()))
    wanted = model(TOKENS)
    # gemma2's GELU has constants that bfloat16 rounds
    compare(found, wanted, 1e-3 if name == "gemma2" else 2e-5)


@pytest.mark.parametrize("name", networks.NAMES)
def test_in_four_bits(name: str) -> None:
    model = networks.quantised(networks.network(name))
    compare(logits(model), model(TOKENS), 2e-5)


@pytest.mark.parametrize(
    "options", [{"bits": 3}, {"mode": "mxfp4"}, {"mode": "mxfp8", "bits": 8}, {"mode": "nvfp4", "group_size": 16}]
)
def test_in_other_codes(options: dict) -> None:
    # an embedding in eight-bit floats is what MLX can't export
    linear = {"class_predicate": lambda path, module: isinstance(module, nn.Linear)}
    model = networks.quantised(networks.network("llama"), **options, **linear)
    compare(logits(model), model(TOKENS), 2e-5)


def test_sizes_that_change() -> None:
    model = networks.network("llama")
    _, reference = reference_of(model, {"inputs": TOKENS}, dims={"inputs": ("batch", "sequence")}, outputs=["logits"])
    for shape in ((1, 1), (3, 14)):
        tokens = whole(*shape, low=0, high=100)
        compare(reference.run({"inputs": tokens})["logits"], model(tokens), 2e-5)


class Cached(nn.Module):
    """A decode step: the keys and values so far come in, with the new ones they go out."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def __call__(self, inputs: mx.array, offset: mx.array, *past: mx.array) -> list[mx.array]:
        caches = [_Cache(offset, past[at], past[at + 1]) for at in range(0, len(past), 2)]
        made = self.model(inputs, cache=caches)
        return [made, *(array for cache in caches for array in (cache.keys, cache.values))]


class _Cache:
    def __init__(self, offset: mx.array, keys: mx.array, values: mx.array) -> None:
        self.offset, self.keys, self.values = offset, keys, values

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        self.keys = mx.concatenate([self.keys, keys], axis=2)
        self.values = mx.concatenate([self.values, values], axis=2)
        return self.keys, self.values

    def make_mask(self, size: int, **options: object) -> str | None:
        return None if size == 1 else "causal"


@pytest.mark.parametrize("name", ["llama", "mixtral"])
def test_a_decode_step(name: str) -> None:
    model = networks.network(name)
    empty = [mx.zeros((2, 2, 0, 16)) for _ in range(4)]
    step = Cached(model)
    _, *past = step(TOKENS[:, :8], mx.array(0), *empty)
    names = ["inputs", "offset", *(f"past{index}" for index in range(4))]
    arrays = dict(zip(names, [TOKENS[:, 8:], mx.array(8), *past], strict=True))
    _, reference = reference_of(step, arrays, weights=model)
    found = list(reference.run(arrays).values())
    compare(found[0][:, -1], model(TOKENS)[:, -1], 2e-5)
    for one, other in zip(found, step(*arrays.values()), strict=True):
        compare(one, other, 2e-5)

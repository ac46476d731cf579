"""Makes src/test/resources/conversion: small MLX functions as model folders, with inputs and the outputs that MLX gives.

Run from this folder with `mlx[cpu]==0.32.4` and `numpy==2.2.6` installed:
PYTHONPATH=../../../../agent-mac/python:../../../../agent-mac/python/tests python make_fixtures.py
"""

import json
from collections.abc import Callable
from pathlib import Path

import fairlead
import mlx.core as mx
import mlx.nn as nn
import numpy as np
import prototypes

RESOURCES = Path(__file__).resolve().parents[1] / "resources" / "conversion"
SIZES = [{"n": 2, "m": 4}, {"n": 1, "m": 1}, {"n": 3, "m": 7}]
EDGES = np.array(
    [0, -0.0, 1e-8, -1e-8, np.inf, -np.inf, np.nan, 3, -3, 0.5, -0.99999, -1, 5, -20, 7, -7],
    np.float32,
)
Data = Callable[[np.random.Generator, list[int]], np.ndarray]


def normal(rng: np.random.Generator, shape: list[int]) -> np.ndarray:
    return rng.standard_normal(shape).astype(np.float32)


def small(rng: np.random.Generator, shape: list[int]) -> np.ndarray:
    return rng.integers(0, 7, shape).astype(np.int32)


def mask(rng: np.random.Generator, shape: list[int]) -> np.ndarray:
    ragged = rng.integers(0, 2, shape)
    ragged[:, 0] = 1
    return ragged.astype(np.int32)


def fixture(
    name: str,
    function: Callable[..., object],
    dims: dict[str, tuple[str | int, ...]],
    sizes: list[dict[str, int]],
    data: dict[str, Data],
) -> None:
    """Exports `function` and stores, for each entry of `sizes`, inputs from `data` and the outputs that MLX gives."""
    folder = RESOURCES / name
    rng = np.random.default_rng(5)

    def made(size: dict[str, int]) -> dict[str, mx.array]:
        return {
            key: mx.array(data[key](rng, [size[d] if isinstance(d, str) else d for d in shape])) for key, shape in dims.items()
        }

    fairlead.export(function, made(sizes[0]), folder, dims=dims)
    stored: dict[str, mx.array] = {}
    for index, size in enumerate(sizes):
        inputs = made(size)
        result = function(**inputs)
        names = [output["name"] for output in fairlead_outputs(folder)]
        results = list(result) if isinstance(result, list | tuple) else [result]
        for key, value in [*inputs.items(), *zip(names, results, strict=True)]:
            stored[f"{index:06d}/{key}"] = value
    mx.save_safetensors(str(folder / "cases.safetensors"), stored)


def put(x: mx.array) -> mx.array:
    """Every other number of the last axis becomes 7."""
    changed = x + 0
    changed[..., ::2] = 7.0
    return changed


def fairlead_outputs(folder: Path) -> list[dict[str, object]]:
    return json.loads((folder / "model.json").read_text())["signature"]["outputs"]


def one(name: str, function: Callable[[mx.array], object], data: Data = normal) -> None:
    """A function of one (n, m, 16) float32."""
    fixture(name, function, {"x": ("n", "m", 16)}, SIZES, {"x": data})


def main() -> None:
    one("unary", lambda x: [
        mx.abs(x), -x, mx.exp(x), mx.sin(x), mx.cos(x), mx.tan(mx.clip(x, -1, 1)), mx.arcsin(mx.clip(x, -1, 1)),
        mx.arccos(mx.clip(x, -1, 1)), mx.arctan(x), mx.sinh(x), mx.cosh(x), mx.tanh(x), mx.arcsinh(x),
        mx.arccosh(mx.abs(x) + 1), mx.arctanh(mx.clip(x, -0.9, 0.9)), mx.erf(x), mx.sigmoid(x), mx.floor(x), mx.ceil(x),
        mx.round(x), mx.sign(x), mx.square(x), mx.sqrt(mx.abs(x)), mx.rsqrt(mx.abs(x) + 0.1), mx.log(mx.abs(x) + 0.1),
        mx.log2(mx.abs(x) + 0.1), mx.log10(mx.abs(x) + 0.1), mx.logical_not(x > 0),
    ])
    one("edges", lambda x: [
        mx.log1p(x), mx.expm1(x), mx.remainder(x, 3), mx.remainder(x, -2.5), mx.logaddexp(x, -x), mx.isinf(x), mx.isnan(x),
        mx.array_equal(x, x, equal_nan=True), mx.maximum(x, 0), mx.minimum(x, 0), mx.nan_to_num(x),
    ], lambda rng, shape: np.resize(EDGES, shape))
    one("binary", lambda x: [
        x + x * 2, x - 1, x / 3, mx.power(mx.abs(x), 1.5), mx.maximum(x, x[:1]), mx.minimum(x, 0.5), x > 0, x >= x[:, :1],
        x < 0, x <= 0, x == x, x != x, (x > 0) & (x < 1), (x > 0) | (x < -1), mx.where(x > 0, x, 0), (x > 0) + (x < 1),
        (x > 0) * (x < 1), mx.floor_divide(x, 2),
    ])
    one("reduce", lambda x: [
        x.sum(0), x.sum(-1), x.max(1), x.min((0, 2)), x.prod(-1), (x > 0).all(-1), (x > 0).any(1), (x > 0).sum(-1),
        x.argmax(-1), x.argmin(1), mx.cumsum(x, 1), mx.cumsum(x, 2, reverse=True, inclusive=False), mx.logsumexp(x, -1),
        mx.logsumexp(x, (0, 1)), x.mean(-1), mx.var(x, -1), mx.softmax(x, 1), mx.softmax(x, -1, precise=True),
    ])
    one("shape", lambda x: [
        x.reshape(-1, 16), x.reshape(x.shape[0], -1), mx.flatten(x), mx.unflatten(x, -1, (4, 4)), x.transpose(2, 0, 1),
        x[:, None], mx.concatenate([x, x], 1), mx.stack([x, x], -1), mx.pad(x, ((1, 0), (0, 2), (0, 0))),
        mx.pad(x, ((0, 0), (0, 0), (3, 1)), constant_values=2.0), mx.split(x, 4, -1)[2], mx.repeat(x, 2, 0),
        mx.tile(x, (1, 2, 1)), mx.broadcast_to(x[:, :1], x.shape), mx.arange(x.shape[1]),
        mx.arange(x.shape[0], dtype=mx.float32), mx.arange(3, 9, 2), mx.swapaxes(x, 0, 1).reshape(-1, 4), mx.zeros_like(x),
    ])
    one("slice", lambda x: [
        x[..., ::-1], x[..., 1:9:3], x[:, -1], x[:1], x[:, : x.shape[1]], x[..., 3], x[::-1], x[..., -5:-2],
    ])
    one("gather", lambda x: [
        mx.take(x, mx.array([0, 0, 0]), axis=1), mx.take(x, mx.array([3, -1, 2]), axis=2),
        mx.take_along_axis(x, mx.argmax(x, -1, keepdims=True), -1), x[:, :, mx.array([1, 2])],
        mx.take(x, mx.array([[0, 0], [0, 0]]), axis=0),
    ])
    one("cast", lambda x: [
        x.astype(mx.float16), x.astype(mx.bfloat16), x.astype(mx.int32), (x > 0).astype(mx.float32), x.astype(mx.int8),
        x.astype(mx.int32) & 3, x.astype(mx.int32) % 3, (x * 10).astype(mx.int32) // 3, mx.abs(x * 10).astype(mx.uint32) << 2,
        mx.softmax(x.astype(mx.float16), -1, precise=True),
    ])
    fixture("matmul", lambda a, b: [
        a @ b, mx.addmm(mx.ones((5,)), a, b, alpha=0.5, beta=2.0), mx.addmm(mx.ones((5,)), a[0], b[0], alpha=0.5, beta=2.0),
        nn.gelu(a), nn.gelu_approx(a), nn.silu(a), nn.softplus(a), nn.leaky_relu(a), nn.elu(a),
    ], {"a": ("n", "m", 4), "b": ("n", 4, 5)}, SIZES, {"a": normal, "b": normal})
    kernels = [
        mx.random.normal(shape, key=mx.random.key(index)) * 0.1
        for index, shape in enumerate([(8, 3, 5, 4), (8, 3, 3, 2), (6, 3, 4)])
    ]
    mx.eval(kernels)
    fixture("convolution", lambda x: [
        mx.conv2d(x, kernels[0], stride=(2, 1), padding=(1, 2), dilation=(1, 2)), mx.conv2d(x, kernels[1], groups=2),
        mx.conv1d(x[:, 0], kernels[2], padding=1), nn.MaxPool2d(3, 2, 1)(x), nn.AvgPool2d(3, 1)(x), nn.MaxPool2d(2, 2)(x),
    ], {"x": ("n", 12, 12, 4)}, [{"n": 1}, {"n": 3}], {"x": normal})
    one("order", lambda x: [
        mx.sort(x, -1), mx.argsort(x, -1), mx.cumprod(x, 1), mx.cummax(x, 2, reverse=True), mx.cummin(x, 2, inclusive=False),
        x.at[:, 0].add(1.0), x.at[..., mx.array([1, 1, 3])].add(2.0), put(x), mx.max(x, 1), mx.argmax(x, 2),
    ], lambda rng, shape: np.resize(EDGES, shape))
    layers = [nn.QuantizedLinear(64, 32, group_size=32, bits=bits) for bits in (3, 4, 8)]
    mx.eval([layer.parameters() for layer in layers])
    fixture("quantised", lambda x: [layer(x) for layer in layers], {"x": ("n", "m", 64)}, SIZES, {"x": normal})
    norm = nn.LayerNorm(16)
    norm.update({"weight": mx.arange(16) / 8.0, "bias": mx.arange(16) - 8.0})
    mx.eval(norm.parameters())
    one("fused", lambda x: [norm(x), mx.softmax(x, 0), mx.fast.layer_norm(x, None, None, 1e-3)])
    fixture("cnn", prototypes.small_cnn(), {"image": ("batch", 8, 8, 1)}, [{"batch": 1}, {"batch": 3}], {"image": normal})
    fixture(
        "encoder", prototypes.tiny_encoder(),
        {"input_ids": ("batch", "sequence"), "attention_mask": ("batch", "sequence")},
        [{"batch": 1, "sequence": 1}, {"batch": 3, "sequence": 9}], {"input_ids": small, "attention_mask": mask},
    )


if __name__ == "__main__":
    main()

"""Primitives that only a GPU's graph holds, in graphs written by hand from their documented state."""

import json
from collections.abc import Callable
from pathlib import Path

import mlx.core as mx
import pytest

from fairlead import model, tensors
from fairlead.replay import Replayer

X = mx.random.normal((1, 2, 5, 8), key=mx.random.key(1))
Y = mx.random.normal((1, 2, 5, 8), key=mx.random.key(2))
W = mx.random.normal((8,), key=mx.random.key(3))
B = mx.random.normal((8,), key=mx.random.key(4))
NONE = mx.array(1.0)
OFFSET = mx.array(3)
MASK = mx.random.normal((5, 5), key=mx.random.key(5))
SINKS = mx.random.normal((2,), key=mx.random.key(6))


def written(folder: Path, op: str, inputs: list[mx.array], arguments: list) -> Path:
    """A model folder with one node."""
    names = [f"in{index}" for index in range(len(inputs))]
    values = [
        {"name": name, "dtype": str(array.dtype).removeprefix("mlx.core."), "shape": list(array.shape)}
        for name, array in zip(names, inputs, strict=True)
    ]
    output = {"name": "v0", "dtype": "float32", "shape": list(inputs[0].shape)}
    graph = {
        "format": "fairlead-graph",
        "version": 1,
        "symbols": [],
        "inputs": values,
        "outputs": [{"name": "out", "value": "v0"}],
        "constants": [],
        "nodes": [{"op": op, "inputs": names, "outputs": [output], "arguments": arguments}],
    }
    signature = {"inputs": values, "outputs": [output | {"name": "out"}]}
    (folder / "graph.json").write_text(json.dumps(graph))
    (folder / "model.json").write_text(json.dumps({"format": "mlx", "version": 1, "signature": signature}))
    tensors.save(folder / "weights.safetensors", {})
    return folder


@pytest.mark.parametrize(
    ("op", "inputs", "arguments", "wanted"),
    [
        ("RMSNorm", [X, W], [1e-5], lambda: mx.fast.rms_norm(X, W, 1e-5)),
        ("RMSNorm", [X, NONE], [1e-5], lambda: mx.fast.rms_norm(X, None, 1e-5)),
        ("LayerNorm", [X, W, B], [1e-12], lambda: mx.fast.layer_norm(X, W, B, 1e-12)),
        ("LayerNorm", [X, NONE, NONE], [1e-12], lambda: mx.fast.layer_norm(X, None, None, 1e-12)),
        (
            "RoPE",
            [X, OFFSET],
            [8, False, 10000.0, 0.5, True],
            lambda: mx.fast.rope(X, 8, traditional=False, base=1e4, scale=0.5, offset=3),
        ),
        (
            "RoPE",
            [X, OFFSET, W[:2]],
            [4, True, 10000.0, 1.0, True],
            lambda: mx.fast.rope(X, 4, traditional=True, base=None, scale=1.0, offset=3, freqs=W[:2]),
        ),
        (
            "ScaledDotProductAttention",
            [X, Y, Y],
            [0.4, True, False, False],
            lambda: mx.fast.scaled_dot_product_attention(X, Y, Y, scale=0.4, mask="causal"),
        ),
        (
            "ScaledDotProductAttention",
            [X, Y, Y, MASK, SINKS],
            [0.4, False, True],
            lambda: mx.fast.scaled_dot_product_attention(X, Y, Y, scale=0.4, mask=MASK, sinks=SINKS),
        ),
        (
            "ScaledDotProductAttention",
            [X, Y, Y],
            [0.4, False, False, False, True],
            lambda: mx.fast.scaled_dot_product_attention(X, Y, Y, scale=0.4),
        ),
    ],
)
def test_fused_primitives_replay(tmp_path: Path, op: str, inputs: list, arguments: list, wanted: Callable) -> None:
    replayer = Replayer(model.load(written(tmp_path, op, inputs, arguments)))
    found = replayer.run({f"in{index}": array for index, array in enumerate(inputs)})["out"]
    assert mx.array_equal(found, wanted())

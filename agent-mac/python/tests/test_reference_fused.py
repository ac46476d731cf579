"""What only a GPU's trace holds, in graphs written by hand, against the same call in MLX on the CPU."""

from collections.abc import Callable, Sequence

import mlx.core as mx
import numpy as np
import pytest
from references import bits, compare, real, single

X, G = real(2, 3, 8), real(2, 3, 8, seed=1)
W, B = real(8), real(8, seed=1)
NONE = mx.array(1.0)
HEADS = real(2, 4, 5, 8)
KEYS, VALUES = real(2, 2, 7, 8), real(2, 2, 7, 6)
SINKS = real(4)
SAME = ("float32", HEADS.shape)


def test_norms() -> None:
    for weight in (W, None):
        (found,) = single("RMSNorm", [X, NONE if weight is None else weight], [1e-5], [("float32", X.shape)])
        compare(found, mx.fast.rms_norm(X, weight, 1e-5))
        for bias in (B, None):
            inputs = [X, NONE if weight is None else weight, NONE if bias is None else bias]
            (found,) = single("LayerNorm", inputs, [1e-3], [("float32", X.shape)])
            compare(found, mx.fast.layer_norm(X, weight, bias, 1e-3))


def test_gradients_of_norms() -> None:
    found = single("RMSNormVJP", [X, W, G], [1e-5], [("float32", X.shape), ("float32", W.shape)])
    _, wanted = mx.vjp(lambda x, w: mx.fast.rms_norm(x, w, 1e-5), [X, W], [G])
    for one, other in zip(found, wanted, strict=True):
        compare(one, other)
    found = single("LayerNormVJP", [X, W, B, G], [1e-5], [("float32", X.shape), ("float32", W.shape), ("float32", B.shape)])
    _, wanted = mx.vjp(lambda x, w, b: mx.fast.layer_norm(x, w, b, 1e-5), [X, W, B], [G])
    for one, other in zip(found, wanted, strict=True):
        compare(one, other)


@pytest.mark.parametrize("traditional", [False, True])
@pytest.mark.parametrize("offset", [mx.array(0), mx.array(3), mx.array([2, 11])])
@pytest.mark.parametrize(("dims", "scale"), [(8, 1.0), (4, 0.25)])
def test_rotations(traditional: bool, offset: mx.array, dims: int, scale: float) -> None:
    options = {"traditional": traditional, "scale": scale, "offset": offset}
    (found,) = single("RoPE", [HEADS, offset], [dims, traditional, 100.0, scale, True], [SAME])
    compare(found, mx.fast.rope(HEADS, dims, base=100.0, **options))
    freqs = mx.arange(1, dims // 2 + 1).astype(mx.float32)
    (found,) = single("RoPE", [HEADS, offset, freqs], [dims, traditional, 1.0, scale, True], [SAME])
    compare(found, mx.fast.rope(HEADS, dims, base=None, freqs=freqs, **options))


def test_a_rotation_back_is_the_inverse() -> None:
    state = [8, False, 100.0, 1.0]
    (turned,) = single("RoPE", [HEADS, mx.array(3)], [*state, True], [SAME])
    (back,) = single("RoPE", [mx.array(turned.astype(np.float32)), mx.array(3)], [*state, False], [SAME])
    compare(back, HEADS)


def test_a_rotation_of_three_dimensions() -> None:
    (found,) = single("RoPE", [X, mx.array(1)], [8, False, 50.0, 1.0, True], [("float32", X.shape)])
    compare(found, mx.fast.rope(X, 8, traditional=False, base=50.0, scale=1.0, offset=1))


MASKS: dict[str, mx.array | str | None] = {
    "none": None,
    "causal": "causal",
    "boolean": bits(2, 1, 5, 7),
    "added": real(5, 7),
    "of each head": real(4, 5, 7),
    "a row without keys": mx.arange(5)[:, None] > mx.zeros(7),
}


@pytest.mark.parametrize("sinks", [None, SINKS])
@pytest.mark.parametrize("name", MASKS)
def test_attention(name: str, sinks: mx.array | None) -> None:
    mask = MASKS[name]
    more = [part for part in (mask, sinks) if isinstance(part, mx.array)]
    state = [0.3, isinstance(mask, str), sinks is not None]
    wanted = mx.fast.scaled_dot_product_attention(HEADS, KEYS, VALUES, scale=0.3, mask=mask, sinks=sinks)
    # the state has had three, four and five parts
    for rest in ([], [False], [False, True]):
        (found,) = single("ScaledDotProductAttention", [HEADS, KEYS, VALUES, *more], [*state, *rest], [("float32", (2, 4, 5, 6))])
        compare(found, wanted)


def test_one_query_sees_all_keys() -> None:
    query = HEADS[:, :, :1]
    (found,) = single("ScaledDotProductAttention", [query, KEYS, VALUES], [0.3, True, False], [("float32", (2, 4, 1, 6))])
    compare(found, mx.fast.scaled_dot_product_attention(query, KEYS, VALUES, scale=0.3, mask="causal"))


SHAPELESS: list[tuple[str, Sequence, Sequence, Callable[[mx.array, mx.array], mx.array]]] = [
    ("Broadcast", [(1, 8), (3, 8)], [[3, 8]], lambda x, y: mx.broadcast_to(x, (3, 8))),
    ("BroadcastAxes", [(1, 2, 8), (3, 8, 5)], [[-2, -1]], lambda x, y: mx.broadcast_to(x, (3, 2, 8))),
    ("NumberOfElements", [(4, 5, 6)], [[0, 2], False, {"dtype": "float32"}], lambda x: mx.array(24.0)),
    ("NumberOfElements", [(4, 5, 6)], [[0, 2], True, {"dtype": "float32"}], lambda x: mx.array(1 / 24)),
]


@pytest.mark.parametrize(("op", "shapes", "arguments", "wanted"), SHAPELESS)
def test_what_a_trace_without_shapes_holds(op: str, shapes: Sequence, arguments: Sequence, wanted: Callable) -> None:
    arrays = [real(*shape) for shape in shapes]
    made = wanted(*arrays)
    (found,) = single(op, arrays, arguments, [("float32", made.shape)])
    compare(found, made)


@pytest.mark.parametrize("size", [1, 2, 8, 12, 20, 28, 24, 80, 112])
def test_hadamard_transforms(size: int) -> None:
    x = real(3, size)
    (found,) = single("Hadamard", [x], [0.5], [("float32", x.shape)])
    compare(found, mx.hadamard_transform(x, scale=0.5))


def test_a_scan_of_log_add_exp() -> None:
    # MLX computes it, but can't export it under the name that it has
    x = real(4, 6)
    (found,) = single("Scan", [x], [4, 1, False, True], [("float32", x.shape)])
    compare(found, mx.logcumsumexp(x, axis=1))
    (found,) = single("Scan", [x], [4, 0, True, False], [("float32", x.shape)])
    compare(found, mx.logcumsumexp(x, axis=0, reverse=True, inclusive=False))


def test_decompositions_give_back_their_matrix() -> None:
    x = real(6, 4)
    u, s, vt = single("SVD", [x], [True], [("float32", (6, 6)), ("float32", (4,)), ("float32", (4, 4))])
    assert np.allclose(u[:, :4] * s @ vt, np.array(x), atol=1e-14)
    square = real(5, 5)
    symmetric = square + square.T
    values, vectors = single("Eigh", [symmetric], [{"string": "L"}, True], [("float32", (5,)), ("float32", (5, 5))])
    assert np.allclose(vectors * values @ vectors.T, np.array(symmetric), atol=1e-13)
    values, vectors = single("Eig", [square], [True], [("complex64", (5,)), ("complex64", (5, 5))])
    assert np.allclose(np.array(square) @ vectors, vectors * values, atol=1e-13)
    (values,) = single("Eig", [square], [False], [("complex64", (5,))])
    assert np.allclose(np.sort(values), np.sort(np.array(mx.linalg.eigvals(square, stream=mx.cpu))), atol=1e-5)

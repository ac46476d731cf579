"""Primitives that move, pick and write elements, in the reference against MLX."""

from collections.abc import Callable

import mlx.core as mx
import pytest
from references import bits, check, real, whole

X = real(5, 7)


CASES: dict[str, Callable[[], None]] = {
    "shapes": lambda: check(
        lambda x: [x.T, x.reshape(7, 5), x.flatten(), mx.unflatten(x, 0, (5, 1)), x[None], x[None].squeeze(0)], X
    ),
    "repeats": lambda: check(
        lambda x: [mx.tile(x, (2, 3)), mx.repeat(x, 3, 1), mx.broadcast_to(x, (3, 5, 7)), mx.roll(x, 2, 1)], X
    ),
    "parts": lambda: check(lambda x: [*mx.split(x, [2, 5], 1), mx.concatenate([x, x], 1), mx.stack([x, x]), *mx.split(x, 5)], X),
    "pads": lambda: check(lambda x: [mx.pad(x, ((1, 2), (0, 3)), constant_values=2.5), mx.pad(x, 2, mode="edge")], X),
    "slices": lambda: check(
        lambda x: [x[::-1], x[1:-1:2], x[-2:1:-1], x[4:-6:-2], x[:, -1], x[..., 1:3], x[4:1:-2, ::3], x[3:1]], X
    ),
    "strides": lambda: check(lambda x: [mx.as_strided(x, (4, 3, 2), (5, 2, 1), 1), mx.as_strided(x, (3, 3), (0, 1), 4)], X),
    "ranges": lambda: check(
        lambda x: [mx.arange(7) + x, mx.arange(0, 1.5, 0.25) * x[0, 0], mx.linspace(0, 1, 7) * x, mx.arange(9, 2, -1) + x], X
    ),
    "range far from 0": lambda: check(lambda x: x[0, 0] * 0 + mx.arange(1000.0, 1002.0, 0.1), X, tolerance=1e-7),
    "ranges of halves": lambda: check(
        lambda x: [mx.arange(0, 1, 0.1, dtype=d) + x for d in (mx.float16, mx.bfloat16)],
        mx.array(0.0, mx.float16),
        tolerance=1e-2,
    ),
    "made": lambda: check(
        lambda x: [mx.full((3,), x[0, 0]), mx.zeros_like(x), mx.eye(7) + x[0], mx.tril(x), mx.triu(x, 1), mx.diag(x[0])], X
    ),
    "diagonals": lambda: check(
        lambda x: [mx.diagonal(x), mx.trace(x), mx.kron(x, x[:2, :2]), mx.outer(x[0], x[1]), mx.inner(x, x)], X
    ),
    "updates": lambda: check(
        lambda x: [x.at[1:3].add(x[:2]), x.at[2:4].multiply(x[:2]), x.at[:2].maximum(x[2:4]), x.at[::2].minimum(x[:3])], X
    ),
    "moving slices": lambda: check(
        lambda x, i: [
            mx.slice(x, i, (0,), (2, 7)),
            mx.slice_update(x, x[:2], i, (0,)),
            mx.slice(x, mx.concatenate([i, i]), (0, 1), (2, 2)),
        ],
        X,
        mx.array([2]),
    ),
    "gathers": lambda: check(
        lambda x, i: [x[i], x[:, i % 5], x[i % 5, i % 3], mx.take(x, i), x[i[:2]][:, None], x[i[None], :2]],
        X,
        whole(6, low=-5, high=5),
    ),
    "gathers along an axis": lambda: check(
        lambda x, i: [mx.take_along_axis(x, i, 0), mx.take_along_axis(x, i[:3], 0)], X, whole(5, 7, low=-5, high=5)
    ),
    "gathers by narrow indices": lambda: check(
        lambda x, i, j: [x[i], x[j]], X, mx.array([4, 0], mx.uint8), mx.array([-1, 2], mx.int8)
    ),
    "scatters": lambda: check(
        lambda x, i: [f(x[:3]) for at in (x.at[i], x.at[i, :]) for f in (at.add, at.multiply, at.maximum, at.minimum)],
        X,
        mx.array([1, 4, 1]),
    ),
    "scatters to two axes": lambda: check(lambda x, i: x.at[i, i].add(x[0, :3]), X, mx.array([1, -2, 1])),
    "scatters along an axis": lambda: check(
        lambda x, i, v: mx.put_along_axis(x, i, v, 1), X, mx.array([[0, 6], [1, -1], [2, 3], [3, 4], [5, 6]]), real(5, 2)
    ),
    "gradients of gathers": lambda: check(
        lambda x, i: [
            mx.grad(lambda x: mx.square(mx.take_along_axis(x, i, 0)).sum())(x),
            mx.grad(lambda x: mx.square(x[i[0]]).sum())(x),
        ],
        X,
        whole(5, 7, low=0, high=5),
    ),
    "vectorised gathers": lambda: check(lambda x, i: mx.vmap(lambda x, i: x[i])(x, i), X, whole(5, 3, low=0, high=7)),
    "written under a mask": lambda: check(written_under_a_mask, X, bits(5, 7), real(35)),
}


def written_under_a_mask(x: mx.array, mask: mx.array, new: mx.array) -> list[mx.array]:
    """Assigns one number, and an array, where a mask is true."""
    one, many = x + 0, x + 0
    one[mask] = 3.5
    many[mask] = new
    return [one, many]


@pytest.mark.parametrize("name", CASES)
def test_primitives(name: str) -> None:
    CASES[name]()

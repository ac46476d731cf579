"""Every primitive that MLX can trace on a CPU, in float64 against MLX in float32: random shapes, all dtypes that it takes."""

from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest
from references import check

RANDOM = np.random.default_rng(20)


def real(*shape: int, dtype: mx.Dtype = mx.float32) -> mx.array:
    return mx.array(RANDOM.normal(size=shape).astype(np.float32)).astype(dtype)


def whole(*shape: int, low: int = -20, high: int = 20, dtype: mx.Dtype = mx.int32) -> mx.array:
    return mx.array(RANDOM.integers(low, high, shape)).astype(dtype)


def bits(*shape: int) -> mx.array:
    return mx.array(RANDOM.integers(0, 2, shape)).astype(mx.bool_)


X, Y = real(5, 7), real(5, 7)
U = mx.array(RANDOM.uniform(0.05, 0.95, (4, 6)).astype(np.float32))
C = mx.array((RANDOM.normal(size=(4, 6)) + 1j * RANDOM.normal(size=(4, 6))).astype(np.complex64))
I, J = whole(5, 7), whole(5, 7)  # noqa: E741
S = real(6, 6)
POSITIVE = S @ S.T + 6 * mx.eye(6)
IMAGE = real(2, 9, 8, 6)

ANY = ["abs", "negative", "exp", "expm1", "square", "sin", "cos", "tan", "tanh", "sinh", "cosh", "arctan", "arcsinh", "erf"]
ANY += ["sigmoid", "sign", "round", "ceil", "floor", "trunc", "isnan", "isfinite", "logical_not", "degrees", "nan_to_num"]
BETWEEN = ["arcsin", "arccos", "arctanh", "erfinv", "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "reciprocal"]
COMPLEX = ["abs", "negative", "exp", "square", "sin", "cos", "tan", "tanh", "sinh", "cosh", "sqrt", "rsqrt", "log", "log2", "log10"]
COMPLEX += ["conjugate", "real", "imag", "sign", "arcsin", "arccos", "arctan", "arcsinh", "arctanh", "log1p"]
PAIRS = ["add", "subtract", "multiply", "divide", "maximum", "minimum", "logaddexp", "arctan2", "remainder", "floor_divide"]
PAIRS += ["divmod", "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "isclose"]
WHOLE = ["add", "subtract", "multiply", "maximum", "minimum", "remainder", "floor_divide", "divmod", "divide", "less", "equal"]
WHOLE += ["bitwise_and", "bitwise_or", "bitwise_xor"]
INTEGERS = [mx.int8, mx.uint8, mx.int16, mx.uint16, mx.int32, mx.uint32, mx.int64, mx.uint64]


@pytest.mark.parametrize("name", ANY)
def test_functions_of_any_number(name: str) -> None:
    check(getattr(mx, name), 2 * X)


@pytest.mark.parametrize("name", BETWEEN)
def test_functions_of_numbers_between_0_and_1(name: str) -> None:
    check(getattr(mx, name), U)


@pytest.mark.parametrize("name", COMPLEX)
def test_functions_of_complex_numbers(name: str) -> None:
    check(getattr(mx, name), C)


@pytest.mark.parametrize("name", PAIRS)
def test_functions_of_two_numbers(name: str) -> None:
    check(getattr(mx, name), X, Y)
    check(getattr(mx, name), X, real(7))


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("name", WHOLE)
def test_functions_of_two_integers(name: str, dtype: mx.Dtype) -> None:
    # divisors other than 0, values up to the type's limits
    limits = np.iinfo(str(dtype).removeprefix("mlx.core."))
    one = mx.array(RANDOM.integers(limits.min, limits.max, (40,), dtype=limits.dtype, endpoint=True))
    other = mx.array(RANDOM.integers(1, 100, (40,)).astype(limits.dtype))
    if limits.min < 0:
        other = mx.where(mx.arange(40) % 2 == 0, other, -other)
    check(getattr(mx, name), one, other, tolerance=1e-6)


CASES: dict[str, Callable[[], None]] = {
    "complex pairs": lambda: check(lambda x, y: [x + y, x - y, x * y, x / y, x == y, mx.power(x, y), mx.maximum(x, y)], C, C.T.reshape(4, 6)),
    "hyperbolic": lambda: check(mx.arccosh, 1 + U),
    "power": lambda: check(mx.power, mx.abs(X), Y),
    "integer power": lambda: check(mx.power, I, mx.abs(J) % 5),
    "integer power below 0": lambda: check(mx.power, I, J % 3 - 1),
    "shifts": lambda: check(lambda x, y: [mx.left_shift(x, y), mx.right_shift(x, y)], I, mx.abs(J)),
    "truth of numbers": lambda: check(lambda x, y: [mx.logical_and(x, y), mx.logical_or(x, y), mx.logical_not(x)], I % 2, J % 2),
    "choice": lambda: check(mx.where, bits(5, 7), X, Y),
    "clip": lambda: check(lambda x: mx.clip(x, -0.5, 0.5), X),
    "casts": lambda: check(lambda x, i: [x.astype(d) for d in (mx.int32, mx.int8, mx.bool_, mx.complex64)] + [i.astype(mx.float32)], 20 * X, I),
    "casts of integers": lambda: check(lambda i: [i.astype(d) for d in [*INTEGERS, mx.bool_, mx.float32]], whole(99, low=-70000, high=70000)),
    "views": lambda: check(lambda x, i: [x.view(mx.int32), x.view(mx.uint8), i.view(mx.float16), i.view(mx.uint16)], X, I % 3),
    "views of halves": lambda: check(lambda x, h: [x.view(mx.int16), h.view(mx.uint8)], real(3, 4, dtype=mx.bfloat16), real(3, 4, dtype=mx.float16)),
    "views that widen": lambda: check(lambda b: [b.view(mx.int32), b.view(mx.uint64)], whole(3, 16, dtype=mx.uint8)),
    "stop": lambda: check(lambda x, y: [mx.stop_gradient(x + 1), *mx.depends([x * 2, y], [x])], X, Y),
    "shapes": lambda: check(lambda x: [x.T, x.reshape(7, 5), x.flatten(), mx.unflatten(x, 0, (5, 1)), x[None], x[None].squeeze(0)], X),
    "repeats": lambda: check(lambda x: [mx.tile(x, (2, 3)), mx.repeat(x, 3, 1), mx.broadcast_to(x, (3, 5, 7)), mx.roll(x, 2, 1)], X),
    "parts": lambda: check(lambda x: [*mx.split(x, [2, 5], 1), mx.concatenate([x, x], 1), mx.stack([x, x]), *mx.split(x, 5)], X),
    "pads": lambda: check(lambda x: [mx.pad(x, ((1, 2), (0, 3)), constant_values=2.5), mx.pad(x, 2, mode="edge")], X),
    "slices": lambda: check(lambda x: [x[::-1], x[1:-1:2], x[-2:1:-1], x[4:-6:-2], x[:, -1], x[..., 1:3], x[4:1:-2, ::3], x[3:1]], X),
    "strides": lambda: check(lambda x: [mx.as_strided(x, (4, 3, 2), (5, 2, 1), 1), mx.as_strided(x, (3, 3), (0, 1), 4)], X),
    "ranges": lambda: check(lambda x: [mx.arange(7) + x, mx.arange(0, 1.5, 0.25) * x[0, 0], mx.linspace(0, 1, 7) * x, mx.arange(9, 2, -1) + x], X),
    "range far from 0": lambda: check(lambda x: x[0, 0] * 0 + mx.arange(1000.0, 1002.0, 0.1), X, tolerance=1e-7),
    "ranges of halves": lambda: check(lambda x: [mx.arange(0, 1, 0.1, dtype=d) + x for d in (mx.float16, mx.bfloat16)], mx.array(0.0, mx.float16), tolerance=1e-2),
    "made": lambda: check(lambda x: [mx.full((3,), x[0, 0]), mx.zeros_like(x), mx.eye(7) + x[0], mx.tril(x), mx.triu(x, 1), mx.diag(x[0])], X),
    "diagonals": lambda: check(lambda x: [mx.diagonal(x), mx.trace(x), mx.kron(x, x[:2, :2]), mx.outer(x[0], x[1]), mx.inner(x, x)], X),
    "updates": lambda: check(lambda x: [x.at[1:3].add(x[:2]), x.at[2:4].multiply(x[:2]), x.at[:2].maximum(x[2:4]), x.at[::2].minimum(x[:3])], X),
    "moving slices": lambda: check(
        lambda x, i: [mx.slice(x, i, (0,), (2, 7)), mx.slice_update(x, x[:2], i, (0,)), mx.slice(x, mx.concatenate([i, i]), (0, 1), (2, 2))],
        X, mx.array([2]),
    ),
    "gathers": lambda: check(lambda x, i: [x[i], x[:, i % 5], x[i % 5, i % 3], mx.take(x, i), x[i[:2]][:, None], x[i[None], :2]], X, whole(6, low=-5, high=5)),
    "gathers along an axis": lambda: check(lambda x, i: [mx.take_along_axis(x, i, 0), mx.take_along_axis(x, i[:3], 0)], X, whole(5, 7, low=-5, high=5)),
    "gathers by narrow indices": lambda: check(lambda x, i, j: [x[i], x[j]], X, mx.array([4, 0], mx.uint8), mx.array([-1, 2], mx.int8)),
    "scatters": lambda: check(
        lambda x, i: [f(x[:3]) for at in (x.at[i], x.at[i, :]) for f in (at.add, at.multiply, at.maximum, at.minimum)], X, mx.array([1, 4, 1])
    ),
    "scatters to two axes": lambda: check(lambda x, i: x.at[i, i].add(x[0, :3]), X, mx.array([1, -2, 1])),
    "scatters along an axis": lambda: check(lambda x, i, v: mx.put_along_axis(x, i, v, 1), X, mx.array([[0, 6], [1, -1], [2, 3], [3, 4], [5, 6]]), real(5, 2)),
    "gradients of gathers": lambda: check(
        lambda x, i: [
            mx.grad(lambda x: mx.square(mx.take_along_axis(x, i, 0)).sum())(x), mx.grad(lambda x: mx.square(x[i[0]]).sum())(x)
        ], X, whole(5, 7, low=0, high=5),
    ),
    "vectorised gathers": lambda: check(lambda x, i: mx.vmap(lambda x, i: x[i])(x, i), X, whole(5, 3, low=0, high=7)),
    "reductions": lambda: check(lambda x: [f(x, axis=a) for f in (mx.sum, mx.prod, mx.max, mx.min, mx.mean, mx.var, mx.std) for a in (0, 1, None)], X),
    "reductions of three axes": lambda: check(lambda x: [mx.sum(x, (0, 2)), mx.max(x, (1, 2), keepdims=True), mx.logsumexp(x, (0, 1))], IMAGE),
    "truth": lambda: check(lambda x: [mx.all(x > -1, 1), mx.any(x > 2, 0), mx.all(x), mx.array_equal(x, x), mx.count_nonzero(x)], X),
    "medians and norms": lambda: check(lambda x: [mx.median(x, axis=1), mx.linalg.norm(x), mx.linalg.norm(x, 1, axis=1), mx.topk(x, 1)], X),
    "places": lambda: check(lambda x: [mx.argmax(x, 1), mx.argmin(x, 0), mx.argmax(x)], X),
    "sorts": lambda: check(lambda x, i: [mx.sort(x, 0), mx.argsort(x, 1), mx.sort(i, 1), mx.argsort(i, 0), mx.partition(x, 3, axis=1)[:, 3]], X, I),
    "searches": lambda: check(lambda x, y: [mx.searchsorted(mx.sort(x), y), mx.searchsorted(mx.sort(x), y, side="right")], I[0], J),
    "scans": lambda: check(
        lambda x: [f(x, 0, reverse=r, inclusive=i) for f in (mx.cumsum, mx.cumprod, mx.cummax, mx.cummin) for r in (False, True) for i in (False, True)], X
    ),
    "softmax": lambda: check(lambda x: [mx.softmax(x, -1), mx.softmax(x, 0), mx.softmax(x, -1, precise=True), mx.logsumexp(x, 1)], 5 * X),
    "products": lambda: check(lambda x, y: [x @ y.T, x[0] @ y[0], x[None] @ y.T, mx.einsum("ij,kj->ik", x, y), mx.tensordot(x, y, 2)], X, Y),
    "scaled products": lambda: check(lambda x, y: mx.addmm(x[:, :5], x, y.T, alpha=0.5, beta=2.0), X, Y),
    "complex product": lambda: check(lambda x: x @ x.T, C),
    "gathered products": lambda: check(lambda a, b, i: mx.gather_mm(a, b, i[:2], i[:, None] % 3), real(4, 3, 5), real(3, 5, 2), mx.array([3, 0])),
    "gathered products, right only": lambda: check(lambda a, b, i: mx.gather_mm(a, b, None, i), real(4, 3, 5), real(3, 5, 2), mx.array([2, 0, 1, 1])),
    "masked products": lambda: check(
        lambda a, b, m: [
            mx.block_masked_mm(a, b, 32, m), mx.block_masked_mm(a, b, 32, None, m, m), mx.block_masked_mm(a, b, 32, m, m, m)
        ], real(64, 64), real(64, 64), bits(2, 2),
    ),
    "masked products of odd sizes": lambda: check(
        lambda a, b, m: mx.block_masked_mm(a, b, 32, m[:, :1], m, m[:, 1:]), real(2, 40, 50), real(2, 50, 20), real(2, 2)
    ),
    "fourier": lambda: check(lambda x: [f(x) for f in (mx.fft.fft, mx.fft.ifft, mx.fft.rfft, mx.fft.irfft, mx.fft.fft2, mx.fft.rfft2)], X),
    "fourier of complex": lambda: check(
        lambda c: [mx.fft.ifft2(c), mx.fft.irfft2(c), mx.fft.irfftn(c, axes=(1, 0)), mx.fft.irfft(c, n=5), mx.fft.fftn(c, axes=(1, 0))], C
    ),
    "short fourier": lambda: check(lambda x: mx.fft.stft(x, n_fft=8), real(32)),
    "inverses": lambda: check(
        lambda a: [f(a, stream=mx.cpu) for f in (mx.linalg.inv, mx.linalg.cholesky, mx.linalg.cholesky_inv, mx.linalg.tri_inv)], POSITIVE
    ),
    "upper inverses": lambda: check(
        lambda a: [mx.linalg.cholesky(a, upper=True, stream=mx.cpu), mx.linalg.tri_inv(a, upper=True, stream=mx.cpu)], POSITIVE
    ),
    "pseudo-inverse": lambda: check(lambda a: mx.linalg.pinv(a, stream=mx.cpu), X, tolerance=1e-4),
    "triangular factors": lambda: check(lambda a: mx.linalg.qr(a, stream=mx.cpu), real(3, 6, 6), tolerance=1e-4),
    "singular values": lambda: check(lambda a: mx.linalg.svd(a, compute_uv=False, stream=mx.cpu), X),
    "eigenvalues": lambda: check(lambda a: mx.linalg.eigvalsh(a, stream=mx.cpu), POSITIVE),
    "bits by key": lambda: check(lambda k: [mx.random.bernoulli(0.5, (3, n), key=k) for n in (1, 2, 5)] + [mx.random.split(k, 3)], mx.random.key(5)),
    "draws": lambda: check(lambda k: [mx.random.uniform(shape=(33,), key=k), mx.random.normal((4, 5), key=k), mx.random.laplace((7,), key=k)], mx.random.key(9)),
    "written under a mask": lambda: check(written_under_a_mask, X, bits(5, 7), real(35)),
}  # fmt: skip


def written_under_a_mask(x: mx.array, mask: mx.array, new: mx.array) -> list[mx.array]:
    """Assigns one number, and an array, where a mask is true."""
    one, many = x + 0, x + 0
    one[mask] = 3.5
    many[mask] = new
    return [one, many]


@pytest.mark.parametrize("name", CASES)
def test_primitives(name: str) -> None:
    CASES[name]()

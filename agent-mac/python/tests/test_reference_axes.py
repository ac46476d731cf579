"""Primitives that bring axes together, and products of matrices, in the reference against MLX."""

from collections.abc import Callable

import mlx.core as mx
import pytest
from references import bits, check, complexes, real, whole

X, Y = real(5, 7), real(5, 7, seed=1)
C = complexes(4, 6)
I, J = whole(5, 7), whole(5, 7, seed=1)  # noqa: E741
S = real(6, 6)
POSITIVE = S @ S.T + 6 * mx.eye(6)
IMAGE = real(2, 9, 8, 6)


CASES: dict[str, Callable[[], None]] = {
    "reductions": lambda: check(
        lambda x: [f(x, axis=a) for f in (mx.sum, mx.prod, mx.max, mx.min, mx.mean, mx.var, mx.std) for a in (0, 1, None)], X
    ),
    "reductions of three axes": lambda: check(
        lambda x: [mx.sum(x, (0, 2)), mx.max(x, (1, 2), keepdims=True), mx.logsumexp(x, (0, 1))], IMAGE
    ),
    "truth": lambda: check(
        lambda x: [mx.all(x > -1, 1), mx.any(x > 2, 0), mx.all(x), mx.array_equal(x, x), mx.count_nonzero(x)], X
    ),
    "medians and norms": lambda: check(
        lambda x: [mx.median(x, axis=1), mx.linalg.norm(x), mx.linalg.norm(x, 1, axis=1), mx.topk(x, 1)], X
    ),
    "places": lambda: check(lambda x: [mx.argmax(x, 1), mx.argmin(x, 0), mx.argmax(x)], X),
    "sorts": lambda: check(
        lambda x, i: [mx.sort(x, 0), mx.argsort(x, 1), mx.sort(i, 1), mx.argsort(i, 0), mx.partition(x, 3, axis=1)[:, 3]], X, I
    ),
    "searches": lambda: check(
        lambda x, y: [mx.searchsorted(mx.sort(x), y), mx.searchsorted(mx.sort(x), y, side="right")], I[0], J
    ),
    "scans": lambda: check(
        lambda x: [
            f(x, 0, reverse=r, inclusive=i)
            for f in (mx.cumsum, mx.cumprod, mx.cummax, mx.cummin)
            for r in (False, True)
            for i in (False, True)
        ],
        X,
    ),
    "softmax": lambda: check(
        lambda x: [mx.softmax(x, -1), mx.softmax(x, 0), mx.softmax(x, -1, precise=True), mx.logsumexp(x, 1)], 5 * X
    ),
    "products": lambda: check(
        lambda x, y: [x @ y.T, x[0] @ y[0], x[None] @ y.T, mx.einsum("ij,kj->ik", x, y), mx.tensordot(x, y, 2)], X, Y
    ),
    "scaled products": lambda: check(lambda x, y: mx.addmm(x[:, :5], x, y.T, alpha=0.5, beta=2.0), X, Y),
    "complex product": lambda: check(lambda x: x @ x.T, C),
    "gathered products": lambda: check(
        lambda a, b, i: mx.gather_mm(a, b, i[:2], i[:, None] % 3), real(4, 3, 5), real(3, 5, 2), mx.array([3, 0])
    ),
    "gathered products, right only": lambda: check(
        lambda a, b, i: mx.gather_mm(a, b, None, i), real(4, 3, 5), real(3, 5, 2), mx.array([2, 0, 1, 1])
    ),
    "masked products": lambda: check(
        lambda a, b, m: [
            mx.block_masked_mm(a, b, 32, m),
            mx.block_masked_mm(a, b, 32, None, m, m),
            mx.block_masked_mm(a, b, 32, m, m, m),
        ],
        real(64, 64),
        real(64, 64),
        bits(2, 2),
    ),
    "masked products of odd sizes": lambda: check(
        lambda a, b, m: mx.block_masked_mm(a, b, 32, m[:, :1], m, m[:, 1:]), real(2, 40, 50), real(2, 50, 20), real(2, 2)
    ),
    "fourier": lambda: check(
        lambda x: [f(x) for f in (mx.fft.fft, mx.fft.ifft, mx.fft.rfft, mx.fft.irfft, mx.fft.fft2, mx.fft.rfft2)], X
    ),
    "fourier of complex": lambda: check(
        lambda c: [
            mx.fft.ifft2(c),
            mx.fft.irfft2(c),
            mx.fft.irfftn(c, axes=(1, 0)),
            mx.fft.irfft(c, n=5),
            mx.fft.fftn(c, axes=(1, 0)),
        ],
        C,
    ),
    "short fourier": lambda: check(lambda x: mx.fft.stft(x, n_fft=8), real(32)),
    "inverses": lambda: check(
        lambda a: [f(a, stream=mx.cpu) for f in (mx.linalg.inv, mx.linalg.cholesky, mx.linalg.cholesky_inv, mx.linalg.tri_inv)],
        POSITIVE,
    ),
    "upper inverses": lambda: check(
        lambda a: [mx.linalg.cholesky(a, upper=True, stream=mx.cpu), mx.linalg.tri_inv(a, upper=True, stream=mx.cpu)], POSITIVE
    ),
    "pseudo-inverse": lambda: check(lambda a: mx.linalg.pinv(a, stream=mx.cpu), X, tolerance=1e-4),
    "triangular factors": lambda: check(lambda a: mx.linalg.qr(a, stream=mx.cpu), real(3, 6, 6), tolerance=1e-4),
    "singular values": lambda: check(lambda a: mx.linalg.svd(a, compute_uv=False, stream=mx.cpu), X),
    "eigenvalues": lambda: check(lambda a: mx.linalg.eigvalsh(a, stream=mx.cpu), POSITIVE),
    "bits by key": lambda: check(
        lambda k: [mx.random.bernoulli(0.5, (3, n), key=k) for n in (1, 2, 5)] + [mx.random.split(k, 3)], mx.random.key(5)
    ),
    "bits by several keys": lambda: check(
        lambda k: mx.vmap(lambda key: mx.random.bernoulli(0.5, (3, 3), key=key))(k), mx.random.split(mx.random.key(2), 4)
    ),
    "draws": lambda: check(
        lambda k: [mx.random.uniform(shape=(33,), key=k), mx.random.normal((4, 5), key=k), mx.random.laplace((7,), key=k)],
        mx.random.key(9),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_primitives(name: str) -> None:
    CASES[name]()

"""The reference to 1e-14 or better: against mpmath, which shares no code with it, and against identities."""

from collections.abc import Callable

import ml_dtypes
import mlx.core as mx
import mpmath
import numpy as np
import pytest
from references import outputs_of, real, single

from fairlead import dtypes
from fairlead.reference.elementary import _erf_inverse
from fairlead.reference.values import narrowed

mpmath.mp.dps = 40
NUMBERS = np.concatenate([np.linspace(-6, 6, 41), [1e-8, -1e-8, 1e-30, 17.5, -30.0, 0.1]]).astype(np.float32)
BETWEEN = np.array([1e-30, 1e-8, 0.01, 0.1, 0.3, 0.499, 0.5, 0.501, 0.7, 0.9, 0.99, 0.9999, 0.9999999], dtype=np.float32)


def worst(found: np.ndarray, wanted: list) -> float:
    """The largest relative error, in exact arithmetic."""
    return max(float(abs((mpmath.mpf(float(x)) - y) / y)) if y else abs(float(x)) for x, y in zip(found, wanted, strict=True))


FUNCTIONS: dict[str, tuple[Callable, np.ndarray, Callable]] = {
    "exp": (mx.exp, NUMBERS, mpmath.exp),
    "expm1": (mx.expm1, NUMBERS, mpmath.expm1),
    "sin": (mx.sin, NUMBERS, mpmath.sin),
    "cos": (mx.cos, NUMBERS, mpmath.cos),
    "tan": (mx.tan, NUMBERS, mpmath.tan),
    "tanh": (mx.tanh, NUMBERS, mpmath.tanh),
    "sinh": (mx.sinh, NUMBERS, mpmath.sinh),
    "cosh": (mx.cosh, NUMBERS, mpmath.cosh),
    "arctan": (mx.arctan, NUMBERS, mpmath.atan),
    "arcsinh": (mx.arcsinh, NUMBERS, mpmath.asinh),
    "erf": (mx.erf, NUMBERS, mpmath.erf),
    "sigmoid": (mx.sigmoid, NUMBERS, lambda x: 1 / (1 + mpmath.exp(-x))),
    "arcsin": (mx.arcsin, BETWEEN, mpmath.asin),
    "arccos": (mx.arccos, BETWEEN, mpmath.acos),
    "arctanh": (mx.arctanh, BETWEEN, mpmath.atanh),
    "log": (mx.log, BETWEEN, mpmath.log),
    "log2": (mx.log2, BETWEEN, lambda x: mpmath.log(x, 2)),
    "log10": (mx.log10, BETWEEN, mpmath.log10),
    "log1p": (mx.log1p, BETWEEN, mpmath.log1p),
    "sqrt": (mx.sqrt, BETWEEN, mpmath.sqrt),
    "rsqrt": (mx.rsqrt, BETWEEN, lambda x: 1 / mpmath.sqrt(x)),
    "erfinv": (mx.erfinv, BETWEEN, mpmath.erfinv),
    "erfinv below 0": (mx.erfinv, -BETWEEN, mpmath.erfinv),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_a_number(name: str) -> None:
    function, numbers, exact = FUNCTIONS[name]
    (found,) = outputs_of(function, mx.array(numbers))
    assert worst(found, [exact(mpmath.mpf(float(x))) for x in numbers]) <= 2e-15


def test_functions_of_two_numbers() -> None:
    x, y = np.meshgrid(BETWEEN, NUMBERS[:-3])
    x, y = x.reshape(-1), y.reshape(-1)
    power, sum_of_powers, angle = outputs_of(
        lambda x, y: [mx.power(x, y), mx.logaddexp(x, y), mx.arctan2(x, y)], mx.array(x), mx.array(y)
    )
    pairs = [(mpmath.mpf(float(a)), mpmath.mpf(float(b))) for a, b in zip(x, y, strict=True)]
    assert worst(power, [a**b for a, b in pairs]) <= 2e-15
    assert worst(angle, [mpmath.atan2(a, b) for a, b in pairs]) <= 2e-15
    exact = [mpmath.log(mpmath.exp(a) + mpmath.exp(b)) for a, b in pairs]
    assert max(abs(float(f - e)) for f, e in zip(sum_of_powers, exact, strict=True)) <= 2e-15


def test_the_inverse_of_erf_at_its_ends() -> None:
    assert (
        _erf_inverse(1.0) == np.inf and _erf_inverse(-1.0) == -np.inf and np.isnan(_erf_inverse(1.5)) and _erf_inverse(0.0) == 0
    )
    for x in (1e-300, 1 - 2.0**-53, 0.5, np.nextafter(0.5, 0)):
        assert abs(_erf_inverse(x) / float(mpmath.erfinv(mpmath.mpf(float(x)))) - 1) <= 1e-15


def test_softmax_and_logsumexp() -> None:
    x = 20 * real(3, 50)
    soft, log_sum = outputs_of(lambda x: [mx.softmax(x, -1), mx.logsumexp(x, -1)], x)
    for row, found, total in zip(np.array(x), soft, log_sum, strict=True):
        powers = [mpmath.exp(mpmath.mpf(float(element))) for element in row]
        assert worst(found, [power / mpmath.fsum(powers) for power in powers]) <= 1e-14
        assert worst([total], [mpmath.log(mpmath.fsum(powers))]) <= 1e-15


def test_products_and_sums() -> None:
    x, y = real(4, 300), real(300, 3)
    product, total, running = outputs_of(lambda x, y: [x @ y, mx.sum(x, 1), mx.cumsum(x, 1)], x, y)
    rows, columns = np.array(x).astype(np.float64), np.array(y).astype(np.float64)
    for i in range(4):
        for j in range(3):
            size = float(np.abs(rows[i]) @ np.abs(columns[:, j]))
            exact = mpmath.fdot(rows[i].tolist(), columns[:, j].tolist())
            assert abs(float(mpmath.mpf(float(product[i, j])) - exact)) <= 1e-14 * size
        assert abs(float(total[i]) - float(mpmath.fsum(rows[i].tolist()))) <= 1e-14 * float(np.abs(rows[i]).sum())
        assert abs(float(running[i, -1]) - float(mpmath.fsum(rows[i].tolist()))) <= 1e-14 * float(np.abs(rows[i]).sum())


def test_a_norm_and_a_rotation() -> None:
    x = real(2, 1, 3, 16)
    (normed,) = single("RMSNorm", [x, mx.array(1.0)], [1e-5], [("float32", x.shape)])
    row = [mpmath.mpf(float(v)) for v in np.array(x)[1, 0, 2]]
    # the state's 1e-5 came as the double that is written in the graph
    root = mpmath.sqrt(mpmath.fsum(v * v for v in row) / 16 + mpmath.mpf(1e-5))
    assert worst(normed[1, 0, 2], [v / root for v in row]) <= 2e-15
    (turned,) = single("RoPE", [x, mx.array(5)], [16, False, 10000.0, 1.0, True], [("float32", x.shape)])
    angles = [7 * mpmath.mpf(10000) ** (-mpmath.mpf(i) / 8) for i in range(8)]
    wanted = [row[i] * mpmath.cos(a) - row[i + 8] * mpmath.sin(a) for i, a in enumerate(angles)]
    wanted += [row[i] * mpmath.sin(a) + row[i + 8] * mpmath.cos(a) for i, a in enumerate(angles)]
    assert worst(turned[1, 0, 2], wanted) <= 1e-13


def test_a_fourier_transform_there_and_back() -> None:
    x = real(3, 21)
    (back,) = outputs_of(lambda x: mx.fft.irfft(mx.fft.rfft(x), n=21), x)
    assert np.abs(back - np.array(x)).max() <= 1e-15
    (spectrum,) = outputs_of(lambda x: mx.fft.fft(x), x)
    waves = np.exp(-2j * np.pi * np.outer(np.arange(21), np.arange(21)) / 21)
    assert np.abs(spectrum - np.array(x).astype(np.float64) @ waves).max() <= 1e-13


def test_halves_keep_their_value_and_are_not_rounded_again() -> None:
    x = real(50, dtype=mx.bfloat16)
    third, same = outputs_of(lambda x: [x / 3, x.astype(mx.float32).astype(mx.float16).astype(mx.bfloat16)], x)
    exact = np.array(x.astype(mx.float32)).astype(np.float64)
    assert np.array_equal(third, exact / 3) and np.array_equal(same, exact)


def test_bits_of_a_value_that_the_type_cannot_hold_are_those_of_the_nearest() -> None:
    draw = np.random.default_rng(3)
    numbers = np.concatenate(
        [draw.normal(size=2000) * 10.0 ** draw.integers(-42, 38, 2000), [0.0, -0.0, np.inf, -np.inf, 3.4e38, 1e39]]
    )
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.array_equal(narrowed(numbers, dtypes.BY_NAME["float32"]), numbers.astype(np.float32))
    # ml_dtypes rounds by way of float32, so only numbers that float32 holds can tell
    with np.errstate(over="ignore", invalid="ignore"):
        held = numbers.astype(np.float32).astype(np.float64)
        found, wanted = narrowed(held, dtypes.BY_NAME["bfloat16"]), held.astype(np.float32).astype(ml_dtypes.bfloat16)
    assert np.array_equal(found, wanted.view(np.uint16))


def test_a_convolution_of_ones_counts() -> None:
    x, w = mx.ones((1, 6, 6, 2)), mx.ones((1, 3, 3, 2))
    (found,) = outputs_of(lambda x, w: mx.conv2d(x, w, padding=1), x, w)
    edge = np.array([2, 3, 3, 3, 3, 2])
    assert np.array_equal(found[0, :, :, 0], 2 * np.outer(edge, edge))

"""Where elements are not numbers, not finite, tied, signed zeros, or integers at their limits: the reference against MLX."""

from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest
from references import check, outputs_of, real, single

from fairlead.errors import FairleadError

NAN, INF = float("nan"), float("inf")
SPECIAL = mx.array([NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e15])
LEFT, RIGHT = SPECIAL[:, None] + mx.zeros(10), mx.zeros((10, 1)) + SPECIAL
# adding 0 makes +0 of -0
ZEROS = mx.array([0.0, -0.0]), mx.array([-0.0, 0.0])


@pytest.mark.parametrize("name", ["exp", "abs", "sign", "round", "floor", "ceil", "sqrt", "rsqrt", "tanh", "sigmoid", "erf"])
def test_functions_of_what_is_not_finite(name: str) -> None:
    check(getattr(mx, name), SPECIAL)


@pytest.mark.parametrize("name", ["log", "log1p", "isnan", "isinf", "nan_to_num", "logical_not", "arctan", "negative", "erfinv"])
def test_more_functions_of_what_is_not_finite(name: str) -> None:
    check(getattr(mx, name), SPECIAL)


PAIRS = ["maximum", "minimum", "add", "multiply", "divide", "logaddexp", "equal", "less", "greater_equal", "arctan2"]


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_of_what_is_not_finite(name: str) -> None:
    check(getattr(mx, name), LEFT, RIGHT)


def test_rests_and_quotients_of_what_is_finite() -> None:
    numbers = mx.array([-7.0, 7.0, 6.5, -6.0, 6.0, -0.0, 5.0, -5.0, 1.0])
    divisors = mx.array([2.0, -2.0, -4.0, 3.0, -3.0, 3.0, INF, INF, 0.0])
    check(lambda x, y: [mx.remainder(x, y), *mx.divmod(x, y), mx.floor_divide(x, y)], numbers, divisors)


@pytest.mark.parametrize("function", [mx.maximum, mx.minimum, mx.add, mx.multiply, mx.remainder, mx.subtract])
def test_the_sign_of_zero(function: Callable) -> None:
    one, other = ZEROS if function is not mx.remainder else (mx.array([-6.0, 6.0]), mx.array([3.0, -3.0]))
    (found,) = outputs_of(function, one, other)
    assert np.signbit(found).tolist() == np.signbit(np.array(function(one, other))).tolist()


@pytest.mark.parametrize("function", [mx.negative, mx.round, mx.ceil, mx.abs, mx.sign, mx.sqrt, mx.stop_gradient])
def test_the_sign_of_zero_alone(function: Callable) -> None:
    x = mx.array([0.0, -0.0, -0.25, 0.25]) if function is not mx.sqrt else ZEROS[0]
    (found,) = outputs_of(function, x)
    assert np.signbit(found).tolist() == np.signbit(np.array(function(x))).tolist()


CASES: dict[str, Callable[[], None]] = {
    "halves round to even": lambda: check(mx.round, mx.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5])),
    "signs of integer quotients": lambda: check(
        lambda x, y: [*mx.divmod(x, y), mx.remainder(x, y), mx.floor_divide(x, y)],
        mx.array([-7, 7, -7, 7, 6, 0]),
        mx.array([2, -2, -2, 2, -4, -3]),
    ),
    "integers wrap": lambda: check(
        lambda x: [x + 1, x * x, mx.negative(x), mx.abs(x), mx.square(x), mx.sum(x), mx.prod(x), mx.cumsum(x)],
        mx.array([-128, 127, 100, -100], mx.int8),
    ),
    "unsigned integers wrap": lambda: check(
        lambda x: [x - 201, mx.negative(x), mx.sum(x), mx.prod(x), mx.cumprod(x), mx.sign(x)],
        mx.array([200, 255, 0, 3], mx.uint8),
    ),
    "integer powers wrap": lambda: check(mx.power, mx.array([3, -2, 0, -1, 2]), mx.array([30, 31, 0, 5, -1])),
    "booleans count": lambda: check(lambda b: [mx.sum(b), mx.cumsum(b), mx.max(b), mx.prod(b)], mx.array([True, True, False])),
    "ties": lambda: check(lambda x: [mx.argmax(x, 1), mx.argmin(x, 1)], mx.array([[3.0, 1, 3, 1], [0.0, -0.0, 0, -0.0]])),
    "a stable sort": lambda: check(lambda x: [mx.argsort(x), mx.argsort(-x), mx.sort(x)], mx.array([2, 1, 2, 1, 2, 1, 3, 1] * 5)),
    "NaN in an order": lambda: check(
        lambda x: [mx.argmax(x), mx.argmin(x), mx.sort(x), mx.argsort(x), mx.max(x), mx.min(x), mx.cummax(x), mx.cummin(x)],
        mx.array([1.0, NAN, 3.0, -INF, INF, NAN, 0.0]),
    ),
    "NaN in a search": lambda: check(mx.searchsorted, mx.array([1.0, 2, 2, 3]), mx.array([2.0, NAN, 0, 5])),
    "softmax of masked rows": lambda: check(
        lambda x: [mx.softmax(x, -1), mx.logsumexp(x, -1), mx.softmax(x, -1, precise=True)],
        mx.array([[-INF, -INF], [-INF, 1.0], [INF, 1.0], [NAN, 1.0], [-1e30, -1e30]]),
    ),
    "softmax of other axes": lambda: check(
        lambda x: [mx.softmax(x, 0), mx.logsumexp(x, 0), mx.logsumexp(x)], mx.array([[-INF, -INF, INF], [-INF, 1.0, 1.0]])
    ),
    "exclusive scans": lambda: check(
        lambda i: [f(i, 0, reverse=True, inclusive=False) for f in (mx.cumsum, mx.cumprod, mx.cummax, mx.cummin)],
        mx.array([[3, -1], [5, 2], [-7, 2]]),
    ),
    "nothing to reduce": lambda: check(lambda x: [mx.sum(x), mx.prod(x), mx.all(x > 0), mx.any(x > 0)], mx.zeros((0,))),
    "nothing at all": lambda: check(lambda x: [x @ mx.ones((3, 2)), mx.concatenate([x, x]), mx.exp(x), x.T], mx.zeros((0, 3))),
    "overlapping strides": lambda: check(lambda x: mx.as_strided(x, (3, 4, 2), (1, 0, 3), 2), real(12)),
    "indices below 0": lambda: check(
        lambda x, i: [x[i], mx.take_along_axis(x, i[:, None], 0), x.at[i].add(1), x.at[i].multiply(x[:3])],
        real(4, 3),
        mx.array([-1, -4, 3]),
    ),
    "one place written twice": lambda: check(lambda x, i: overwritten(x, i), real(4, 3), mx.array([1, 1])),
    "casts towards zero": lambda: check(
        lambda x: [x.astype(d) for d in (mx.int8, mx.int16, mx.int32, mx.int64, mx.uint8, mx.uint32, mx.uint64)],
        mx.array([-1.7, 1.7, -0.5, 300.5, -300.5, 2e9]),
    ),
    "casts to truth": lambda: check(lambda x: x.astype(mx.bool_), SPECIAL),
    "equal NaN": lambda: check(lambda x: [mx.array_equal(x, x, equal_nan=True), mx.array_equal(x, x)], SPECIAL),
}


def overwritten(x: mx.array, index: mx.array) -> mx.array:
    """Writes two rows to the places of an index."""
    copy = x + 0
    copy[index] = x[2:4]
    return copy


@pytest.mark.parametrize("name", CASES)
def test_edges(name: str) -> None:
    CASES[name]()


@pytest.mark.parametrize(
    ("function", "arrays", "message"),
    [
        (lambda x: x.astype(mx.int32), [SPECIAL], "nan has no int32"),
        (lambda x: x.astype(mx.int32), [mx.array([3e9])], r"3000000000.0 has no int32"),
        (lambda x: x.astype(mx.int64), [mx.array([2.0**63])], r"9.223372036854775808e\+18 has no int64|9.2.*has no int64"),
        (lambda x, y: x // y, [mx.array([1]), mx.array([0])], "divided by 0"),
        (lambda x, y: x % y, [mx.array([1]), mx.array([0])], "divided by 0"),
        (lambda x, y: mx.left_shift(x, y), [mx.array([1]), mx.array([32])], "outside the 32 bits"),
        (lambda x, i: x[i], [real(4), mx.array([4])], "index 4 is outside the 4"),
        (lambda x, i: x[i], [real(4), mx.array([-5])], "index -5 is outside the 4"),
        (lambda x, i: x.at[i].add(1), [real(4), mx.array([7])], "index 7 is outside the 4"),
        (lambda x, i: mx.take_along_axis(x, i, 0), [real(4), mx.array([9])], "index 9 is outside the 4"),
        (lambda x, i: mx.slice(x, i, (0,), (3,)), [real(4), mx.array([2])], "3 elements from 2 leave axis 0"),
        (lambda a, b, i: mx.gather_mm(a, b, None, i), [real(1, 2, 2), real(3, 2, 2), mx.array([3])], "index 3 is outside the 3"),
    ],
)
def test_refuses_what_has_no_answer(function: Callable, arrays: list[mx.array], message: str) -> None:
    with pytest.raises(FairleadError, match=rf"nodes\[[0-9]+\]: \w+: .*{message}"):
        outputs_of(function, *arrays)


def test_refuses_strides_that_leave_the_array() -> None:
    for strides, offset in (([1, 1000], 0), ([-1, 1], 0), ([1, 1], 8)):
        with pytest.raises(FairleadError, match="strides reach"):
            single("AsStrided", [real(9)], [[2, 2], strides, offset], [("float32", (2, 2))])

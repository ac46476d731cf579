"""Every primitive that MLX can trace on a CPU, in float64 against MLX in float32: random shapes, all dtypes that it takes."""

from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest
from references import bits, check, complexes, fractions, generator, real, whole

X, Y = real(5, 7), real(5, 7, seed=1)
U = fractions(4, 6)
C = complexes(4, 6)
I, J = whole(5, 7), whole(5, 7, seed=1)  # noqa: E741

ANY = ["abs", "negative", "exp", "expm1", "square", "sin", "cos", "tan", "tanh", "sinh", "cosh", "arctan", "arcsinh", "erf"]
ANY += ["sigmoid", "sign", "round", "ceil", "floor", "trunc", "isnan", "isfinite", "logical_not", "degrees", "nan_to_num"]
BETWEEN = ["arcsin", "arccos", "arctanh", "erfinv", "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "reciprocal"]
COMPLEX = [
    "abs",
    "negative",
    "exp",
    "square",
    "sin",
    "cos",
    "tan",
    "tanh",
    "sinh",
    "cosh",
    "sqrt",
    "rsqrt",
    "log",
    "log2",
    "log10",
]
COMPLEX += ["conjugate", "real", "imag", "sign", "arcsin", "arccos", "arctan", "arcsinh", "arctanh", "log1p"]
PAIRS = ["add", "subtract", "multiply", "divide", "maximum", "minimum", "logaddexp", "arctan2", "remainder", "floor_divide"]
PAIRS += [
    "divmod",
    "equal",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "isclose",
]
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
    draw = generator(40)
    limits = np.iinfo(str(dtype).removeprefix("mlx.core."))
    one = mx.array(draw.integers(limits.min, limits.max, (40,), dtype=limits.dtype, endpoint=True))
    other = mx.array(draw.integers(1, 100, (40,)).astype(limits.dtype))
    if limits.min < 0:
        other = mx.where(mx.arange(40) % 2 == 0, other, -other)
    check(getattr(mx, name), one, other, tolerance=1e-6)


CASES: dict[str, Callable[[], None]] = {
    "complex pairs": lambda: check(
        lambda x, y: [x + y, x - y, x * y, x / y, x == y, mx.power(x, y), mx.maximum(x, y)], C, C.T.reshape(4, 6)
    ),
    "hyperbolic": lambda: check(mx.arccosh, 1 + U),
    "power": lambda: check(mx.power, mx.abs(X), Y),
    "integer power": lambda: check(mx.power, I, mx.abs(J) % 5),
    "integer power below 0": lambda: check(mx.power, I, J % 3 - 1),
    "shifts": lambda: check(lambda x, y: [mx.left_shift(x, y), mx.right_shift(x, y)], I, mx.abs(J)),
    "truth of numbers": lambda: check(lambda x, y: [mx.logical_and(x, y), mx.logical_or(x, y), mx.logical_not(x)], I % 2, J % 2),
    "choice": lambda: check(mx.where, bits(5, 7), X, Y),
    "clip": lambda: check(lambda x: mx.clip(x, -0.5, 0.5), X),
    "casts": lambda: check(
        lambda x, i: [x.astype(d) for d in (mx.int32, mx.int8, mx.bool_, mx.complex64)] + [i.astype(mx.float32)], 20 * X, I
    ),
    "casts of integers": lambda: check(
        lambda i: [i.astype(d) for d in [*INTEGERS, mx.bool_, mx.float32]], whole(99, low=-70000, high=70000)
    ),
    "views": lambda: check(lambda x, i: [x.view(mx.int32), x.view(mx.uint8), i.view(mx.float16), i.view(mx.uint16)], X, I % 3),
    "views of halves": lambda: check(
        lambda x, h: [x.view(mx.int16), h.view(mx.uint8)], real(3, 4, dtype=mx.bfloat16), real(3, 4, dtype=mx.float16)
    ),
    "views that widen": lambda: check(lambda b: [b.view(mx.int32), b.view(mx.uint64)], whole(3, 16, dtype=mx.uint8)),
    "stop": lambda: check(lambda x, y: [mx.stop_gradient(x + 1), *mx.depends([x * 2, y], [x])], X, Y),
}


@pytest.mark.parametrize("name", CASES)
def test_primitives(name: str) -> None:
    CASES[name]()

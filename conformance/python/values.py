"""Numbers and dtypes of the cases."""

from collections.abc import Callable

import mlx.core as mx
import numpy as np

from cases import booleans, integers, uniform

FLOATS = (mx.float32, mx.float16, mx.bfloat16)
SIGNED = (mx.int8, mx.int16, mx.int32, mx.int64)
UNSIGNED = (mx.uint8, mx.uint16, mx.uint32, mx.uint64)
INTEGERS = (*SIGNED, *UNSIGNED)


def text(dtype: mx.Dtype) -> str:
    """`float32` for mx.float32."""
    return str(dtype).removeprefix("mlx.core.")


def values(rng: np.random.Generator, dtype: mx.Dtype, *shape: int, low: float = -3, high: float = 3) -> mx.array:
    """Numbers of any dtype within a range that the dtype has."""
    if dtype == mx.bool_:
        return booleans(rng, *shape)
    if dtype in FLOATS:
        return uniform(rng, low, high, *shape, dtype=dtype)
    return integers(rng, 0 if dtype in UNSIGNED else int(low * 4), int(high * 4), *shape, dtype=dtype)


SPECIAL = (0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, -2.5, 3.5)


def special(dtype: mx.Dtype) -> mx.array:
    """Zeros of both signs, infinities, NaN, ties."""
    return mx.array(np.array(SPECIAL, np.float32)).astype(dtype)


def beside(function: Callable[[mx.array], mx.array]) -> Callable[[mx.array], list[mx.array]]:
    """The function's result and its argument."""
    return lambda x: [function(x), x]


def evaluated(arrays: list[mx.array]) -> list[mx.array]:
    """The arrays as numbers, so that what makes them isn't exported with them."""
    mx.eval(arrays)
    return arrays

"""Values of the reference: every real floating type is float64, complex64 is complex128, integers and booleans are themselves."""

import mlx.core as mx
import numpy as np

from fairlead import dtypes
from fairlead.dtypes import DType

_FLOATS = frozenset({"float16", "bfloat16", "float32", "float64"})


def is_float(dtype: DType) -> bool:
    """Whether it is a real floating type."""
    return dtype.name in _FLOATS


def computed(dtype: DType) -> np.dtype:
    """The NumPy type in which values of a declared type are computed."""
    if is_float(dtype):
        return np.dtype(np.float64)
    if dtype.name == "complex64":
        return np.dtype(np.complex128)
    return dtype.storage


def of_mlx(array: mx.array) -> np.ndarray:
    """An MLX array as the reference computes with it; exact."""
    return widened(dtypes.to_numpy(array), dtypes.of(array))


def widened(stored: np.ndarray, dtype: DType) -> np.ndarray:
    """Elements in `dtype`'s storage type as the reference computes with them; exact."""
    if dtype.name == "bfloat16":
        stored = (stored.astype(np.uint32) << 16).view(np.float32)
    return np.asarray(stored.astype(computed(dtype)))


def narrowed(values: np.ndarray, dtype: DType) -> np.ndarray:
    """Elements in `dtype`'s storage type, rounded to nearest even where it can't hold them."""
    if dtype.name != "bfloat16":
        return np.asarray(values).astype(dtype.storage)
    # eight significant bits, fewer below the smallest normal number, so that no second rounding happens on the way
    _, exponent = np.frexp(values)
    step = np.ldexp(1.0, np.maximum(exponent, -125) - 8)
    rounded = np.where(np.isfinite(values), np.rint(values / step) * step, values)
    return (rounded.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)


def storable(array: np.ndarray) -> np.ndarray:
    """What a safetensors file can hold of it: complex128 becomes float64 with one more axis of two, the real part first."""
    if array.dtype.kind != "c":
        return array
    return np.stack([array.real, array.imag], axis=-1)
